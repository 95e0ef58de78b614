// Smoothing that does not depend on how much data there is or how often it was logged:
// a debiased exponential mean whose weight decays with the distance in steps, computed on all raw points.

/**
 * Smoothed values for every point. `span` is the distance in steps after which a point's weight has fallen to 1/e.
 * Points that are not finite are skipped and come out as NaN. span ≤ 0 returns the values themselves.
 */
export function smooth(steps: Float64Array, values: Float64Array, span: number): Float64Array {
  if (span <= 0) return values.slice();
  const result = new Float64Array(values.length);
  let weighted = 0;
  let weight = 0;
  let previousStep = Number.NaN;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] as number;
    const step = steps[index] as number;
    if (!Number.isFinite(value)) {
      result[index] = Number.NaN;
      continue;
    }
    const gap = Number.isNaN(previousStep) ? 0 : Math.max(0, step - previousStep);
    // A point stands for the interval since its predecessor, so dense and sparse logs of one curve agree.
    const decay = Math.exp(-gap / span);
    const share = Number.isNaN(previousStep) ? 1 - Math.exp(-1 / span) : 1 - decay;
    weighted = weighted * decay + value * share;
    weight = weight * decay + share;
    result[index] = weight > 0 ? weighted / weight : value;
    previousStep = step;
  }
  return result;
}
