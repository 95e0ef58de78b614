// Paints the lines of a series on a canvas. Knows pixels and colours, nothing about axes or React.
import type { ChartSeries } from './chart-series.ts';
import { type PaintResult, type PlotArea, strokeEnvelopes } from './envelope-lines.ts';

/** Half the width and the height of the sign at the bottom where a value was not a number, in line widths. */
const BROKEN_SIZE = 3.5;

export function paintSeries(
  context: CanvasRenderingContext2D,
  series: ChartSeries,
  color: string,
  area: PlotArea & { readonly brokenColor: string },
): PaintResult {
  context.save();
  context.strokeStyle = color;
  context.lineJoin = 'round';
  context.fillStyle = color;
  const result = strokeEnvelopes(series, area, (stroke) => {
    context.globalAlpha = stroke.opacity;
    if (stroke.kind === 'bars') {
      stroke.draw((x, top, width, height) => context.fillRect(x, top, width, height));
      return;
    }
    context.lineWidth = stroke.lineWidth;
    context.beginPath();
    stroke.draw(context);
    context.stroke();
  });
  context.globalAlpha = 1;
  context.fillStyle = area.brokenColor;
  const size = BROKEN_SIZE * area.lineWidth;
  const bottom = area.top + area.height;
  for (const x of result.brokenAt) {
    context.beginPath();
    context.moveTo(x - size, bottom);
    context.lineTo(x, bottom - 2 * size);
    context.lineTo(x + size, bottom);
    context.fill();
  }
  context.restore();
  return result;
}
