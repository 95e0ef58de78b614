// What runs inside the browser for the bench of charts: ours and uPlot on the same million points, in one page.
import uPlot from 'uplot';
import { createSmoother } from '../../../core/lib/series/smoothing.ts';
import { createValueSummary } from '../../../core/lib/series/value-summary.ts';
import type { ChartSeries } from '../../../renderer/charts/chart-series.ts';
import { createLineChart, type LineChartController } from '../../../renderer/charts/line-chart-controller.ts';

const WIDTH = 1200;
const HEIGHT = 400;

/** Memory of the last round is not to be cleaned up on the time of the next. */
declare const gc: undefined | (() => void);

function columns(count: number, seed: number): { steps: Float64Array; values: Float64Array } {
  const steps = Float64Array.from({ length: count }, (_, index) => index + 1);
  const values = steps.map(
    (step) => 2 + 8 * Math.exp(-step / 50_000) + Math.sin((step + seed) * 12.9898) * 0.05,
  );
  return { steps, values };
}

function place(): HTMLElement {
  const element = document.createElement('div');
  element.style.width = `${WIDTH}px`;
  element.style.height = `${HEIGHT}px`;
  document.body.append(element);
  return element;
}

const noDrawing = () => {};

/** The same for both and for every round. */
let shared: ReturnType<typeof columns> | null = null;

/** Until the pixels are there: what was recorded is drawn when somebody reads one. */
function finish(element: HTMLElement): void {
  element.querySelector('canvas')?.getContext('2d')?.getImageData(0, 0, 1, 1);
}

async function timed(count: number, draw: (element: HTMLElement) => Promise<() => void>): Promise<number> {
  shared = shared?.steps.length === count ? shared : columns(count, 1);
  const element = place();
  // Lays the page out and colours are read once, as in a window that is there already.
  element.getBoundingClientRect();
  if (typeof gc === 'function') gc();
  await nextFrame();
  const start = performance.now();
  const destroy = await draw(element);
  finish(element);
  const ms = performance.now() - start;
  destroy();
  element.remove();
  return ms;
}

/** From columns as they arrive to a drawn canvas; everything that is worked out on the way is counted. */
function ours(count: number): Promise<number> {
  return timed(count, async (element) => {
    let drawn = noDrawing;
    const painted = new Promise<void>((resolve) => {
      drawn = resolve;
    });
    const { steps, values } = columnsOf();
    const summary = createValueSummary();
    summary.update(values);
    const chart = createLineChart(element, {
      syncKey: 'bench',
      onHover: noDrawing,
      onPaint: ({ points }) => {
        if (points === count) drawn();
      },
    });
    chart.setSeries([{ id: 'a', label: 'a', color: 0, steps, values, smoothed: null, summary }]);
    await painted;
    return () => chart.destroy();
  });
}

/** uPlot with all points and its own lines. */
function theirs(count: number): Promise<number> {
  return timed(count, async (element) => {
    const { steps, values } = columnsOf();
    const plot = await new Promise<uPlot>((resolve) => {
      const made = new uPlot(
        {
          width: WIDTH,
          height: HEIGHT,
          scales: { x: { time: false } },
          series: [{}, { stroke: '#0072b2', points: { show: false } }],
          hooks: { draw: [() => resolve(made)] },
        },
        [steps, values],
        element,
      );
    });
    return () => plot.destroy();
  });
}

function columnsOf(): ReturnType<typeof columns> {
  if (!shared) throw new Error('made before');
  return shared;
}

/** Longest frame and its script while ten runs are panned and zoomed, ms. */
async function panAndZoom(
  runs: number,
  count: number,
  frames: number,
): Promise<{ readonly longestMs: number; readonly medianMs: number }> {
  const element = place();
  const series = Array.from({ length: runs }, (_, index): ChartSeries => {
    const { steps, values } = columns(count, index * 7919);
    const smoother = createSmoother(500);
    const smoothed = values.map((value, at) => smoother.next(at, value));
    const summary = createValueSummary();
    summary.update(values);
    const smoothedSummary = createValueSummary();
    smoothedSummary.update(smoothed);
    return {
      id: String(index),
      label: String(index),
      color: index,
      steps,
      values,
      smoothed,
      summary,
      smoothedSummary,
    };
  });
  const chart = createLineChart(element, { syncKey: 'bench', onHover: noDrawing, onPaint: noDrawing });
  chart.setSeries(series);
  await nextFrame();
  await nextFrame();
  const times: number[] = [];
  for (let frame = 0; frame < frames; frame += 1) {
    move(chart, frame, frames);
    // Drawing is asked for the next frame: what it takes is the time from its start to its end.
    const start = await nextFrameStart();
    await afterDrawing();
    times.push(performance.now() - start);
  }
  chart.destroy();
  element.remove();
  times.sort((a, b) => a - b);
  return { longestMs: times.at(-1) ?? 0, medianMs: times[times.length >> 1] ?? 0 };
}

/** In, sideways, out again. */
function move(chart: LineChartController, frame: number, frames: number): void {
  const part = Math.floor((frame / frames) * 4);
  if (part === 0) chart.zoom(0.8);
  else if (part === 1) chart.pan(0.15);
  else if (part === 2) chart.pan(-0.15);
  else chart.zoom(1.25);
}

function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => resolve());
  });
}

/** When the callbacks of the next frame begin; asked for before the chart's own, which is queued behind. */
function nextFrameStart(): Promise<number> {
  return new Promise((resolve) => {
    requestAnimationFrame((begun) => resolve(Math.max(begun, performance.now() - 1000)));
  });
}

function afterDrawing(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve();
    port2.postMessage(null);
  });
}

Object.assign(globalThis, { chartBench: { ours, theirs, panAndZoom } });
