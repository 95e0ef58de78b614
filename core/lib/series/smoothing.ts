// Smoothing that does not depend on how much data there is or how often it was logged: a debiased exponential mean whose weight
// decays with the distance on the x axis (steps, or tokens where they are known), computed on all raw points.
// A prefix of a curve smooths to the prefix of the smoothed curve.

/** Smooths a column that grows: each point is looked at once. */
export interface Smoother {
  /**
   * Smooths the points [from, to) of two columns into the same places of a third; they follow those of the call before. NaN for a value
   * that is not finite, which is otherwise passed over.
   */
  run(columns: SmoothedColumns, from: number, to: number): void;
}

export interface SmoothedColumns {
  readonly x: Float64Array;
  readonly values: Float64Array;
  readonly into: Float64Array;
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
  let gap = -1;
  let decay = 1;

  /** What is before the second finite point; returns the index of that one, or `to`. */
  function begin({ x, values, into }: SmoothedColumns, from: number, to: number): number {
    for (let index = from; index < to; index += 1) {
      const value = values[index] as number;
      if (!Number.isFinite(value)) into[index] = Number.NaN;
      else if (Number.isNaN(previousX)) {
        previousX = x[index] as number;
        firstValue = value;
        into[index] = value;
      } else return index;
    }
    return to;
  }

  return {
    run(columns, from, to) {
      const { x, values, into } = columns;
      const second = weight === 0 ? begin(columns, from, to) : from;
      // In variables of this call: four times as fast as those around it.
      let [sum, total, before, ownGap, ownDecay] = [weighted, weight, previousX, gap, decay];
      for (let index = second; index < to; index += 1) {
        const value = values[index] as number;
        // False for NaN and infinities.
        if (value - value !== 0) {
          into[index] = Number.NaN;
          continue;
        }
        const at = x[index] as number;
        const next = at > before ? at - before : 0;
        // Most logs are evenly spaced: the same gap again and again.
        if (next !== ownGap) {
          ownGap = next;
          ownDecay = Math.exp(-next / span);
        }
        const share = 1 - ownDecay;
        if (total === 0) {
          sum = firstValue * share;
          total = share;
        }
        sum = sum * ownDecay + value * share;
        total = total * ownDecay + share;
        if (at > before) before = at;
        into[index] = total > 0 ? sum / total : value;
      }
      [weighted, weight, previousX, gap, decay] = [sum, total, before, ownGap, ownDecay];
    },
  };
}

/** Smoothed values for every point; span ≤ 0 returns the values themselves. Points that are not finite come out as NaN. */
export function smooth(x: Float64Array, values: Float64Array, span: number): Float64Array {
  if (span <= 0) return values.slice();
  const into = new Float64Array(values.length);
  createSmoother(span).run({ x, values, into }, 0, values.length);
  return into;
}
