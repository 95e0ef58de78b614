// Smoothing that does not depend on how much data there is or how often it was logged: a debiased exponential mean whose weight
// decays with the distance on the x axis (steps, or tokens where they are known), computed on all raw points.
// A prefix of a curve smooths to the prefix of the smoothed curve.

/** Smooths a column that grows: each point is looked at once. */
export interface Smoother {
  /** The smoothed value at the next point; NaN for a value that is not finite, which is otherwise passed over. */
  next(x: number, value: number): number;
}

/**
 * `span` is the distance on x after which a point's weight has fallen to 1/e. A point stands for the interval since its
 * predecessor, so dense and sparse logs of one curve agree; the first one, which has none, for an interval like the second's.
 */
export function createSmoother(span: number): Smoother {
  let weighted = 0;
  let weight = 0;
  let previousX = Number.NaN;
  let firstValue = Number.NaN;
  let knownGap = -1;
  let knownDecay = 1;
  return {
    next(x, value) {
      // False for NaN and infinities.
      if (value - value !== 0) return Number.NaN;
      if (Number.isNaN(previousX)) {
        previousX = x;
        firstValue = value;
        return value;
      }
      const gap = x > previousX ? x - previousX : 0;
      // Most logs are evenly spaced: the same gap again and again.
      if (gap !== knownGap) {
        knownGap = gap;
        knownDecay = Math.exp(-gap / span);
      }
      const share = 1 - knownDecay;
      if (weight === 0) {
        weighted = firstValue * share;
        weight = share;
      }
      weighted = weighted * knownDecay + value * share;
      weight = weight * knownDecay + share;
      if (x > previousX) previousX = x;
      return weight > 0 ? weighted / weight : value;
    },
  };
}

/** Smoothed values for every point; span ≤ 0 returns the values themselves. Points that are not finite come out as NaN. */
export function smooth(x: Float64Array, values: Float64Array, span: number): Float64Array {
  if (span <= 0) return values.slice();
  const smoother = createSmoother(span);
  const result = new Float64Array(values.length);
  for (let index = 0; index < values.length; index += 1)
    result[index] = smoother.next(x[index] as number, values[index] as number);
  return result;
}
