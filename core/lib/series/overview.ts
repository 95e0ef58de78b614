// The few points that draw the same picture as all of them at one width: of every pixel column the first and the last value, the least
// and the largest, and one that is no number where there is one. Real points, none made up: zoomed or read, they are still true.
// Assumes that x ascends; values may be NaN or infinite.
import type { ColumnBorders } from './column-borders.ts';

/** Of a pixel column at most so many points are kept for each line: first, last, least, largest, least above 0, no number. */
const MOST_KEPT = 6;

/**
 * Indices, ascending, of the points that make the picture of every line in `lines` (the values, and the smoothed ones where there are
 * any), which have as many points as the borders were found in. `envelopeOf` of them is that of all points, but for how many there are.
 */
export function overviewIndices(
  lines: readonly Float64Array[],
  { start, ends }: ColumnBorders,
): Uint32Array<ArrayBuffer> {
  const kept = new Uint32Array(ends.length * lines.length * MOST_KEPT);
  const own = new Uint32Array(lines.length * MOST_KEPT);
  let length = 0;
  let from = start;
  for (const to of ends) {
    let found = 0;
    for (const values of lines) found = keepPiece(values, from, to, own, found);
    const sorted = own.subarray(0, found).sort();
    for (let place = 0; place < found; place += 1) {
      const index = sorted[place] as number;
      if (place > 0 && index === sorted[place - 1]) continue;
      kept[length] = index;
      length += 1;
    }
    from = to;
  }
  return kept.slice(0, length);
}

/** Of one line and one pixel column; returns how many indices stand in `own` then. */
function keepPiece(values: Float64Array, from: number, to: number, own: Uint32Array, before: number): number {
  let found = before;
  let first = -1;
  let last = -1;
  let least = -1;
  let most = -1;
  let broken = -1;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let index = from; index < to; index += 1) {
    const value = values[index] as number;
    // False for NaN and infinities.
    if (value - value === 0) {
      if (first < 0) first = index;
      last = index;
      if (value < low) {
        low = value;
        least = index;
      }
      if (value > high) {
        high = value;
        most = index;
      }
    } else if (broken < 0) broken = index;
  }
  if (broken >= 0) {
    own[found] = broken;
    found += 1;
  }
  if (first < 0) return found;
  own[found] = first;
  own[found + 1] = last;
  own[found + 2] = least;
  own[found + 3] = most;
  found += 4;
  // A logarithmic axis begins at the least value above 0.
  const above = low > 0 ? -1 : leastAboveZero(values, from, to);
  if (above >= 0) {
    own[found] = above;
    found += 1;
  }
  return found;
}

function leastAboveZero(values: Float64Array, from: number, to: number): number {
  let low = Number.POSITIVE_INFINITY;
  let found = -1;
  for (let index = from; index < to; index += 1) {
    const value = values[index] as number;
    if (value > 0 && value < low) {
      low = value;
      found = index;
    }
  }
  return found;
}

/** The chosen points of a column. */
export function pickPoints(column: Float64Array, indices: Uint32Array): Float64Array<ArrayBuffer> {
  const picked = new Float64Array(indices.length);
  for (let place = 0; place < indices.length; place += 1)
    picked[place] = column[indices[place] as number] as number;
  return picked;
}
