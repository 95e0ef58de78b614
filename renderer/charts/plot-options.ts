// How uPlot is set up for a line chart: axes, grid, cursor and selection. It draws no line itself.
import type uPlot from 'uplot';
import type { ThemeColors } from './chart-colors.ts';
import type { ChartAxes, Extent } from './chart-series.ts';
import { ticksOf } from './linear-scale.ts';
import { axisValues } from './number-labels.ts';
import { TIME_STEPS, WHOLE_STEPS, xTickLabel } from './x-axis.ts';

export interface PlotHandlers {
  readonly x: () => Extent;
  readonly y: () => Extent;
  readonly onDraw: (plot: uPlot) => void;
  readonly onSelect: (plot: uPlot) => void;
  readonly onCursor: (plot: uPlot) => void;
  readonly onReset: () => void;
}

/** A press that moves less than this is a click. */
export const DRAG_FROM_PX = 4;
const AXIS_HEIGHT = 26;
const AXIS_WIDTH = 58;
/** Top, right, bottom, left. */
const PADDING: uPlot.Padding = [8, 12, 0, 0];
/** Nearer than this, numbers of the y axis would touch. */
const TICK_SPACE = 36;

export function plotOptions(
  size: { readonly width: number; readonly height: number },
  look: { readonly axes: ChartAxes; readonly colors: ThemeColors; readonly syncKey: string },
  handlers: PlotHandlers,
): uPlot.Options {
  const { axes, colors, syncKey } = look;
  return {
    ...size,
    legend: { show: false },
    padding: PADDING,
    scales: {
      x: { time: false, distr: axes.logarithmicX ? 3 : 1, range: () => asRange(handlers.x()) },
      y: { distr: axes.logarithmicY ? 3 : 1, range: () => asRange(handlers.y()) },
    },
    axes: [xAxis(axes, colors), yAxis(axes, colors)],
    series: [{}, { show: true, points: { show: false }, paths: () => null }],
    cursor: {
      points: { show: false },
      drag: { x: true, y: false, setScale: false, dist: DRAG_FROM_PX },
      sync: { key: syncKey, scales: ['x', null] },
      bind: { dblclick: () => () => handlers.onReset() as unknown as null, mousedown: bindDrag },
    },
    hooks: { draw: [handlers.onDraw], setSelect: [handlers.onSelect], setCursor: [handlers.onCursor] },
  };
}

/** Pixel columns of the plot in a chart of this width: what `envelopeOf` is asked for. */
export function plotColumns(width: number): number {
  const [, right, , left] = PADDING as readonly number[];
  return Math.max(1, Math.round((width - AXIS_WIDTH - (right ?? 0) - (left ?? 0)) * devicePixelRatio));
}

/** Drag zooms x; with Shift it zooms y. */
function bindDrag(self: uPlot, _target: HTMLElement, handler: (event: MouseEvent) => null) {
  return (event: MouseEvent) => {
    const { drag } = self.cursor;
    if (drag) {
      drag.x = !event.shiftKey;
      drag.y = event.shiftKey;
    }
    return handler(event);
  };
}

function xAxis(axes: ChartAxes, colors: ThemeColors): uPlot.Axis {
  const base = axisOptions(colors, AXIS_HEIGHT, 72);
  const kind = axes.x ?? 'steps';
  if (axes.logarithmicX || kind === 'tokens') return base;
  if (kind === 'steps') return { ...base, incrs: [...WHOLE_STEPS] };
  const unit = kind === 'time' ? 1000 : 1;
  return {
    ...base,
    space: 84,
    incrs: TIME_STEPS.map((step) => step * unit),
    values: (...[, splits, , , step]) => splits.map((split) => xTickLabel(kind, split, step)),
  };
}

function yAxis(axes: ChartAxes, colors: ThemeColors): uPlot.Axis {
  const base = axisOptions(colors, AXIS_WIDTH, TICK_SPACE);
  if (axes.logarithmicY) return base;
  // As in the figure that is taken out: two numbers at least, where uPlot is content with one.
  return {
    ...base,
    splits: (self, _axis, min, max) => [
      ...ticksOf(min, max, self.bbox.height / devicePixelRatio / TICK_SPACE),
    ],
  };
}

function axisOptions(colors: ThemeColors, size: number, space: number): uPlot.Axis {
  return {
    size,
    space,
    stroke: colors.faint,
    font: '11px "Inter Variable", system-ui, sans-serif',
    grid: { stroke: colors.line, width: 1 },
    ticks: { show: false },
    gap: 6,
    values: (_self, splits) => labelsOf(splits),
  };
}

/** On a logarithmic axis uPlot leaves out labels that would touch: null. */
function labelsOf(splits: readonly (number | null)[]): string[] {
  const labels = axisValues(splits.filter((split) => split !== null));
  let next = 0;
  return splits.map((split) => (split === null ? '' : (labels[next++] ?? '')));
}

function asRange(extent: Extent): uPlot.Range.MinMax {
  return [extent.min, extent.max];
}
