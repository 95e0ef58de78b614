// How far two models' opinions about the next token are apart, row by row of natural log-probabilities.

export interface DistributionsApart {
  readonly positions: number;
  /** Share of positions where both find the same token most likely. */
  readonly top1: number;
  /** Largest difference of a log-probability among the tokens the reference gives at least `LIKELY`. */
  readonly largestGap: number;
  /** Kullback-Leibler divergence of the converted model from the reference in nats: mean and largest. */
  readonly meanDivergence: number;
  readonly largestDivergence: number;
}

/** Below it a gap says more about rounding than about the model. */
export const LIKELY = 1e-4;

/** Both are rows of `vocabularySize` values. RangeError when they are not of one size. NaN in either makes it all NaN. */
export function compareDistributions(
  reference: Float32Array,
  converted: Float32Array,
  vocabularySize: number,
): DistributionsApart {
  if (reference.length !== converted.length || reference.length % vocabularySize !== 0) {
    throw new RangeError('The two distributions are not of one size');
  }
  const positions = reference.length / vocabularySize;
  let agreed = 0;
  let largestGap = 0;
  let sum = 0;
  let largest = 0;
  for (let start = 0; start < reference.length; start += vocabularySize) {
    const row = compareRow(
      reference.subarray(start, start + vocabularySize),
      converted.subarray(start, start + vocabularySize),
    );
    if (row.agrees) agreed += 1;
    largestGap = Math.max(largestGap, row.gap);
    sum += row.divergence;
    largest = Math.max(largest, row.divergence);
  }
  return {
    positions,
    top1: agreed / positions,
    largestGap,
    meanDivergence: sum / positions,
    largestDivergence: largest,
  };
}

function compareRow(a: Float32Array, b: Float32Array) {
  let bestA = 0;
  let bestB = 0;
  let gap = 0;
  let divergence = 0;
  const likely = Math.log(LIKELY);
  for (let index = 0; index < a.length; index += 1) {
    const x = a[index] as number;
    const y = b[index] as number;
    if (x > (a[bestA] as number)) bestA = index;
    if (y > (b[bestB] as number)) bestB = index;
    const probability = Math.exp(x);
    // A token that cannot be counts nothing; one the other calls impossible counts as far as a float reaches.
    if (probability > 0) divergence += probability * (x - Math.max(y, -103));
    if (!(x <= likely)) gap = Math.max(gap, Math.abs(x - y));
  }
  // Rounding can bring it a hair below zero.
  return { agrees: bestA === bestB, gap, divergence: divergence < 0 ? 0 : divergence };
}
