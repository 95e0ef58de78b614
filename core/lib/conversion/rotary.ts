// Angles of rotary positions, with the scalings a config may name, as transformers computes them.
import { defaultYarnScale, ropeFactors } from './gguf-metadata.ts';
import type { ModelConfig } from './model-config.ts';

export interface Rotation {
  /** Position by position, headSize / 2 values each. */
  readonly cosine: Float32Array;
  readonly sine: Float32Array;
}

/** `positions` are places in a text. */
export function rotationOf(config: ModelConfig, positions: readonly number[]): Rotation {
  const half = config.headSize / 2;
  const frequencies = frequenciesOf(config);
  const scale = yarnScale(config);
  const cosine = new Float32Array(positions.length * half);
  const sine = new Float32Array(positions.length * half);
  for (const [place, position] of positions.entries()) {
    for (let index = 0; index < half; index += 1) {
      const angle = position * (frequencies[index] as number);
      cosine[place * half + index] = Math.cos(angle) * scale;
      sine[place * half + index] = Math.sin(angle) * scale;
    }
  }
  return { cosine, sine };
}

/** Radians a position, [headSize / 2]. */
function frequenciesOf(config: ModelConfig): Float64Array {
  const { ropeScaling, headSize, ropeBase } = config;
  const factors = ropeFactors(config);
  const share = yarnShares(config);
  return Float64Array.from({ length: headSize / 2 }, (_, index) => {
    const plain = 1 / ropeBase ** ((2 * index) / headSize);
    if (ropeScaling.kind === 'linear') return plain / ropeScaling.factor;
    if (ropeScaling.kind !== 'yarn') return plain / (factors?.[index] ?? 1);
    const kept = share[index] as number;
    return (plain / ropeScaling.factor) * (1 - kept) + plain * kept;
  });
}

/** Turns within the trained context above which a frequency is kept, and below which it is stretched: YaRN's defaults. */
const FAST_TURNS = 32;
const SLOW_TURNS = 1;

/** How much of each frequency YaRN keeps, 0 to 1: transformers' `_compute_yarn_parameters`. */
function yarnShares({ ropeScaling, headSize, ropeBase }: ModelConfig): readonly number[] {
  if (ropeScaling.kind !== 'yarn') return [];
  const place = (turns: number) =>
    (headSize * Math.log(ropeScaling.originalContext / (turns * 2 * Math.PI))) / (2 * Math.log(ropeBase));
  const low = Math.max(0, Math.floor(place(FAST_TURNS)));
  const high = Math.min(headSize - 1, Math.ceil(place(SLOW_TURNS)));
  const width = high === low ? 0.001 : high - low;
  return Array.from(
    { length: headSize / 2 },
    (_, index) => 1 - Math.min(1, Math.max(0, (index - low) / width)),
  );
}

/** What YaRN multiplies the rotation by, so that attention stays as sharp. */
function yarnScale({ ropeScaling }: ModelConfig): number {
  if (ropeScaling.kind !== 'yarn') return 1;
  return ropeScaling.attentionFactor ?? defaultYarnScale(ropeScaling.factor);
}
