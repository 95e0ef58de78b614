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

export interface EnvelopeStroke {
  readonly opacity: number;
  readonly lineWidth: number;
  readonly draw: (sink: LineSink) => void;
}

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
    const draw = (sink: LineSink) => drawEnvelope(sink, replaced, area);
    stroke({ opacity: REPLACED, lineWidth: area.lineWidth, draw });
  }
  const raw = envelopeOf(x, series.values, range, series.summary);
  const { smoothed } = series;
  stroke({
    opacity: smoothed ? RAW_BEHIND_SMOOTH : 1,
    lineWidth: area.lineWidth,
    draw: (sink) => drawEnvelope(sink, raw, area),
  });
  if (smoothed) {
    const line = envelopeOf(x, smoothed, range, series.smoothedSummary);
    stroke({ opacity: 1, lineWidth: area.lineWidth * 1.6, draw: (sink) => drawEnvelope(sink, line, area) });
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
