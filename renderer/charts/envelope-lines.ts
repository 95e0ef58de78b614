// Series as lines: the raw envelope (every spike visible), and the smoothed line over it. Pure: a canvas or an SVG path takes them.
import { columnBorders } from '../../core/lib/series/column-borders.ts';
import { type Envelope, envelopeOf } from '../../core/lib/series/envelope.ts';
import { type ChartSeries, isWholePicture, xOf } from './chart-series.ts';

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
  /** NaN where a picture of the points is zoomed: how many there are is known when they have come. */
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

/** From a top to a bottom in every pixel column, the width of the line included. Pixels; both 0 where there is nothing. */
export interface BandHeights {
  readonly tops: Float64Array;
  readonly bottoms: Float64Array;
}

/** A path to be stroked where a curve has room; a band to be filled where several points share every pixel column. */
export type EnvelopeStroke = { readonly opacity: number } & (
  | {
      readonly kind: 'line';
      readonly lineWidth: number;
      readonly draw: (sink: LineSink) => void;
      /** How far the path goes up and down, pixels: what it costs to stroke. */
      readonly travel: number;
      /** The same line as a band, whose cost does not depend on that. */
      readonly asBand: () => BandHeights;
    }
  | ({ readonly kind: 'band' } & BandHeights)
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
  const { smoothed, values } = series;
  // Both lines have the same points in a column.
  const borders = smoothed?.length === values.length ? columnBorders(x, values.length, range) : null;
  const raw = envelopeOf(x, values, range, { summary: series.summary, borders });
  stroke(strokeOf(raw, area, { opacity: smoothed ? RAW_BEHIND_SMOOTH : 1, lineWidth: area.lineWidth }));
  if (smoothed) {
    const line = envelopeOf(x, smoothed, range, { summary: series.smoothedSummary, borders });
    stroke(strokeOf(line, area, { opacity: 1, lineWidth: area.lineWidth * 1.6 }));
  }
  return { ...countsOf(series, raw, area), brokenAt: brokenColumns(raw, area) };
}

function countsOf(
  { standsFor }: ChartSeries,
  { points, notFinite }: Envelope,
  { from, to }: PlotArea,
): Pick<PaintResult, 'points' | 'notFinite'> {
  if (!standsFor) return { points, notFinite };
  return isWholePicture(standsFor, { min: from, max: to })
    ? { points: standsFor.points, notFinite: standsFor.notFinite }
    : { points: Number.NaN, notFinite: 0 };
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
    ? { kind: 'band', opacity, ...bandOf(envelope, area, lineWidth) }
    : {
        kind: 'line',
        opacity,
        lineWidth,
        draw: (sink) => drawEnvelope(sink, envelope, area),
        travel: travelOf(envelope, area),
        asBand: () => bandOf(envelope, area, lineWidth),
      };
}

function travelOf({ count, min, max, first, last }: Envelope, { yOf }: PlotArea): number {
  let travel = 0;
  let before = Number.NaN;
  for (let column = 0; column < count.length; column += 1) {
    if (count[column] === 0) continue;
    const entered = Math.abs(yOf(first[column] as number) - before);
    if (entered > 0) travel += entered;
    travel += yOf(min[column] as number) - yOf(max[column] as number);
    before = yOf(last[column] as number);
  }
  return travel;
}

/** Points enough for every column between the first and the last that has any, several for most of them. */
function isDense({ count }: Envelope): boolean {
  let first = 0;
  let last = count.length - 1;
  while (first <= last && count[first] === 0) first += 1;
  while (last > first && count[last] === 0) last -= 1;
  if (last - first < 2) return false;
  let several = 0;
  for (let column = first; column <= last; column += 1) {
    const points = count[column] as number;
    if (points === 0) return false;
    if (points > 1) several += 1;
  }
  return several > (last - first + 1) / 2;
}

/** From the least to the largest value of a column, and to where straight lines from and to its neighbours cross its borders. */
function bandOf(
  { count, min, max, first, last }: Envelope,
  { yOf }: PlotArea,
  lineWidth: number,
): BandHeights {
  const columns = count.length;
  const tops = new Float64Array(columns);
  const bottoms = new Float64Array(columns);
  const reach = (column: number, y: number): void => {
    if (!((tops[column] as number) <= y - lineWidth / 2)) tops[column] = y - lineWidth / 2;
    if (!((bottoms[column] as number) >= y + lineWidth / 2)) bottoms[column] = y + lineWidth / 2;
  };
  tops.fill(Number.NaN);
  bottoms.fill(Number.NaN);
  let before = -1;
  let leftAt = 0;
  for (let column = 0; column < columns; column += 1) {
    if (count[column] === 0) continue;
    if (before >= 0) {
      const step = (yOf(first[column] as number) - leftAt) / (column - before);
      for (let left = before; left < column; left += 1) {
        const crossing = leftAt + (left + 0.5 - before) * step;
        reach(left, crossing);
        reach(left + 1, crossing);
      }
    }
    reach(column, yOf(max[column] as number));
    reach(column, yOf(min[column] as number));
    leftAt = yOf(last[column] as number);
    before = column;
  }
  for (let column = 0; column < columns; column += 1) {
    if (Number.isNaN(tops[column])) {
      tops[column] = 0;
      bottoms[column] = 0;
    }
  }
  return { tops, bottoms };
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
