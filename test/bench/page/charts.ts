// What runs inside the browser for the bench of charts: ours and uPlot on the same million points, in one page: drawing alone, and
// from asking a server to pixels.
import uPlot from 'uplot';
import type { RunId } from '../../../core/api/runs.ts';
import type { OverviewRequest } from '../../../core/api/series.ts';
import { chartOverview } from '../../../core/lib/series/chart-overview.ts';
import { smooth } from '../../../core/lib/series/smoothing.ts';
import { createValueSummary } from '../../../core/lib/series/value-summary.ts';
import type { ChartSeries } from '../../../renderer/charts/chart-series.ts';
import { createLineChart, type LineChartController } from '../../../renderer/charts/line-chart-controller.ts';
import { plotColumns } from '../../../renderer/charts/plot-options.ts';
import { connect } from '../../../renderer/connect.ts';
import {
  createOverviewFeed,
  type PictureOrder,
} from '../../../renderer/features/runs/curves/overview-feed.ts';
import { followSeries } from '../../../renderer/features/runs/series-feed.ts';

const WIDTH = 1200;
const HEIGHT = 400;
/** What a view that was left still has to do is not counted. */
const SETTLE_MS = 300;

/** Memory of the last round is not to be cleaned up on the time of the next. */
declare const gc: undefined | (() => void);

interface Columns {
  readonly steps: Float64Array;
  readonly values: Float64Array;
}

function columns(count: number, seed: number): Columns {
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
let shared: Columns | null = null;

/** Until the pixels are there: what was recorded is drawn when somebody reads one. */
function finish(element: HTMLElement): void {
  element.querySelector('canvas')?.getContext('2d')?.getImageData(0, 0, 1, 1);
}

async function timed(draw: (element: HTMLElement) => Promise<() => void>, width = WIDTH): Promise<number> {
  const element = place();
  element.style.width = `${width}px`;
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

/** From the points of the first picture, as they are after they arrived, to a drawn canvas. */
function ours(count: number): Promise<number> {
  const { steps, values } = columnsOf(count);
  const { curves } = chartOverview([{ steps, x: steps, values, smoothed: null, replaced: [] }], {
    logarithmicX: false,
    logarithmicY: false,
    y: 'all',
    columns: plotColumns(WIDTH),
  });
  const [curve] = curves;
  if (!curve) throw new Error('There is no curve');
  const { points, notFinite, outside } = curve;
  const x = { min: steps[0] ?? 0, max: steps[count - 1] ?? 0 };
  const standsFor = { total: count, x, points, notFinite, outside, middle: null };
  const series: ChartSeries = { id: 'a', label: 'a', color: 0, ...curve, standsFor };
  return timed(async (element) => {
    const { chart, painted } = chartUntil(element, count);
    chart.setSeries([series]);
    await painted;
    return () => chart.destroy();
  });
}

/** From all points, as they are after they arrived, to a drawn canvas: what a chart costs whose points came in one piece. */
function oursOfAll(count: number): Promise<number> {
  const { steps, values } = columnsOf(count);
  return timed(async (element) => {
    const summary = createValueSummary();
    summary.update(values);
    const { chart, painted } = chartUntil(element, count);
    chart.setSeries([{ id: 'a', label: 'a', color: 0, steps, values, smoothed: null, summary }]);
    await painted;
    return () => chart.destroy();
  });
}

function chartUntil(element: HTMLElement, count: number, onColumns: (columns: number) => void = noDrawing) {
  let drawn = noDrawing;
  const painted = new Promise<void>((resolve) => {
    drawn = resolve;
  });
  const chart = createLineChart(element, {
    syncKey: 'bench',
    onHover: noDrawing,
    onPaint: ({ points }) => {
      if (points === count) drawn();
    },
    onColumns,
  });
  return { chart, painted };
}

/**
 * As the window opens a run: what there is of it, the first picture of its loss, pixels. Charts differ by a pixel in width from round
 * to round, so that core has no answer ready.
 */
function openOurs(run: string, count: number, round: number): Promise<number> {
  const { client } = connect();
  const source = { kind: 'run', id: run as RunId } as const;
  return timed(async (element) => {
    const ending = new AbortController();
    const feed = followSeries(client, source, { signal: ending.signal, beforeLong: never });
    const pictures = createOverviewFeed();
    let columnsWide = 0;
    const { chart, painted } = chartUntil(element, count, (wide) => {
      columnsWide = wide;
    });
    feed.subscribe(() => {
      const points = feed.pointsOf('loss');
      if (points === count) pictures.sync(client, [orderOf(source, points, columnsWide)]);
    });
    pictures.subscribe(() => chart.setSeries(pictures.pictureOf('loss') ?? []));
    await painted;
    return () => {
      ending.abort();
      pictures.dispose();
      chart.destroy();
    };
  }, WIDTH - round);
}

const never = (): Promise<void> => new Promise(() => {});

function orderOf(
  source: PictureOrder['request']['curves'][number]['source'],
  points: number,
  columns: number,
) {
  const look = {
    x: 'steps',
    withoutWaits: false,
    logarithmicX: false,
    logarithmicY: false,
    y: 'all',
  } as const;
  const request: OverviewRequest = {
    curves: [{ source, tag: 'loss', tokensPerStep: null }],
    look,
    span: null,
    columns,
  };
  const labels = [{ id: 'loss', label: 'loss', color: 0 }];
  return { chartId: 'loss', request, labels, points, isReading: false };
}

/** The fastest plain way: both columns as the bytes they are, then uPlot. */
function openTheirs(address: string, count: number, round: number): Promise<number> {
  return timed(async (element) => {
    const buffer = await (await fetch(address)).arrayBuffer();
    const data: Columns = {
      steps: new Float64Array(buffer, 0, count),
      values: new Float64Array(buffer, count * 8, count),
    };
    return plotAll(element, data, WIDTH - round);
  }, WIDTH - round);
}

/** uPlot with all points and its own lines. */
function theirs(count: number): Promise<number> {
  const data = columnsOf(count);
  return timed((element) => plotAll(element, data, WIDTH));
}

async function plotAll(element: HTMLElement, { steps, values }: Columns, width: number): Promise<() => void> {
  const plot = await new Promise<uPlot>((resolve) => {
    const made = new uPlot(
      {
        width,
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
}

function columnsOf(count: number): Columns {
  shared = shared?.steps.length === count ? shared : columns(count, 1);
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
    const smoothed = smooth(steps, values, 500);
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

/** From another view of the window this script was put into: until the chart says how many points it shows. */
async function clickToPixels(run: string, words: string, limitMs: number): Promise<number> {
  location.hash = '#/configs';
  while (document.querySelector('.u-over')) await nextFrame();
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const start = performance.now();
  location.hash = `#/runs/${run}`;
  while (![...document.querySelectorAll('footer')].some((one) => one.textContent.startsWith(words))) {
    if (performance.now() - start > limitMs) throw new Error('The run was not drawn');
    await nextFrame();
  }
  document.querySelectorAll('canvas').forEach((canvas) => canvas.getContext('2d')?.getImageData(0, 0, 1, 1));
  return performance.now() - start;
}

Object.assign(globalThis, {
  chartBench: { ours, oursOfAll, theirs, openOurs, openTheirs, clickToPixels, panAndZoom },
});
