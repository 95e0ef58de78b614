// Paints the lines of all series on a canvas. Knows pixels and colours, nothing about axes or React.
import type { Band, BandLayer } from './band-layer.ts';
import type { ChartSeries } from './chart-series.ts';
import { type BandHeights, type EnvelopeStroke, type PlotArea, strokeEnvelopes } from './envelope-lines.ts';

/** Half the width and the height of the sign at the bottom where a value was not a number, in line widths. */
const BROKEN_SIZE = 3.5;
/** A band whose edges move more than this from column to column, in line widths, is ragged: a path of it would cost too much. */
const RAGGED = 3;
/**
 * Pixels that all lines of a chart may go up and down before ragged ones are drawn as bands, which are not smooth at their edges:
 * twenty lines that went 3.6 million took a quarter of a second.
 */
const FAR = 300_000;

export interface PaintArea extends PlotArea {
  readonly brokenColor: string;
  readonly layer: BandLayer;
}

export interface ColoredSeries {
  readonly series: ChartSeries;
  readonly color: string;
}

/**
 * What comes first lies on top, but the haze of ragged curves lies below every line.
 * Returns the points inside the range and how many of them are not finite.
 */
export function paintSeries(
  context: CanvasRenderingContext2D,
  all: readonly ColoredSeries[],
  area: PaintArea,
): { readonly points: number; readonly notFinite: number } {
  const ragged: Band[] = [];
  const above: (() => void)[] = [];
  const strokes: { readonly stroke: EnvelopeStroke; readonly color: string }[] = [];
  let points = 0;
  let notFinite = 0;
  for (const { series, color } of all.toReversed()) {
    const result = strokeEnvelopes(series, area, (stroke) => strokes.push({ stroke, color }));
    points += result.points;
    notFinite += result.notFinite;
    if (result.brokenAt.length > 0) above.push(() => paintBroken(context, result.brokenAt, area));
  }
  const travel = strokes.reduce((sum, { stroke }) => sum + (stroke.kind === 'line' ? stroke.travel : 0), 0);
  const lines: (() => void)[] = [];
  for (const { stroke, color } of strokes) {
    const band = raggedBand(stroke, area, travel > FAR);
    if (band) ragged.push({ ...fromTop(band, area), opacity: stroke.opacity, color });
    else lines.push(() => paintStroke(context, stroke, color, area));
  }
  above.unshift(...lines);
  context.save();
  context.lineJoin = 'round';
  if (ragged.length > 0) area.layer.paint(context, ragged, area);
  for (const paint of above) paint();
  context.restore();
  return { points, notFinite };
}

/** Null for what is painted as a path. */
function raggedBand(stroke: EnvelopeStroke, area: PlotArea, isFar: boolean): BandHeights | null {
  const far = area.width * RAGGED * area.lineWidth;
  if (stroke.kind === 'line') return isFar && stroke.travel > far ? stroke.asBand() : null;
  const { tops, bottoms } = stroke;
  let moved = 0;
  for (let column = 1; column < tops.length; column += 1) {
    moved += Math.abs((tops[column] as number) - (tops[column - 1] as number));
    moved += Math.abs((bottoms[column] as number) - (bottoms[column - 1] as number));
  }
  return moved > 2 * far ? stroke : null;
}

function fromTop({ tops, bottoms }: BandHeights, { top }: PlotArea): BandHeights {
  return { tops: tops.map((y) => y - top), bottoms: bottoms.map((y) => y - top) };
}

function paintStroke(
  context: CanvasRenderingContext2D,
  stroke: EnvelopeStroke,
  color: string,
  area: PlotArea,
): void {
  context.globalAlpha = stroke.opacity;
  context.strokeStyle = color;
  context.fillStyle = color;
  context.beginPath();
  if (stroke.kind === 'band') {
    outline(context, stroke, area);
    context.fill();
    return;
  }
  context.lineWidth = stroke.lineWidth;
  stroke.draw(context);
  context.stroke();
}

/** Along the tops and back along the bottoms: through the middles of columns, and around those that stand out. */
function outline(context: CanvasRenderingContext2D, { tops, bottoms }: BandHeights, area: PlotArea): void {
  const { left, lineWidth } = area;
  const width = area.width / tops.length;
  let first = 0;
  while (first < tops.length && !isThere(tops, bottoms, first)) first += 1;
  let after = first;
  while (after < tops.length && isThere(tops, bottoms, after)) after += 1;
  const edge = (heights: Float64Array, column: number, from: number, to: number): void => {
    const y = heights[column] as number;
    const isFlat =
      column > first &&
      column < after - 1 &&
      Math.abs(y - (heights[column - 1] as number)) < lineWidth &&
      Math.abs(y - (heights[column + 1] as number)) < lineWidth;
    if (isFlat) context.lineTo(left + (column + 0.5) * width, y);
    else {
      context.lineTo(left + (column + from) * width, y);
      context.lineTo(left + (column + to) * width, y);
    }
  };
  for (let column = first; column < after; column += 1) edge(tops, column, 0, 1);
  for (let column = after - 1; column >= first; column -= 1) edge(bottoms, column, 1, 0);
}

function isThere(tops: Float64Array, bottoms: Float64Array, column: number): boolean {
  return (bottoms[column] as number) > (tops[column] as number);
}

function paintBroken(context: CanvasRenderingContext2D, places: readonly number[], area: PaintArea): void {
  context.globalAlpha = 1;
  context.fillStyle = area.brokenColor;
  const size = BROKEN_SIZE * area.lineWidth;
  const bottom = area.top + area.height;
  for (const x of places) {
    context.beginPath();
    context.moveTo(x - size, bottom);
    context.lineTo(x, bottom - 2 * size);
    context.lineTo(x + size, bottom);
    context.fill();
  }
}
