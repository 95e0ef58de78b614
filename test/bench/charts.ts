// How fast a chart of a million points is on screen, and how long its frames are, in a real Chromium: against uPlot with all points.
// Drawing alone: from what the first picture needs, as it is after it was received, to pixels that can be read; uPlot gets its data, two
// columns of a million doubles, as they are after they were received. From all points: ours gets the same two columns, and counts the
// summary of the values, which later zooms use too. The best round of each counts: other programs can only make one slower.
// The way before that, from asking core on, is measured by open-run.ts, which is part of this bench.
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import type { Measurement } from './measurement.ts';
import { benchOpening } from './open-run.ts';

const POINTS = 1_000_000;
const ROUNDS = 40;
const RUNS = 10;
const FRAMES = 120;
/** Other programs can only make a frame longer: the best of some sweeps counts. */
const SWEEPS = 3;
/** Above this a person sees that a frame was missed. */
const LONGEST_FRAME_MS = 50;

export interface ChartBench {
  ours(points: number): Promise<number>;
  oursOfAll(points: number): Promise<number>;
  openOurs(run: string, points: number, round: number): Promise<number>;
  openTheirs(address: string, points: number, round: number): Promise<number>;
  theirs(points: number): Promise<number>;
  clickToPixels(run: string, words: string, limitMs: number): Promise<number>;
  panAndZoom(runs: number, points: number, frames: number): Promise<{ longestMs: number; medianMs: number }>;
}

declare const chartBench: ChartBench;

/** The page as one script. */
async function pageScript(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: false,
      lib: {
        entry: join(import.meta.dirname, '..', '..', 'test', 'bench', 'page', 'charts.ts'),
        formats: ['iife'],
        name: 'page',
      },
    },
  });
  const outputs = Array.isArray(built) ? built : [built];
  const chunk = outputs
    .flatMap((one) => ('output' in one ? one.output : []))
    .find((one) => one.type === 'chunk');
  if (!chunk || chunk.type !== 'chunk') throw new Error('The page of the bench was not built');
  return chunk.code;
}

/** Skipped, with the reason, where there is no browser. */
export async function bench(): Promise<readonly Measurement[]> {
  const executablePath = process.env['NESSO_CHROMIUM'] ?? '/usr/bin/chromium';
  const browser = await chromium
    .launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--js-flags=--expose-gc'] })
    .catch((error: unknown) => {
      console.log(
        `skipped: no Chromium (${error instanceof Error ? error.message.split('\n')[0] : String(error)})`,
      );
      return null;
    });
  if (!browser) return [];
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const script = await pageScript();
    await page.addScriptTag({ content: script });
    const drawing = await measure(page);
    await page.close();
    return [...drawing, ...(await benchOpening(browser, script))];
  } finally {
    await browser.close();
  }
}

async function measure(page: Page): Promise<readonly Measurement[]> {
  const oursMs: number[] = [];
  const ofAllMs: number[] = [];
  const anchorMs: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const anchor = await page.evaluate((points) => chartBench.theirs(points), POINTS);
    const ours = await page.evaluate((points) => chartBench.ours(points), POINTS);
    const ofAll = await page.evaluate((points) => chartBench.oursOfAll(points), POINTS);
    // The first of each warms up.
    if (round === 0) continue;
    anchorMs.push(anchor);
    oursMs.push(ours);
    ofAllMs.push(ofAll);
  }
  const longest: number[] = [];
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const { longestMs } = await page.evaluate(
      ([runs, points, count]) => chartBench.panAndZoom(runs, points, count),
      [RUNS, POINTS, FRAMES] as const,
    );
    longest.push(longestMs);
  }
  return [
    {
      name: 'First paint of a run of 1M points in Chromium, drawing alone',
      oursMs: Math.min(...oursMs),
      anchorMs: Math.min(...anchorMs),
      anchor: 'uPlot given all points, same page',
      limit: 0.25,
    },
    {
      name: 'Paint of 1M points that came in one piece, drawing alone',
      oursMs: Math.min(...ofAllMs),
      anchorMs: Math.min(...anchorMs),
      anchor: 'uPlot given all points, same page',
      // 0.18 to 0.31: the summary of a million values is a quarter of it, what uPlot needs for an empty chart nearly half.
      limit: 0.35,
    },
    {
      name: 'Longest frame while 10 runs × 1M points are panned and zoomed',
      oursMs: Math.min(...longest),
      anchorMs: LONGEST_FRAME_MS,
      anchor: '50 ms',
      limit: 1,
    },
  ];
}
