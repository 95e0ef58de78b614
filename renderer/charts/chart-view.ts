// What part of the data a line chart shows: ranges of both axes after zooming, and what lies outside of them. Pure.
import { countOutside, robustRange, type ValuePiece } from '../../core/lib/series/robust-range.ts';
import { shownRange } from '../../core/lib/series/shown-range.ts';
import {
  type ChartAxes,
  type ChartSeries,
  type Extent,
  isWholePicture,
  padExtent,
  stepExtent,
  valueExtent,
  visiblePiece,
} from './chart-series.ts';

/** The x range that is drawn: the zoomed one, else all there is; never empty. */
export function visibleX(series: readonly ChartSeries[], axes: ChartAxes, zoom: Extent | null): Extent {
  return shownRange(zoom ?? widened(stepExtent(series), axes.xExtent), axes.logarithmicX);
}

function widened(own: Extent | null, least: Extent | undefined): Extent | null {
  if (own === null || least === undefined) return own ?? least ?? null;
  return { min: Math.min(own.min, least.min), max: Math.max(own.max, least.max) };
}

export interface VisibleY extends Extent {
  /** Finite points inside the x range whose values lie outside; NaN where only a picture of them is there. */
  readonly outside: number;
}

/** The value range of what is visible; `zoom` when a person chose one. */
export function visibleY(
  series: readonly ChartSeries[],
  axes: ChartAxes,
  x: Extent,
  zoom: Extent | null,
): VisibleY {
  const { logarithmicY: logarithmic } = axes;
  const pieces = () =>
    series.map(
      (one): ValuePiece => ({
        values: one.values,
        summary: one.summary ?? null,
        ...visiblePiece(one, x.min, x.max),
      }),
    );
  const isPicture = series.some(({ standsFor }) => standsFor !== undefined);
  const outsideOf = ({ min, max }: Extent) =>
    isPicture ? Number.NaN : pieces().reduce((sum, piece) => sum + countOutside(piece, min, max), 0);
  if (zoom) return { ...zoom, outside: outsideOf(zoom) };
  const all = withLevels(valueExtent(series, x.min, x.max, logarithmic), axes);
  if (!all) return { min: logarithmic ? 0.1 : 0, max: 1, outside: 0 };
  const padded = padExtent(all, logarithmic);
  if (axes.y !== 'robust') return { ...padded, outside: 0 };
  const known = knownMiddle(series, x);
  const middle = known ? known.middle : robustRange(pieces(), logarithmic);
  if (!middle || middle.max <= middle.min) return { ...padded, outside: 0 };
  // Never wider than what there is.
  const range = { min: Math.max(middle.min, padded.min), max: Math.min(middle.max, padded.max) };
  return { ...range, outside: known ? known.outside : outsideOf(range) };
}

/** The robust range of all points behind a picture of them, and how many lie outside; null where the points are there. */
function knownMiddle(
  series: readonly ChartSeries[],
  x: Extent,
): { readonly middle: Extent | null; readonly outside: number } | null {
  const all = series.flatMap(({ standsFor }) => standsFor ?? []);
  const [first] = all;
  if (!first || !isWholePicture(first, x)) return null;
  return { middle: first.middle, outside: all.reduce((sum, { outside }) => sum + outside, 0) };
}

function withLevels(own: Extent | null, { levels = [], logarithmicY }: ChartAxes): Extent | null {
  const values = levels.map(({ value }) => value).filter((value) => !logarithmicY || value > 0);
  if (values.length === 0) return own;
  const all = own === null ? values : [...values, own.min, own.max];
  return { min: Math.min(...all), max: Math.max(...all) };
}

/** Factor of one step of zooming with wheel or keys. */
export const ZOOM_STEP = 1.25;

/** The range after zooming by `factor` around a place (0 left, 1 right); null when everything fits. */
export function zoomedAround(view: Extent, all: Extent, at: number, factor: number): Extent | null {
  const span = view.max - view.min;
  const next = Math.min(span * factor, all.max - all.min);
  // Closer than doubles tell apart there is nothing to see.
  const least = Math.max(Math.abs(view.max), Math.abs(view.min), 1e-12) * 1e-12;
  if (next <= least) return view;
  const center = view.min + span * at;
  return held({ min: center - next * at, max: center + next * (1 - at) }, all);
}

/** The range moved by a share of its width, kept inside of what there is. */
export function panned(view: Extent, all: Extent, share: number): Extent | null {
  const shift = (view.max - view.min) * share;
  return held({ min: view.min + shift, max: view.max + shift }, all);
}

function held(range: Extent, all: Extent): Extent | null {
  const span = range.max - range.min;
  if (span >= all.max - all.min) return null;
  const min = Math.min(Math.max(range.min, all.min), all.max - span);
  return { min, max: min + span };
}
