// A line chart outside React: uPlot draws axes, grid, cursor and selection; the lines are painted from the raw
// columns as a min/max envelope per pixel, so zooming brings every point back and no spike is ever hidden.
import uPlot from 'uplot';
import {
  type ChartAxes,
  type ChartSeries,
  type Extent,
  padExtent,
  stepExtent,
  valueExtent,
} from './chart-series.ts';
import { downloadPng } from './save-file.ts';
import { cancelDraw, requestDraw } from './frame-loop.ts';
import { axisValue } from './number-labels.ts';
import { paintSeries } from './paint-series.ts';
import type { ThemeColors } from './chart-colors.ts';
import { onThemeChange, readThemeColors } from './theme-colors.ts';

/** What the last drawing showed. */
export interface Painted {
  readonly points: number;
  readonly notFinite: number;
  readonly zoomed: boolean;
}

export interface LineChartOptions {
  /** Charts with the same key align their cursors. */
  readonly syncKey: string;
  readonly onHover: (step: number | null) => void;
  readonly onPaint: (result: Painted) => void;
  /** A click without dragging; the step under the cursor. */
  readonly onPin?: (step: number) => void;
}

export interface LineChartController {
  setSeries(series: readonly ChartSeries[]): void;
  setAxes(axes: ChartAxes): void;
  resetZoom(): void;
  /** Marks a step with a line, or takes the mark away. */
  setPin(step: number | null): void;
  /** Moves the cursor by a share of the width, as the arrow keys do. */
  moveCursor(share: number): void;
  /** Pins the step under the cursor. */
  pinCursor(): void;
  exportPng(name: string): void;
  /** What is shown now, after zooming. */
  view(): { readonly x: Extent; readonly y: Extent };
  destroy(): void;
}

const AXIS_HEIGHT = 26;
const AXIS_WIDTH = 58;
/** A press that moves less than this is a click. */
const DRAG_FROM_PX = 4;

export function createLineChart(element: HTMLElement, options: LineChartOptions): LineChartController {
  let series: readonly ChartSeries[] = [];
  let axes: ChartAxes = { logarithmicX: false, logarithmicY: false };
  let zoomX: Extent | null = null;
  let zoomY: Extent | null = null;
  let pinnedStep: number | null = null;
  let colors = readThemeColors(element);
  let plot = build();

  function visibleX(): Extent {
    const all = stepExtent(series) ?? { min: 0, max: 1 };
    const range = zoomX ?? all;
    const min = axes.logarithmicX ? Math.max(range.min, 1) : range.min;
    return { min, max: range.max > min ? range.max : min + 1 };
  }

  function visibleY(): Extent {
    if (zoomY) return zoomY;
    const { min, max } = visibleX();
    const found = valueExtent(series, min, max, axes.logarithmicY);
    return found ? padExtent(found, axes.logarithmicY) : { min: axes.logarithmicY ? 0.1 : 0, max: 1 };
  }

  function build(): uPlot {
    return new uPlot(
      plotOptions(),
      [
        [0, 1],
        [null, null],
      ] as uPlot.AlignedData,
      element,
    );
  }

  function plotOptions(): uPlot.Options {
    return {
      width: Math.max(element.clientWidth, 50),
      height: Math.max(element.clientHeight, 50),
      legend: { show: false },
      padding: [8, 12, 0, 0],
      scales: {
        x: { time: false, distr: axes.logarithmicX ? 3 : 1, range: () => asRange(visibleX()) },
        y: { distr: axes.logarithmicY ? 3 : 1, range: () => asRange(visibleY()) },
      },
      axes: [axisOptions(colors, AXIS_HEIGHT, 72), axisOptions(colors, AXIS_WIDTH, 36)],
      series: [{}, { show: true, points: { show: false }, paths: () => null }],
      cursor: {
        points: { show: false },
        drag: { x: true, y: false, setScale: false, dist: DRAG_FROM_PX },
        sync: { key: options.syncKey, scales: ['x', null] },
        bind: { dblclick: () => () => reset() as unknown as null, mousedown: bindDrag },
      },
      hooks: { draw: [paint], setSelect: [applySelection], setCursor: [reportHover] },
    };
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

  function applySelection(self: uPlot): void {
    const { left, top, width, height } = self.select;
    if (width <= 0 && height <= 0) return;
    if (self.cursor.drag?.y) {
      zoomY = { min: self.posToVal(top + height, 'y'), max: self.posToVal(top, 'y') };
    } else {
      zoomX = { min: self.posToVal(left, 'x'), max: self.posToVal(left + width, 'x') };
      zoomY = null;
    }
    self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    requestDraw(redraw);
  }

  function reportHover(self: uPlot): void {
    const { left } = self.cursor;
    options.onHover(left === undefined || left === null || left < 0 ? null : self.posToVal(left, 'x'));
  }

  function paint(self: uPlot): void {
    const { min, max } = visibleX();
    const context = self.ctx;
    context.save();
    context.beginPath();
    context.rect(self.bbox.left, self.bbox.top, self.bbox.width, self.bbox.height);
    context.clip();
    let points = 0;
    let notFinite = 0;
    for (const one of series) {
      const result = paintSeries(
        context,
        one,
        colors.series[one.color % colors.series.length] ?? colors.ink,
        {
          ...self.bbox,
          from: min,
          to: max,
          logarithmicX: axes.logarithmicX,
          yOf: (value) => self.valToPos(value, 'y', true),
          lineWidth: 1.25 * uPlot.pxRatio,
        },
      );
      points += result.points;
      notFinite += result.notFinite;
    }
    if (pinnedStep !== null && pinnedStep >= min && pinnedStep <= max)
      paintPin(self, pinnedStep, colors.accent);
    context.restore();
    options.onPaint({ points, notFinite, zoomed: zoomX !== null || zoomY !== null });
  }

  function pinCursor(): void {
    const { left } = plot.cursor;
    if (left !== undefined && left >= 0) options.onPin?.(plot.posToVal(left, 'x'));
  }

  function redraw(): void {
    const { min, max } = visibleX();
    plot.setData(
      [
        [min, max],
        [null, null],
      ] as uPlot.AlignedData,
      true,
    );
  }

  function reset(): void {
    zoomX = null;
    zoomY = null;
    requestDraw(redraw);
  }

  function rebuild(): void {
    plot.destroy();
    plot = build();
    requestDraw(redraw);
  }

  const resize = new ResizeObserver(() => {
    plot.setSize({ width: Math.max(element.clientWidth, 50), height: Math.max(element.clientHeight, 50) });
  });
  resize.observe(element);
  const stopTheme = onThemeChange(() => {
    colors = readThemeColors(element);
    rebuild();
  });
  /** A click pins; the one that ends a drag does not, and a double click resets instead. */
  let pressedAt = 0;
  const onPress = (event: MouseEvent) => {
    pressedAt = event.clientX;
  };
  const onClick = (event: MouseEvent) => {
    if (event.detail === 1 && Math.abs(event.clientX - pressedAt) < DRAG_FROM_PX) pinCursor();
  };
  element.addEventListener('mousedown', onPress);
  element.addEventListener('click', onClick);

  return {
    setSeries(next) {
      series = next;
      requestDraw(redraw);
    },
    setAxes(next) {
      if (next.logarithmicX === axes.logarithmicX && next.logarithmicY === axes.logarithmicY) return;
      axes = next;
      zoomY = null;
      rebuild();
    },
    resetZoom: reset,
    setPin(step) {
      pinnedStep = step;
      requestDraw(redraw);
    },
    moveCursor(share) {
      const width = plot.over.clientWidth;
      const from = plot.cursor.left ?? -1;
      const left = from < 0 ? (share > 0 ? 0 : width) : from + share * width;
      plot.setCursor({ left: Math.min(width, Math.max(0, left)), top: plot.over.clientHeight / 2 });
    },
    pinCursor,
    view: () => ({ x: visibleX(), y: visibleY() }),
    exportPng: (name) => downloadPng(plot.ctx.canvas, colors.panel, name),
    destroy() {
      cancelDraw(redraw);
      resize.disconnect();
      stopTheme();
      element.removeEventListener('mousedown', onPress);
      element.removeEventListener('click', onClick);
      plot.destroy();
    },
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
    values: (_self, splits) => splits.map((split) => (split === null ? '' : axisValue(split))),
  };
}

/** A dashed line over the whole height at a pinned step. */
function paintPin(plot: uPlot, step: number, color: string): void {
  const x = Math.round(plot.valToPos(step, 'x', true)) + 0.5;
  plot.ctx.strokeStyle = color;
  plot.ctx.lineWidth = uPlot.pxRatio;
  plot.ctx.setLineDash([4 * uPlot.pxRatio, 3 * uPlot.pxRatio]);
  plot.ctx.beginPath();
  plot.ctx.moveTo(x, plot.bbox.top);
  plot.ctx.lineTo(x, plot.bbox.top + plot.bbox.height);
  plot.ctx.stroke();
}

function asRange(extent: Extent): uPlot.Range.MinMax {
  return [extent.min, extent.max];
}
