// Min/max envelope: what a million points look like on a thousand pixels without hiding a single spike.
// Assumes steps ascend; values may be NaN or infinite.
import { type ColumnBorders, columnBorders, type ColumnRange, placeOf } from './column-borders.ts';
import { emptyPiece, type ValueSummary } from './value-summary.ts';

/** One entry a pixel column. Columns without finite points have `count` 0 and NaN in `min`, `max`, `first`, `last`. */
export interface Envelope {
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly first: Float64Array;
  readonly last: Float64Array;
  /** Finite points of a column, and those that are not finite. */
  readonly count: Uint32Array;
  readonly broken: Uint32Array;
  /** Points inside the range, and how many of them are not finite. */
  readonly points: number;
  readonly notFinite: number;
}

export type EnvelopeRange = ColumnRange;

/** Below this many points a pixel column a summary saves nothing. */
const WORTH_A_SUMMARY = 16;

/** What makes it quick, where it is there. */
export interface KnownOfColumn {
  /** Of the values: with it the same answer needs no look at each point. */
  readonly summary?: ValueSummary | null | undefined;
  /** Of the same range and as many steps. */
  readonly borders?: ColumnBorders | null;
}

/** Envelope of the points with from ≤ step ≤ to. Every finite point lies between `min` and `max` of its column. */
export function envelopeOf(
  steps: Float64Array,
  values: Float64Array,
  range: EnvelopeRange,
  { summary = null, borders = null }: KnownOfColumn = {},
): Envelope {
  const { columns } = range;
  const drawn = emptyEnvelope(columns);
  const isWorthIt = summary !== null && values.length > columns * WORTH_A_SUMMARY;
  const found = borders ?? columnBorders(steps, values.length, isWorthIt ? range : { ...range, columns: 0 });
  const points = found.end - found.start;
  const notFinite =
    summary !== null && points > columns * WORTH_A_SUMMARY
      ? fillFromSummary(drawn, values, found, summary)
      : fillFromPoints(drawn, { steps, values }, found, range);
  return { ...drawn, points, notFinite };
}

type Columns = Omit<Envelope, 'points' | 'notFinite'>;

function emptyEnvelope(columns: number): Columns {
  return {
    min: new Float64Array(columns).fill(Number.NaN),
    max: new Float64Array(columns).fill(Number.NaN),
    first: new Float64Array(columns).fill(Number.NaN),
    last: new Float64Array(columns).fill(Number.NaN),
    count: new Uint32Array(columns),
    broken: new Uint32Array(columns),
  };
}

function fillFromPoints(
  drawn: Columns,
  { steps, values }: { readonly steps: Float64Array; readonly values: Float64Array },
  { start, end }: ColumnBorders,
  range: EnvelopeRange,
): number {
  const { min, max, first, last, count, broken } = drawn;
  const place = placeOf(range);
  let notFinite = 0;
  for (let index = start; index < end; index += 1) {
    const value = values[index] as number;
    const at = place(steps[index] as number);
    const column = at >= range.columns ? range.columns - 1 : at < 0 ? 0 : Math.floor(at);
    if (!Number.isFinite(value)) {
      notFinite += 1;
      broken[column] = (broken[column] as number) + 1;
      continue;
    }
    if (count[column] === 0) {
      min[column] = value;
      max[column] = value;
      first[column] = value;
    } else if (value < (min[column] as number)) min[column] = value;
    else if (value > (max[column] as number)) max[column] = value;
    last[column] = value;
    count[column] = (count[column] as number) + 1;
  }
  return notFinite;
}

function fillFromSummary(
  drawn: Columns,
  values: Float64Array,
  { start, ends }: ColumnBorders,
  summary: ValueSummary,
): number {
  const found = emptyPiece();
  let notFinite = 0;
  let index = start;
  for (let column = 0; column < ends.length; column += 1) {
    const next = ends[column] as number;
    if (next === index) continue;
    summary.piece(index, next, found);
    notFinite += found.notFinite;
    drawn.broken[column] = found.notFinite;
    const finite = next - index - found.notFinite;
    if (finite > 0) {
      drawn.count[column] = finite;
      drawn.min[column] = found.min;
      drawn.max[column] = found.max;
      let first = index;
      while (first < next && !Number.isFinite(values[first])) first += 1;
      let last = next - 1;
      while (last > first && !Number.isFinite(values[last])) last -= 1;
      drawn.first[column] = values[first] as number;
      drawn.last[column] = values[last] as number;
    }
    index = next;
  }
  return notFinite;
}
