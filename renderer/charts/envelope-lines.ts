// Series as lines: the raw envelope (every spike visible), and the smoothed line over it. Pure: a canvas or an SVG path takes them.
import { type Envelope, envelopeOf } from '../../core/lib/series/envelope.ts';
import { type ChartSeries, xOf } from './chart-series.ts';

export interface PlotArea {
  /** Pixels. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly from: number;
  readonly to: number;
  readonly logarithmicX: boolean;
  /** Value → canvas y. */
  readonly yOf: (value: number) => number;
  readonly lineWidth: number;
}

export interface PaintResult {
  readonly points: number;
  readonly notFinite: number;
  /** Pixels of columns in which a value was not a number or infinite. */
  readonly brokenAt: readonly number[];
}

/** Opacity of the raw data behind a smoothed line, and of what was logged for steps that were done again. */
export const RAW_BEHIND_SMOOTH = 0.32;
export const REPLACED = 0.22;

/** What takes a line: a canvas, or the path of an SVG file. */
export interface LineSink {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
}

/** Upright bars side by side: x, top, width and height in pixels. */
export type BarSink = (x: number, top: number, width: number, height: number) => void;

/**
 * A path to be stroked where a curve has room, bars to be filled where several points share every pixel column: a path that
 * runs up and down a thousand times costs a hundred times as much to stroke.
 */
export type EnvelopeStroke = { readonly opacity: number } & (
  | { readonly kind: 'line'; readonly lineWidth: number; readonly draw: (sink: LineSink) => void }
  | { readonly kind: 'bars'; readonly draw: (sink: BarSink) => void }
);

/** Gives what was replaced, the raw envelope, then the smoothed one where there is one, to `stroke`. */
export function strokeEnvelopes(
  series: ChartSeries,
  area: PlotArea,
  stroke: (line: EnvelopeStroke) => void,
): PaintResult {
  const columns = Math.max(1, Math.round(area.width));
  const range = { from: area.from, to: area.to, columns, logarithmic: area.logarithmicX };
  const x = xOf(series);
  for (const { x: oldX, values } of series.replaced ?? []) {
    const replaced = envelopeOf(oldX, values, range);
    stroke(strokeOf(replaced, area, { opacity: REPLACED, lineWidth: area.lineWidth }));
  }
  const raw = envelopeOf(x, series.values, range, series.summary);
  const { smoothed } = series;
  stroke(strokeOf(raw, area, { opacity: smoothed ? RAW_BEHIND_SMOOTH : 1, lineWidth: area.lineWidth }));
  if (smoothed) {
    const line = envelopeOf(x, smoothed, range, series.smoothedSummary);
    stroke(strokeOf(line, area, { opacity: 1, lineWidth: area.lineWidth * 1.6 }));
  }
  return { points: raw.points, notFinite: raw.notFinite, brokenAt: brokenColumns(raw, area) };
}

function brokenColumns(envelope: Envelope, area: PlotArea): readonly number[] {
  if (envelope.notFinite === 0) return [];
  const places: number[] = [];
  const columns = envelope.broken.length;
  for (let column = 0; column < columns; column += 1) {
    if (envelope.broken[column] !== 0) places.push(area.left + ((column + 0.5) / columns) * area.width);
  }
  return places;
}

function strokeOf(
  envelope: Envelope,
  area: PlotArea,
  { opacity, lineWidth }: { readonly opacity: number; readonly lineWidth: number },
): EnvelopeStroke {
  return isDense(envelope)
    ? { kind: 'bars', opacity, draw: (sink) => drawBars(sink, envelope, { area, lineWidth }) }
    : { kind: 'line', opacity, lineWidth, draw: (sink) => drawEnvelope(sink, envelope, area) };
}

/** Points enough for every column between the first and the last that has any, several for most of them. */
function isDense({ count }: Envelope): boolean {
  const first = count.findIndex((points) => points > 0);
  const last = count.findLastIndex((points) => points > 0);
  if (first < 0 || last - first < 2) return false;
  const span = count.subarray(first, last + 1);
  return span.every((points) => points > 0) && span.filter((points) => points > 1).length > span.length / 2;
}

/** One bar a column from its least to its largest value, which meets its neighbours half-way. */
function drawBars(
  sink: BarSink,
  envelope: Envelope,
  { area, lineWidth }: { readonly area: PlotArea; readonly lineWidth: number },
): void {
  const columns = envelope.count.length;
  const width = area.width / columns;
  const yOf = (values: Float64Array, column: number) => area.yOf(values[column] as number);
  /** Half-way from one column to the next. */
  const joint = (column: number): number | null =>
    (envelope.count[column] ?? 0) > 0 && (envelope.count[column + 1] ?? 0) > 0
      ? (yOf(envelope.last, column) + yOf(envelope.first, column + 1)) / 2
      : null;
  let before: number | null = null;
  for (let column = 0; column < columns; column += 1) {
    if ((envelope.count[column] as number) === 0) continue;
    const after = joint(column);
    let top = yOf(envelope.max, column);
    let bottom = yOf(envelope.min, column);
    for (const meeting of [before, after]) {
      if (meeting === null) continue;
      top = Math.min(top, meeting);
      bottom = Math.max(bottom, meeting);
    }
    sink(area.left + column * width, top - lineWidth / 2, width, bottom - top + lineWidth);
    before = after;
  }
}

/** One path: enter a column at its first value, run through min and max, leave at its last. */
function drawEnvelope(sink: LineSink, envelope: Envelope, area: PlotArea): void {
  let drawing = false;
  const columns = envelope.count.length;
  for (let column = 0; column < columns; column += 1) {
    const count = envelope.count[column] as number;
    if (count === 0) continue;
    const x = area.left + ((column + 0.5) / columns) * area.width;
    const first = area.yOf(envelope.first[column] as number);
    if (drawing) sink.lineTo(x, first);
    else sink.moveTo(x, first);
    drawing = true;
    if (count > 1) {
      sink.lineTo(x, area.yOf(envelope.min[column] as number));
      sink.lineTo(x, area.yOf(envelope.max[column] as number));
      sink.lineTo(x, area.yOf(envelope.last[column] as number));
    }
  }
}
