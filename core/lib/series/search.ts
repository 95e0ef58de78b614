// Binary search in ascending float64 columns.

/** Index of the first element ≥ target; length when there is none. */
export function lowerBound(column: Float64Array, target: number): number {
  let low = 0;
  let high = column.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((column[middle] as number) < target) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the element nearest to target; -1 for an empty column. */
export function nearestIndex(column: Float64Array, target: number): number {
  if (column.length === 0) return -1;
  const above = lowerBound(column, target);
  if (above === 0) return 0;
  if (above === column.length) return column.length - 1;
  return target - (column[above - 1] as number) <= (column[above] as number) - target ? above - 1 : above;
}
