// Quantiles of type 7: the default of NumPy, pandas and DuckDB's quantile_cont.

/** Ascending copy without NaN. */
export function sortedWithoutNaN(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort();
}

/** Quantile of already ascending values; `share` in [0, 1]; NaN for an empty column. */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number {
  if (!(share >= 0 && share <= 1)) throw new RangeError('A quantile is asked for as a share between 0 and 1');
  if (sorted.length === 0) return Number.NaN;
  const position = (sorted.length - 1) * share;
  const below = Math.floor(position);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.ceil(position)] ?? Number.NaN;
  // Equal neighbours are returned as they are: Infinity - Infinity would be NaN.
  return low === high ? low : low + (position - below) * (high - low);
}

/** Type 7 quantile of unordered values, NaN dropped: h = (n-1)q, x[floor h] + frac(h) * (x[ceil h] - x[floor h]). */
export function quantile(values: ArrayLike<number>, share: number): number {
  return quantileOfSorted(sortedWithoutNaN(values), share);
}
