// The first picture of a chart of long curves: of each the points that draw it at one width, and what all of its points come to.
// Pure; looks at every point once, and at those of a curve that is summed up already only where it has to.
import { columnBorders } from './column-borders.ts';
import type { CurveColumns } from './curve-columns.ts';
import { overviewIndices, type OverviewLine, pickPoints } from './overview.ts';
import { countOutside, robustRange } from './robust-range.ts';
import { type Range, rangeOfColumns, shownRange } from './shown-range.ts';
import { createValueSummary, emptyPiece, type ValueSummary } from './value-summary.ts';

export interface OverviewAxes {
  readonly logarithmicX: boolean;
  readonly logarithmicY: boolean;
  readonly y: 'all' | 'robust';
  /** Pixels. */
  readonly columns: number;
}

export interface OverviewCurve extends CurveColumns {
  /** On the axis, and those of them that are no numbers or lie outside of `middle`. */
  readonly points: number;
  readonly notFinite: number;
  readonly outside: number;
}

export interface ChartOverview {
  /** In the order of the curves; null for those that are not there. */
  readonly curves: readonly (OverviewCurve | null)[];
  /** Of a robust axis: the range of values it is about. */
  readonly middle: Range | null;
}

/** `summary` of the values, where there is one that is up to date. */
export type SummedCurve = CurveColumns & { readonly summary?: ValueSummary };

export function chartOverview(curves: readonly (SummedCurve | null)[], axes: OverviewAxes): ChartOverview {
  const { logarithmicX, columns } = axes;
  const all = rangeOfColumns(curves.flatMap((curve) => (curve ? [curve.x] : [])));
  const shown = shownRange(all, logarithmicX);
  const range = { from: shown.min, to: shown.max, columns, logarithmic: logarithmicX };
  const placed = curves.map(
    (curve) =>
      curve && {
        curve,
        borders: columnBorders(curve.x, curve.values.length, range),
        summary: curve.summary ?? summaryOf(curve.values),
      },
  );
  const pieces = placed.map(
    (one) =>
      one && {
        values: one.curve.values,
        start: one.borders.start,
        end: one.borders.end,
        summary: one.summary,
      },
  );
  const middle =
    axes.y === 'robust'
      ? robustRange(
          pieces.filter((piece) => piece !== null),
          axes.logarithmicY,
        )
      : null;
  return {
    middle,
    curves: placed.map((one, place) => {
      const piece = pieces[place];
      if (!one || !piece) return null;
      const { curve, borders, summary } = one;
      const { values, smoothed } = curve;
      const lines = [{ values, summary }, ...(smoothed ? [lineOf(smoothed)] : [])];
      const whole = emptyPiece();
      summary.piece(piece.start, piece.end, whole);
      const kept = withEnds(overviewIndices(lines, borders), curve.values.length);
      return {
        ...picked(curve, kept),
        replaced: curve.replaced.map((old) => {
          const own = overviewIndices([lineOf(old.values)], columnBorders(old.x, old.values.length, range));
          return { x: pickPoints(old.x, own), values: pickPoints(old.values, own) };
        }),
        points: piece.end - piece.start,
        notFinite: whole.notFinite,
        outside: middle ? countOutside(piece, middle.min, middle.max) : 0,
      };
    }),
  };
}

function picked(
  { steps, x, values, smoothed }: CurveColumns,
  kept: Uint32Array,
): Pick<CurveColumns, 'steps' | 'x' | 'values' | 'smoothed'> {
  const ownSteps = pickPoints(steps, kept);
  return {
    steps: ownSteps,
    x: x === steps ? ownSteps : pickPoints(x, kept),
    values: pickPoints(values, kept),
    smoothed: smoothed && pickPoints(smoothed, kept),
  };
}

/** The first point decides where the axis begins, even where it is not drawn; the last one is read out. */
function withEnds(kept: Uint32Array, length: number): Uint32Array {
  const before = kept[0] === 0 ? [] : [0];
  const after = length < 2 || kept.at(-1) === length - 1 ? [] : [length - 1];
  return before.length + after.length === 0 ? kept : Uint32Array.of(...before, ...kept, ...after);
}

function lineOf(values: Float64Array): OverviewLine {
  return { values, summary: summaryOf(values) };
}

function summaryOf(values: Float64Array): ValueSummary {
  const summary = createValueSummary();
  summary.update(values);
  return summary;
}
