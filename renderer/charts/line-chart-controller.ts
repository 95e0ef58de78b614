// A line chart outside React: uPlot draws axes, grid, cursor and selection; what lies between them is painted by paint-plot.ts. Here is
// what a chart remembers: its series, marks, zoom and pin, and when it has to be drawn again.
import uPlot from 'uplot';

import { createBandLayer } from './band-layer.ts';
import type { ChartMark } from './chart-marks.ts';
import type { ChartAxes, ChartSeries, Extent } from './chart-series.ts';
import { panned, visibleX, visibleY, type VisibleY, zoomedAround } from './chart-view.ts';
import { cancelDraw, requestDraw } from './frame-loop.ts';
import { type Painted, paintPlot } from './paint-plot.ts';
import { listenToPlot } from './plot-gestures.ts';
import { plotColumns, plotOptions } from './plot-options.ts';
import { downloadPng } from './save-file.ts';
import { onThemeChange, readThemeColors } from './theme-colors.ts';
import { createZoomGroup, type ZoomGroup } from './zoom-group.ts';

export interface Hover {
  readonly x: number;
  /** CSS pixels inside the plot area. */
  readonly left: number;
  /** Whether the cursor is in this chart, not in one it is aligned with. */
  readonly isOwn: boolean;
}

export interface LineChartOptions {
  /** To begin with; both linear unless given. */
  readonly axes?: ChartAxes;
  /** Charts with the same key align their cursors. */
  readonly syncKey: string;
  /** Charts with the same group show the same range. */
  readonly zoom?: ZoomGroup | undefined;
  readonly onHover: (hover: Hover | null) => void;
  readonly onPaint: (result: Painted) => void;
  /** A click without dragging; x under the cursor. */
  readonly onPin?: (x: number) => void;
  /** How many pixel columns the plot has: at once, and when that changes. */
  readonly onColumns?: (columns: number) => void;
}

export interface LineChartController {
  setSeries(series: readonly ChartSeries[]): void;
  setAxes(axes: ChartAxes): void;
  setMarks(marks: readonly ChartMark[]): void;
  resetZoom(): void;
  /** Marks an x with a line, or takes the mark away. */
  setPin(x: number | null): void;
  /** Moves the cursor by a share of the width, as the arrow keys do. */
  moveCursor(share: number): void;
  /** Moves the range that is shown by a share of its width. */
  pan(share: number): void;
  /** Zooms at the cursor, else in the middle. */
  zoom(factor: number): void;
  /** Pins what is under the cursor. */
  pinCursor(): void;
  exportPng(name: string): void;
  /** What is shown now, after zooming. */
  view(): { readonly x: Extent; readonly y: Extent };
  destroy(): void;
}

export function createLineChart(element: HTMLElement, options: LineChartOptions): LineChartController {
  let series: readonly ChartSeries[] = [];
  let marks: readonly ChartMark[] = [];
  let axes: ChartAxes = options.axes ?? { logarithmicX: false, logarithmicY: false };
  const zoomX = options.zoom ?? createZoomGroup();
  let zoomY: Extent | null = null;
  let y: VisibleY = { min: 0, max: 1, outside: 0 };
  let pinned: number | null = null;
  let isKeyed = false;
  let isFirst = true;
  let isDestroyed = false;
  const layer = createBandLayer();
  let colors = readThemeColors(element);
  /** Made when there is something to draw, so that it is drawn once. */
  let plot: uPlot | null = null;

  function x(): Extent {
    return visibleX(series, axes, zoomX.x);
  }

  function build(): uPlot {
    const look = { axes, colors, syncKey: options.syncKey };
    const handlers = {
      x,
      y: () => {
        y = visibleY(series, axes, x(), zoomY);
        return y;
      },
      onDraw: paint,
      onSelect: applySelection,
      onCursor: () => requestDraw(reportHover),
      onReset: reset,
    };
    return new uPlot(plotOptions(sizeOf(element), look, handlers), onlyX(x()), element);
  }

  function applySelection(self: uPlot): void {
    const { left, top, width, height } = self.select;
    if (width <= 0 && height <= 0) return;
    if (self.cursor.drag?.y) {
      zoomY = { min: self.posToVal(top + height, 'y'), max: self.posToVal(top, 'y') };
      requestDraw(redraw);
    } else {
      const next = { min: self.posToVal(left, 'x'), max: self.posToVal(left + width, 'x') };
      zoomY = null;
      zoomX.set(next);
    }
    self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  }

  function reportHover(): void {
    if (!plot) return;
    const { left, event } = plot.cursor;
    const isThere = left !== undefined && left >= 0;
    options.onHover(isThere ? { x: plot.posToVal(left, 'x'), left, isOwn: isKeyed || Boolean(event) } : null);
    if (!isThere) isKeyed = false;
  }

  function paint(self: uPlot): void {
    const painted = paintPlot(self, { series, marks, axes, pinned, x: x(), y, colors, layer });
    options.onPaint({ ...painted, outside: y.outside, zoomed: zoomX.x !== null || zoomY !== null });
  }

  function pinCursor(): void {
    const left = plot?.cursor.left;
    if (plot && left !== undefined && left >= 0) options.onPin?.(plot.posToVal(left, 'x'));
  }

  function redraw(): void {
    if (plot) plot.setData(onlyX(x()), true);
    else plot = build();
  }

  function drawFirst(): void {
    // A page that is hidden draws when it is shown.
    if (isDestroyed || document.hidden) return;
    cancelDraw(redraw);
    redraw();
  }

  function reset(): void {
    zoomY = null;
    zoomX.set(null);
  }

  function rebuild(): void {
    plot?.destroy();
    plot = null;
    requestDraw(redraw);
  }

  /** On a logarithmic axis distances are those of logarithms. */
  function changeRange(change: (view: Extent, all: Extent) => Extent | null): void {
    const toScale = (range: Extent): Extent =>
      axes.logarithmicX ? { min: Math.log10(range.min), max: Math.log10(range.max) } : range;
    const all = visibleX(series, axes, null);
    const next = change(toScale(x()), toScale(all));
    zoomX.set(next && axes.logarithmicX ? { min: 10 ** next.min, max: 10 ** next.max } : next);
  }
  const pan = (share: number) => changeRange((view, all) => panned(view, all, share));
  const zoomAt = (at: number, factor: number) =>
    changeRange((view, all) => zoomedAround(view, all, at, factor));

  const stopZoom = zoomX.subscribe(() => requestDraw(redraw));
  const resize = new ResizeObserver(() => {
    const { width, height } = sizeOf(element);
    options.onColumns?.(plotColumns(width));
    if (plot && (plot.width !== width || plot.height !== height)) plot.setSize({ width, height });
  });
  resize.observe(element);
  options.onColumns?.(plotColumns(sizeOf(element).width));
  const stopTheme = onThemeChange(() => {
    colors = readThemeColors(element);
    rebuild();
  });
  const stopGestures = listenToPlot(element, {
    isZoomed: () => zoomX.x !== null,
    width: () => plot?.over.clientWidth ?? 0,
    leftOf: (event) => event.clientX - (plot?.over.getBoundingClientRect().left ?? 0),
    zoomAt,
    pan,
    pin: pinCursor,
  });

  return {
    setSeries(next) {
      series = next;
      requestDraw(redraw);
      // What is to be seen first does not wait for the next frame, only for the marks and the pin that come with it.
      if (!isFirst || next.length === 0) return;
      isFirst = false;
      queueMicrotask(drawFirst);
    },
    setAxes(next) {
      if (sameAxes(next, axes)) {
        axes = next;
        requestDraw(redraw);
        return;
      }
      if (next.x !== axes.x) zoomX.set(null);
      axes = next;
      zoomY = null;
      rebuild();
    },
    setMarks(next) {
      marks = next;
      requestDraw(redraw);
    },
    resetZoom: reset,
    setPin(next) {
      pinned = next;
      requestDraw(redraw);
    },
    moveCursor(share) {
      if (!plot) return;
      const width = plot.over.clientWidth;
      const from = plot.cursor.left ?? -1;
      const left = from < 0 ? (share > 0 ? 0 : width) : from + share * width;
      isKeyed = true;
      plot.setCursor({ left: Math.min(width, Math.max(0, left)), top: plot.over.clientHeight / 2 });
    },
    pan,
    zoom(factor) {
      const left = plot?.cursor.left;
      zoomAt(plot && left !== undefined && left >= 0 ? left / plot.over.clientWidth : 0.5, factor);
    },
    pinCursor,
    view: () => ({ x: x(), y: visibleY(series, axes, x(), zoomY) }),
    exportPng(name) {
      if (plot) downloadPng(plot.ctx.canvas, colors.panel, name);
    },
    destroy() {
      isDestroyed = true;
      cancelDraw(redraw);
      cancelDraw(reportHover);
      resize.disconnect();
      stopTheme();
      stopZoom();
      stopGestures();
      plot?.destroy();
    },
  };
}

/** Too small for anything but its frame, it keeps one. */
const LEAST_PX = 50;

function sizeOf(element: HTMLElement): { readonly width: number; readonly height: number } {
  return {
    width: Math.max(element.clientWidth, LEAST_PX),
    height: Math.max(element.clientHeight, LEAST_PX),
  };
}

/** uPlot draws no line itself. */
function onlyX({ min, max }: Extent): uPlot.AlignedData {
  return [
    [min, max],
    [null, null],
  ];
}

function sameAxes(a: ChartAxes, b: ChartAxes): boolean {
  return a.logarithmicX === b.logarithmicX && a.logarithmicY === b.logarithmicY && a.x === b.x && a.y === b.y;
}
