// The few points that draw the same picture as all of them at one width: of every pixel column the first and the last value, the least
// and the largest, and one that is no number where there is one. Real points, none made up: zoomed or read, they are still true.
// Assumes that x ascends; values may be NaN or infinite.
import type { ColumnBorders } from './column-borders.ts';
import { emptyPiece, type PieceSummary, type ValueSummary } from './value-summary.ts';

/** Of a pixel column at most so many points are kept for each line: first, last, least, largest, least above 0, no number. */
const MOST_KEPT = 6;

export interface OverviewLine {
  readonly values: Float64Array;
  /** Of these values. */
  readonly summary: ValueSummary;
}

/**
 * Indices, ascending, of the points that make the picture of every line (the values, and the smoothed ones where there are any), which
 * have as many points as the borders were found in. `envelopeOf` of them is that of all points, but for how many there are.
 */
export function overviewIndices(
  lines: readonly OverviewLine[],
  { start, ends }: ColumnBorders,
): Uint32Array<ArrayBuffer> {
  const kept = new Uint32Array(ends.length * lines.length * MOST_KEPT);
  const own: Kept = { indices: new Uint32Array(lines.length * MOST_KEPT), count: 0, piece: emptyPiece() };
  let length = 0;
  let from = start;
  for (const to of ends) {
    own.count = 0;
    if (to > from) for (const line of lines) keepPiece(line, from, to, own);
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
  readonly piece: PieceSummary;
}

function keep(own: Kept, index: number): void {
  own.indices[own.count] = index;
  own.count += 1;
}

/** Of one line and one pixel column. The summary says what is in it; where that stands is looked for. */
function keepPiece({ values, summary }: OverviewLine, from: number, to: number, own: Kept): void {
  const { piece } = own;
  summary.piece(from, to, piece);
  const { min, max, notFinite } = piece;
  if (notFinite > 0) {
    let broken = from;
    while (Number.isFinite(values[broken])) broken += 1;
    keep(own, broken);
    if (notFinite === to - from) return;
  }
  let first = from;
  while (!Number.isFinite(values[first])) first += 1;
  let last = to - 1;
  while (!Number.isFinite(values[last])) last -= 1;
  keep(own, first);
  keep(own, last);
  // They are there: the summary has seen them.
  keep(own, values.indexOf(min, first));
  keep(own, values.indexOf(max, first));
  // A logarithmic axis begins at the least value above 0.
  const above = min > 0 ? -1 : leastAboveZero(values, from, to);
  if (above >= 0) keep(own, above);
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
