// Mean squared error of a head on a batch and its gradient, written out by hand for this one architecture.
import { forward, type Head, zeroHead } from '../../core/lib/jql/head.ts';

/** Buffers reused from step to step; made once for the largest batch. */
export interface GradientBuffers {
  readonly gradient: Head;
  readonly activations: Float32Array;
  readonly scores: Float32Array;
}

export function gradientBuffers(inputs: number, hidden: number, batchSize: number): GradientBuffers {
  return {
    gradient: zeroHead(inputs, hidden),
    activations: new Float32Array(batchSize * hidden),
    scores: new Float32Array(batchSize),
  };
}

/**
 * Loss mean((score - label)^2) over the batch; `buffers.gradient` receives d loss / d parameter.
 * `features`: rows × inputs, `labels`: rows. Inputs are frozen, so no gradient flows into them.
 */
export function lossAndGradient(
  head: Head,
  features: Float32Array,
  labels: Float32Array,
  buffers: GradientBuffers,
): number {
  const { inputs, hidden, layer2Weight } = head;
  const rows = labels.length;
  const { gradient, activations } = buffers;
  const scores = buffers.scores.subarray(0, rows);
  forward(head, features, activations, scores);
  for (const part of parametersOf(gradient)) part.fill(0);

  let loss = 0;
  for (let row = 0; row < rows; row += 1) {
    const difference = (scores[row] as number) - (labels[row] as number);
    loss += (difference * difference) / rows;
    const scoreGradient = (2 * difference) / rows;
    gradient.layer2Bias[0] = (gradient.layer2Bias[0] as number) + scoreGradient;
    for (let unit = 0; unit < hidden; unit += 1) {
      const active = activations[row * hidden + unit] as number;
      if (active <= 0) continue;
      gradient.layer2Weight[unit] = (gradient.layer2Weight[unit] as number) + scoreGradient * active;
      const unitGradient = scoreGradient * (layer2Weight[unit] as number);
      gradient.layer1Bias[unit] = (gradient.layer1Bias[unit] as number) + unitGradient;
      addScaled(
        gradient.layer1Weight,
        unit * inputs,
        features.subarray(row * inputs, (row + 1) * inputs),
        unitGradient,
      );
    }
  }
  return loss;
}

function addScaled(target: Float32Array, start: number, source: Float32Array, factor: number): void {
  for (let index = 0; index < source.length; index += 1) {
    target[start + index] = (target[start + index] as number) + factor * (source[index] as number);
  }
}

/** The four parameter arrays in a fixed order: weights at 0 and 2, biases at 1 and 3. */
export function parametersOf(head: Head): readonly [Float32Array, Float32Array, Float32Array, Float32Array] {
  return [head.layer1Weight, head.layer1Bias, head.layer2Weight, head.layer2Bias];
}

/** Euclidean length of the whole gradient: what trainers log as `grad_norm`. */
export function gradientNorm(gradient: Head): number {
  let squares = 0;
  for (const part of parametersOf(gradient)) {
    for (let index = 0; index < part.length; index += 1) squares += (part[index] as number) ** 2;
  }
  return Math.sqrt(squares);
}
