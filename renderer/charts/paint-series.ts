// Paints series on a canvas: the raw envelope (every spike visible), and the smoothed line over it.
// Knows pixels and colours, nothing about axes or React.
import { envelopeOf } from '../../core/lib/series/envelope.ts';
import type { ChartSeries } from './chart-series.ts';

export interface PlotArea {
  /** Canvas pixels. */
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
const RAW_BEHIND_SMOOTH = 0.32;

export function paintSeries(
  context: CanvasRenderingContext2D,
  series: ChartSeries,
  color: string,
  area: PlotArea,
): PaintResult {
  const columns = Math.max(1, Math.round(area.width));
  const range = { from: area.from, to: area.to, columns, logarithmic: area.logarithmicX };
  const raw = envelopeOf(series.steps, series.values, range);
  context.save();
  context.strokeStyle = color;
  context.lineJoin = 'round';
  context.globalAlpha = series.smoothed ? RAW_BEHIND_SMOOTH : 1;
  strokeEnvelope(context, raw, area, area.lineWidth);
  if (series.smoothed) {
    context.globalAlpha = 1;
    const smoothed = envelopeOf(series.steps, series.smoothed, range);
    strokeEnvelope(context, smoothed, area, area.lineWidth * 1.6);
  }
  context.restore();
  return { points: raw.points, notFinite: raw.notFinite };
}

/** One path: enter a column at its first value, run through min and max, leave at its last. */
function strokeEnvelope(
  context: CanvasRenderingContext2D,
  envelope: ReturnType<typeof envelopeOf>,
  area: PlotArea,
  lineWidth: number,
): void {
  context.lineWidth = lineWidth;
  context.beginPath();
  let drawing = false;
  const columns = envelope.count.length;
  for (let column = 0; column < columns; column += 1) {
    const count = envelope.count[column] as number;
    if (count === 0) continue;
    const x = area.left + ((column + 0.5) / columns) * area.width;
    const first = area.yOf(envelope.first[column] as number);
    if (drawing) context.lineTo(x, first);
    else context.moveTo(x, first);
    drawing = true;
    if (count > 1) {
      context.lineTo(x, area.yOf(envelope.min[column] as number));
      context.lineTo(x, area.yOf(envelope.max[column] as number));
      context.lineTo(x, area.yOf(envelope.last[column] as number));
    }
  }
  context.stroke();
}
