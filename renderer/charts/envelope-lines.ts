// Series as lines: the raw envelope (every spike visible), and the smoothed line over it. Pure: a canvas or an SVG path takes them.
import { type Envelope, envelopeOf } from '../../core/lib/series/envelope.ts';
import type { ChartSeries } from './chart-series.ts';

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
}

/** Opacity of the raw data behind a smoothed line. */
export const RAW_BEHIND_SMOOTH = 0.32;

/** What takes a line: a canvas, or the path of an SVG file. */
export interface LineSink {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
}

export interface EnvelopeStroke {
  readonly isRaw: boolean;
  readonly lineWidth: number;
  readonly draw: (sink: LineSink) => void;
}

/** Gives the raw envelope to `stroke`, then the smoothed one where there is one. */
export function strokeEnvelopes(
  series: ChartSeries,
  area: PlotArea,
  stroke: (line: EnvelopeStroke) => void,
): PaintResult {
  const columns = Math.max(1, Math.round(area.width));
  const range = { from: area.from, to: area.to, columns, logarithmic: area.logarithmicX };
  const raw = envelopeOf(series.steps, series.values, range);
  stroke({ isRaw: true, lineWidth: area.lineWidth, draw: (sink) => drawEnvelope(sink, raw, area) });
  if (series.smoothed) {
    const smoothed = envelopeOf(series.steps, series.smoothed, range);
    stroke({
      isRaw: false,
      lineWidth: area.lineWidth * 1.6,
      draw: (sink) => drawEnvelope(sink, smoothed, area),
    });
  }
  return { points: raw.points, notFinite: raw.notFinite };
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
