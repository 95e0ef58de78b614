// Paints placed marks on a canvas. Knows pixels and colours only.
import type { ThemeColors } from './chart-colors.ts';
import type { PlacedMark } from './chart-marks.ts';
import { isFilled, MARK_DASHES, MARK_SIGNS, type MarkArea, markColor, RING_RADIUS } from './marks-svg.ts';

export function paintMarks(
  context: CanvasRenderingContext2D,
  placed: readonly PlacedMark[],
  area: MarkArea,
  colors: ThemeColors,
): void {
  const { left, top, height, ratio } = area;
  context.save();
  context.lineWidth = ratio;
  for (const mark of placed) {
    const x = Math.round(left + mark.x * ratio) + 0.5;
    context.strokeStyle = markColor(mark, colors);
    context.fillStyle = context.strokeStyle;
    if (mark.toX !== null) {
      context.globalAlpha = 0.08;
      context.fillRect(x, top, (mark.toX - mark.x) * ratio, height);
      context.globalAlpha = 1;
    }
    context.beginPath();
    if (mark.y !== null) {
      context.arc(x, top + mark.y * ratio, RING_RADIUS * ratio, 0, 2 * Math.PI);
      context.fillStyle = isFilled(mark) ? markColor(mark, colors) : colors.panel;
      context.fill();
      context.lineWidth = 1.75 * ratio;
      context.stroke();
      context.lineWidth = ratio;
      continue;
    }
    context.setLineDash(MARK_DASHES[mark.kind].map((length) => length * ratio));
    context.moveTo(x, top);
    context.lineTo(x, top + height);
    context.stroke();
    context.setLineDash([]);
    context.beginPath();
    for (const [dx, dy] of MARK_SIGNS[mark.kind]) context.lineTo(x + dx * ratio, top + dy * ratio);
    context.closePath();
    context.fill();
  }
  context.restore();
}
