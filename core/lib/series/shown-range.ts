// The range of x that is drawn while nothing is zoomed: the same wherever a curve is prepared to be drawn. Pure.

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** Of what there is; never empty. A logarithmic axis begins at 1 at the least. */
export function shownRange(all: Range | null, logarithmic: boolean): Range {
  const range = all ?? { min: 0, max: 1 };
  const min = logarithmic ? Math.max(range.min, 1) : range.min;
  return { min, max: range.max > min ? range.max : min + 1 };
}

/** From the least first to the largest last x of columns that ascend; null when none has a point. */
export function rangeOfColumns(columns: readonly Float64Array[]): Range | null {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const x of columns) {
    if (x.length === 0) continue;
    min = Math.min(min, x[0] as number);
    max = Math.max(max, x[x.length - 1] as number);
  }
  return min <= max ? { min, max } : null;
}
