// Which points fall into which pixel column: found by jumping from border to border, not by looking at each point. Curves that
// share their steps share the answer.
import { lowerBound } from './search.ts';

export interface ColumnRange {
  /** Steps at the left and right edge. */
  readonly from: number;
  readonly to: number;
  readonly columns: number;
  /** On a logarithmic axis column borders are spaced by log10(step). */
  readonly logarithmic?: boolean;
}

export interface ColumnBorders {
  /** Indices of the first point with from ≤ step and of the one after the last with step ≤ to. */
  readonly start: number;
  readonly end: number;
  /** Index after the last point of each column; the first column begins at `start`. */
  readonly ends: Uint32Array;
}

/** Of the first `length` steps, which ascend. */
export function columnBorders(steps: Float64Array, length: number, range: ColumnRange): ColumnBorders {
  const { columns } = range;
  const start = lowerBound(steps, range.from);
  const end = Math.max(start, upperBound(steps, range.to, length));
  const place = placeOf(range);
  const ends = new Uint32Array(columns);
  let index = start;
  // Points are often spread evenly: the next border is as far away as the last one was.
  let stride = Math.max(1, Math.round((end - start) / columns));
  for (let column = 0; column < columns - 1; column += 1) {
    const border = column + 1;
    let low = index;
    let high = Math.min(end, index + stride);
    if (high < end && place(steps[high] as number) < border) {
      for (let jump = 1; high < end && place(steps[high] as number) < border; jump *= 2) {
        low = high + 1;
        high = Math.min(end, high + jump);
      }
    } else {
      let beyond = high;
      for (let jump = 1; high > low && place(steps[high - 1] as number) >= border; jump *= 2) {
        beyond = high - 1;
        high = Math.max(low, high - jump);
      }
      low = high;
      high = beyond;
    }
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (place(steps[middle] as number) < border) low = middle + 1;
      else high = middle;
    }
    stride = Math.max(1, low - index);
    ends[column] = low;
    index = low;
  }
  if (columns > 0) ends[columns - 1] = end;
  return { start, end, ends };
}

/** Where a step stands, in columns from the left edge. */
export function placeOf(range: ColumnRange): (step: number) => number {
  const { columns, logarithmic = false } = range;
  const from = logarithmic ? Math.log10(range.from) : range.from;
  const to = logarithmic ? Math.log10(range.to) : range.to;
  const scale = to > from ? columns / (to - from) : 0;
  return logarithmic ? (step) => (Math.log10(step) - from) * scale : (step) => (step - from) * scale;
}

/** Index after the last element ≤ target, at most `length`. */
function upperBound(column: Float64Array, target: number, length: number): number {
  let low = 0;
  let high = Math.min(column.length, length);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((column[middle] as number) <= target) low = middle + 1;
    else high = middle;
  }
  return low;
}
