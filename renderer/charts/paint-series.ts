// Paints the lines of a series on a canvas. Knows pixels and colours, nothing about axes or React.
import type { ChartSeries } from './chart-series.ts';
import { type PaintResult, type PlotArea, RAW_BEHIND_SMOOTH, strokeEnvelopes } from './envelope-lines.ts';

export function paintSeries(
  context: CanvasRenderingContext2D,
  series: ChartSeries,
  color: string,
  area: PlotArea,
): PaintResult {
  context.save();
  context.strokeStyle = color;
  context.lineJoin = 'round';
  const result = strokeEnvelopes(series, area, ({ isRaw, lineWidth, draw }) => {
    context.globalAlpha = isRaw && series.smoothed ? RAW_BEHIND_SMOOTH : 1;
    context.lineWidth = lineWidth;
    context.beginPath();
    draw(context);
    context.stroke();
  });
  context.restore();
  return result;
}
