// What a line chart draws: columns that live outside React, with a name and a fixed colour number.
import { lowerBound } from '../../core/lib/series/search.ts';
import { type Range, rangeOfColumns } from '../../core/lib/series/shown-range.ts';
import { emptyPiece, type ValueSummary } from '../../core/lib/series/value-summary.ts';
import type { ChartLevel } from './level-lines.ts';
import type { XAxisKind } from './x-axis-kind.ts';

export interface ChartSeries {
  readonly id: string;
  readonly label: string;
  /** 0-based number of the series colour; stays with its run everywhere. */
  readonly color: number;
  /** Training steps, ascending. */
  readonly steps: Float64Array;
  /** Where each point stands on the x axis, ascending; the steps themselves when absent. */
  readonly x?: Float64Array;
  readonly values: Float64Array;
  /** Smoothed values from the first point on, or null when smoothing is off. */
  readonly smoothed: Float64Array | null;
  /** Of `values` and `smoothed`: makes large columns quick. */
  readonly summary?: ValueSummary | null;
  readonly smoothedSummary?: ValueSummary | null;
  /** Half the height of the band around each point that says how sure it is; NaN where that is not known. */
  readonly errors?: Float64Array;
  /** What earlier attempts logged for steps that were done again: drawn faint. */
  readonly replaced?: readonly ReplacedPoints[];
  /**
   * Set where the columns hold only the points that draw the picture of a longer curve (core/lib/series/overview.ts), the first and the
   * last among them: what all of its points come to.
   */
  readonly standsFor?: AllPoints;
}

export interface AllPoints {
  readonly total: number;
  /** The range of x in which the picture is that of all points. */
  readonly x: Extent;
  /** In that range: how many, how many of them are no numbers, how many lie outside of `middle`. */
  readonly points: number;
  readonly notFinite: number;
  readonly outside: number;
  /** The range of a robust axis, of all series of the chart. */
  readonly middle: Extent | null;
}

/** Of a series that stands for a longer one: whether what is drawn in this range is what all of its points draw. */
export function isWholePicture({ x }: AllPoints, range: Extent): boolean {
  return x.min === range.min && x.max === range.max;
}

export interface ReplacedPoints {
  readonly x: Float64Array;
  readonly values: Float64Array;
}

export interface ChartAxes {
  readonly logarithmicX: boolean;
  readonly logarithmicY: boolean;
  /** What x means: steps when absent. */
  readonly x?: XAxisKind;
  /** `robust`: a few points far away do not decide the scale, and the chart says how many lie outside. */
  readonly y?: 'all' | 'robust';
  /** At least this range of x is shown while nothing is zoomed, so that charts below each other stand on one axis. */
  readonly xExtent?: Extent;
  /** Values that stand still; the value axis always holds them. */
  readonly levels?: readonly ChartLevel[];
}

export type Extent = Range;

/** The x column of a series. */
export function xOf(series: ChartSeries): Float64Array {
  return series.x ?? series.steps;
}

/** Range of x over all series; null when there is no point. */
export function stepExtent(series: readonly ChartSeries[]): Extent | null {
  return rangeOfColumns(series.map(xOf));
}

/** Range of finite values (positive ones on a logarithmic axis) inside [from, to]; null when there is none. */
export function valueExtent(
  series: readonly ChartSeries[],
  from: number,
  to: number,
  positiveOnly: boolean,
): Extent | null {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  const piece = emptyPiece();
  for (const one of series) {
    const { start, end } = visiblePiece(one, from, to);
    if (one.summary && one.errors === undefined) {
      one.summary.piece(start, end, piece);
      if (!positiveOnly || piece.min > 0) {
        min = Math.min(min, piece.min);
        max = Math.max(max, piece.max);
        continue;
      }
    }
    for (let index = start; index < end; index += 1) {
      const value = one.values[index] as number;
      if (!Number.isFinite(value) || (positiveOnly && value <= 0)) continue;
      const error = one.errors?.[index] ?? 0;
      const half = Number.isFinite(error) ? error : 0;
      if (value - half < min) min = positiveOnly && value <= half ? Math.min(min, value) : value - half;
      if (value + half > max) max = value + half;
    }
  }
  return min <= max ? { min, max } : null;
}

/** Indices of the points with from ≤ x ≤ to. */
export function visiblePiece(
  series: ChartSeries,
  from: number,
  to: number,
): { readonly start: number; readonly end: number } {
  const x = xOf(series);
  const start = lowerBound(x, from);
  let end = lowerBound(x, to);
  while (end < x.length && x[end] === to) end += 1;
  return { start, end: Math.max(start, end) };
}

/** A little room above and below, so that the line does not touch the frame; never inverts or collapses. */
export function padExtent(extent: Extent, logarithmic: boolean): Extent {
  if (logarithmic) return { min: extent.min / 1.15, max: extent.max * 1.15 };
  const span = extent.max - extent.min;
  const room = span > 0 ? span * 0.06 : Math.abs(extent.max) * 0.05 || 1;
  return { min: extent.min - room, max: extent.max + room };
}
