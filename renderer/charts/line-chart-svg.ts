// A line chart drawn once more as SVG from its series: the same envelope that the canvas shows, paths per series, axes, labels.
// Pure: colours and ranges are given.
import { axisTicks } from './axis-ticks.ts';
import type { ChartAxes, ChartSeries, Extent } from './chart-series.ts';
import { type ChartMark, placeMarks } from './chart-marks.ts';
import { BAND_OPACITY, errorBandPaths, errorBands, WHISKER_OPACITY } from './error-bands.ts';
import { strokeEnvelopes } from './envelope-lines.ts';
import { levelsSvg, placeLevels } from './level-lines.ts';
import { axisValues } from './number-labels.ts';
import { marksSvg } from './marks-svg.ts';
import { escaped, pixels, svgDocument, svgElement } from './svg-text.ts';
import type { ThemeColors } from './chart-colors.ts';
import { xTickLabel, xTicks } from './x-axis.ts';

export interface LineChartPicture {
  readonly title: string;
  readonly stepLabel: string;
  readonly note: string;
  readonly series: readonly ChartSeries[];
  readonly axes: ChartAxes;
  /** What is shown, after zooming. */
  readonly x: Extent;
  readonly y: Extent;
  readonly pinned: number | null;
  readonly marks?: readonly ChartMark[];
  /** Of the whole file, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly colors: ThemeColors;
}

const LEFT = 62;
const RIGHT = 14;
const TOP = 34;
const BOTTOM = 44;
const LEGEND_ROW = 16;
const LINE_WIDTH = 1.25;
const TICK_SPACE = 72;
const LETTER_WIDTH = 6.4;

export function lineChartSvg(picture: LineChartPicture): string {
  const { title, series, axes, x, y, colors, width, note, stepLabel } = picture;
  const legend = legendOf(picture);
  const top = TOP + legend.rows * LEGEND_ROW;
  const plot = { left: LEFT, top, width: width - LEFT - RIGHT, height: picture.height - TOP - BOTTOM };
  const height = plot.height + top + BOTTOM;
  const xOf = placer(x, axes.logarithmicX, plot.left, plot.left + plot.width);
  const yOf = placer(y, axes.logarithmicY, plot.top + plot.height, plot.top);
  const kind = axes.x ?? 'steps';
  const ticksOfX = xTicks(kind, x, axes.logarithmicX, plot.width / TICK_SPACE);
  const stepOfX = (ticksOfX[1] ?? x.max) - (ticksOfX[0] ?? x.min);
  const ticksOfY = axisTicks(y, axes.logarithmicY, plot.height / 40);
  const labelsOfY = axisValues(ticksOfY);
  const placed = placeMarks(picture.marks ?? [], series, {
    xToPixels: (value) => xOf(value) - plot.left,
    yToPixels: (value) => yOf(value) - plot.top,
    width: plot.width,
    height: plot.height,
  });
  const grid = [
    ...ticksOfX.map((tick) =>
      tickMark({ at: xOf(tick), text: xTickLabel(kind, tick, stepOfX), isX: true }, plot, colors),
    ),
    ...ticksOfY.map((tick, index) =>
      tickMark({ at: yOf(tick), text: labelsOfY[index] ?? '', isX: false }, plot, colors),
    ),
  ];
  const lines = series.map((one) => seriesPaths(one, picture, { ...plot, yOf }));
  const clip = svgElement('clipPath', { id: 'plot' }, svgElement('rect', { ...placeOf(plot) }));
  const pin = picture.pinned;
  const content = [
    svgElement('defs', {}, clip),
    label(title, { x: 12, y: 21, size: 13, weight: 600, fill: colors.ink }),
    label(note, { x: width - RIGHT, y: 21, size: 11, anchor: 'end', fill: colors.faint }),
    legend.content,
    svgElement('g', { 'font-size': 11 }, grid.join('')),
    svgElement('g', { 'clip-path': 'url(#plot)', fill: 'none', 'stroke-linejoin': 'round' }, lines.join('')),
    svgElement('g', { 'clip-path': 'url(#plot)' }, marksSvg(placed, { ...plot, ratio: 1 }, colors)),
    levelsSvg(
      placeLevels(axes.levels ?? [], (value) => yOf(value) - plot.top, plot.height),
      plot,
      colors,
    ),
    pin === null || pin < x.min || pin > x.max
      ? ''
      : svgElement('line', {
          x1: xOf(pin),
          x2: xOf(pin),
          y1: plot.top,
          y2: plot.top + plot.height,
          stroke: colors.accent,
          'stroke-dasharray': '4 3',
        }),
    label(axes.logarithmicX ? `${stepLabel}, logarithmic` : stepLabel, {
      x: plot.left + plot.width / 2,
      y: height - 10,
      size: 11,
      anchor: 'middle',
      fill: colors.faint,
    }),
  ];
  const described = series
    .map((one) => `${one.label}: ${one.standsFor?.total ?? one.steps.length} points`)
    .join('; ');
  return svgDocument(
    { width, height, title, description: described, background: colors.panel },
    content.join(''),
  );
}

type Plot = {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
};

function placeOf({ left, top, width, height }: Plot) {
  return { x: left, y: top, width, height };
}

/** Value → pixels between `start` and `end`. */
function placer(range: Extent, logarithmic: boolean, start: number, end: number) {
  const scaled = (value: number) => (logarithmic ? Math.log10(value) : value);
  const from = scaled(range.min);
  const span = scaled(range.max) - from;
  return (value: number) => (span > 0 ? start + ((scaled(value) - from) / span) * (end - start) : start);
}

function seriesPaths(
  one: ChartSeries,
  { axes, x, colors }: LineChartPicture,
  plot: Plot & { readonly yOf: (value: number) => number },
): string {
  const stroke = colors.series[one.color % colors.series.length] ?? colors.ink;
  const area = {
    ...plot,
    from: x.min,
    to: x.max,
    logarithmicX: axes.logarithmicX,
    lineWidth: LINE_WIDTH,
  };
  const paths: string[] = [];
  const bands = errorBands(one, area);
  if (bands !== null) {
    const { band, whiskers } = errorBandPaths(bands);
    paths.push(
      svgElement('path', { d: band, fill: stroke, 'fill-opacity': BAND_OPACITY, stroke: 'none' }),
      svgElement('path', { d: whiskers, stroke, 'stroke-opacity': WHISKER_OPACITY }),
    );
  }
  const { brokenAt } = strokeEnvelopes(one, area, (line) => {
    const { opacity } = line;
    const parts: string[] = [];
    if (line.kind === 'band') {
      const width = area.width / line.tops.length;
      for (const [column, top] of line.tops.entries()) {
        const height = (line.bottoms[column] as number) - top;
        const left = area.left + column * width;
        if (height > 0)
          parts.push(`M${pixels(left)} ${pixels(top)}h${pixels(width)}v${pixels(height)}h${pixels(-width)}z`);
      }
      const fade = opacity === 1 ? null : opacity;
      paths.push(
        svgElement('path', { d: parts.join(''), fill: stroke, 'fill-opacity': fade, stroke: 'none' }),
      );
      return;
    }
    const { lineWidth } = line;
    line.draw({
      moveTo: (px, py) => parts.push(`M${pixels(px)} ${pixels(py)}`),
      lineTo: (px, py) => parts.push(`L${pixels(px)} ${pixels(py)}`),
    });
    // A single point has no length: a round cap makes it a dot.
    const d = parts.length === 1 ? `${parts[0]}h0` : parts.join('');
    const cap = parts.length === 1 ? 'round' : null;
    const weight = parts.length === 1 ? 4 : lineWidth;
    if (d !== '')
      paths.push(
        svgElement('path', {
          d,
          stroke,
          'stroke-width': weight,
          'stroke-opacity': opacity === 1 ? null : opacity,
          'stroke-linecap': cap,
        }),
      );
  });
  const bottom = plot.top + plot.height;
  const broken = brokenAt.map((px) => {
    const points = `${px - 4},${bottom} ${px},${bottom - 8} ${px + 4},${bottom}`;
    return svgElement('polygon', { points, fill: colors.bad });
  });
  return svgElement('g', { 'data-series': one.label }, paths.join('') + broken.join(''));
}

function tickMark(
  tick: { readonly at: number; readonly text: string; readonly isX: boolean },
  plot: Plot,
  colors: ThemeColors,
): string {
  const { at, text, isX } = tick;
  const bottom = plot.top + plot.height;
  const line = isX
    ? { x1: at, x2: at, y1: plot.top, y2: bottom }
    : { x1: plot.left, x2: plot.left + plot.width, y1: at, y2: at };
  const words = isX
    ? label(text, { x: at, y: bottom + 16, size: 11, anchor: 'middle', fill: colors.faint })
    : label(text, { x: plot.left - 6, y: at + 4, size: 11, anchor: 'end', fill: colors.faint });
  return svgElement('line', { ...line, stroke: colors.line }) + words;
}

/** Names beside their colours, in as many rows as they need; the width of letters is a guess on the safe side. */
function legendOf({ series, colors, width }: LineChartPicture): { content: string; rows: number } {
  if (series.length < 2) return { content: '', rows: 0 };
  let left = 12;
  let row = 0;
  const parts = series.map((one) => {
    const needed = 22 + one.label.length * LETTER_WIDTH;
    if (left > 12 && left + needed > width - RIGHT) {
      left = 12;
      row += 1;
    }
    const y = 38 + row * LEGEND_ROW;
    const fill = colors.series[one.color % colors.series.length] ?? colors.ink;
    const dot = svgElement('circle', { cx: left + 4, cy: y - 4, r: 4, fill });
    const text = label(one.label, { x: left + 12, y, size: 12, fill: colors.ink });
    left += needed;
    return dot + text;
  });
  return { content: parts.join(''), rows: row + 1 };
}

function label(
  text: string,
  look: {
    readonly x: number;
    readonly y: number;
    readonly size: number;
    readonly fill: string;
    readonly weight?: number;
    readonly anchor?: 'middle' | 'end';
  },
): string {
  if (text === '') return '';
  const { x, y, size, fill, weight, anchor } = look;
  return svgElement(
    'text',
    { x, y, fill, 'font-size': size, 'font-weight': weight, 'text-anchor': anchor },
    escaped(text),
  );
}
