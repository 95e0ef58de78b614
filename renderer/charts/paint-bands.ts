// Paints error bands and levels on a canvas. Knows pixels and colours only.
import type { ThemeColors } from './chart-colors.ts';
import { BAND_OPACITY, CAP_PX, type ErrorBands, WHISKER_OPACITY } from './error-bands.ts';
import { LEVEL_FONT_PX, levelColor, levelDash, type PlacedLevel } from './level-lines.ts';

export function paintErrorBands(
  context: CanvasRenderingContext2D,
  { stretches, hasWhiskers }: ErrorBands,
  color: string,
  ratio: number,
): void {
  context.save();
  context.fillStyle = color;
  context.strokeStyle = color;
  context.lineWidth = ratio;
  for (const stretch of stretches) {
    context.globalAlpha = BAND_OPACITY;
    context.beginPath();
    for (const { x, top } of stretch) context.lineTo(x, top);
    for (const { x, bottom } of stretch.toReversed()) context.lineTo(x, bottom);
    context.closePath();
    context.fill();
    if (!hasWhiskers) continue;
    context.globalAlpha = WHISKER_OPACITY;
    context.beginPath();
    for (const { x, top, bottom } of stretch) {
      const cap = CAP_PX * ratio;
      for (const [fromX, fromY, toX, toY] of [
        [x, top, x, bottom],
        [x - cap, top, x + cap, top],
        [x - cap, bottom, x + cap, bottom],
      ] as const) {
        context.moveTo(fromX, fromY);
        context.lineTo(toX, toY);
      }
    }
    context.stroke();
  }
  context.restore();
}

export function paintLevels(
  context: CanvasRenderingContext2D,
  placed: readonly PlacedLevel[],
  area: { readonly left: number; readonly top: number; readonly width: number; readonly ratio: number },
  colors: ThemeColors,
): void {
  const { left, top, width, ratio } = area;
  context.save();
  context.font = `${LEVEL_FONT_PX * ratio}px "Inter Variable", system-ui, sans-serif`;
  context.textAlign = 'right';
  context.lineWidth = ratio;
  for (const { level, y } of placed) {
    context.strokeStyle = levelColor(level, colors);
    context.setLineDash(levelDash(level).map((length) => length * ratio));
    context.beginPath();
    context.moveTo(left, top + y * ratio);
    context.lineTo(left + width, top + y * ratio);
    context.stroke();
  }
  context.setLineDash([]);
  // A rim in the colour of the ground keeps names readable on lines.
  context.lineWidth = 3 * ratio;
  context.lineJoin = 'round';
  for (const { level, textY } of placed) {
    const place = [left + width - 4 * ratio, top + textY * ratio] as const;
    context.strokeStyle = colors.panel;
    context.strokeText(level.label, ...place);
    context.fillStyle = level.color === null ? colors.faint : colors.ink;
    context.fillText(level.label, ...place);
  }
  context.restore();
}
