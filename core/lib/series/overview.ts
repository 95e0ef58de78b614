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
  const own: Kept = { indices: new Uint32Array(lines.length * MOST_KEPT), count: 0 };
  let length = 0;
  let from = start;
  for (const to of ends) {
    own.count = 0;
    for (const values of lines) keepPiece(values, from, to, own);
    const sorted = own.indices.subarray(0, own.count).sort();
    for (let place = 0; place < sorted.length; place += 1) {
      const index = sorted[place] as number;
      if (place > 0 && index === sorted[place - 1]) continue;
      kept[length] = index;
      length += 1;
    }
    from = to;
  }
  return kept.slice(0, length);
}

interface Kept {
  readonly indices: Uint32Array;
  count: number;
}

function keep(own: Kept, index: number): void {
  if (index < 0) return;
  own.indices[own.count] = index;
  own.count += 1;
}

/** Of one line and one pixel column. */
function keepPiece(values: Float64Array, from: number, to: number, own: Kept): void {
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
  for (const index of [broken, first, last, least, most]) keep(own, index);
  // A logarithmic axis begins at the least value above 0.
  if (first >= 0 && low <= 0) keep(own, leastAboveZero(values, from, to));
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
