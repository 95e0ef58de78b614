// Angles of rotary positions, with the scalings a config may name, as transformers computes them.
import { ropeFactors } from './gguf-metadata.ts';
import type { ModelConfig } from './model-config.ts';

export interface Rotation {
  /** Position by position, headSize / 2 values each. */
  readonly cosine: Float32Array;
  readonly sine: Float32Array;
}

/** `positions` are places in a text. Null for a scaling whose reference is not computed here (YaRN). */
export function rotationOf(config: ModelConfig, positions: readonly number[]): Rotation | null {
  const { ropeScaling, headSize, ropeBase } = config;
  if (ropeScaling.kind === 'yarn') return null;
  const half = headSize / 2;
  const factors = ropeFactors(config);
  const stretch = ropeScaling.kind === 'linear' ? ropeScaling.factor : 1;
  const cosine = new Float32Array(positions.length * half);
  const sine = new Float32Array(positions.length * half);
  for (const [place, position] of positions.entries()) {
    for (let index = 0; index < half; index += 1) {
      const frequency = 1 / ropeBase ** ((2 * index) / headSize) / (factors?.[index] ?? 1) / stretch;
      const angle = position * frequency;
      cosine[place * half + index] = Math.cos(angle);
      sine[place * half + index] = Math.sin(angle);
    }
  }
  return { cosine, sine };
}
