// How soon a run of a million points can be read after it was chosen: the path from asking core to pixels, and a click in the window.
// Exports what charts.ts measures with.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { startServer } from '../../core/server.ts';
import { findAppFolder } from '../../core/services/host/app-folder.ts';
import { recordRun } from '../support/recorded-run.ts';
import { startTestCore, temporaryFolder } from '../support/test-core.ts';
import type { ChartBench } from './charts.ts';
import type { Measurement } from './measurement.ts';

const POINTS = 1_000_000;
const FEW_POINTS = 1000;
const ROUNDS = 25;
const CLICKS = 12;
/** A window that does not draw at all. */
const READ_LIMIT_MS = 120_000;

declare const chartBench: ChartBench;

export async function benchOpening(browser: Browser, script: string): Promise<readonly Measurement[]> {
  const values = Float64Array.from(
    { length: POINTS },
    (_, step) => 2 + 8 * Math.exp(-step / 50_000) + Math.sin(step * 12.9898) * 0.05,
  );
  await using workspace = await temporaryFolder();
  recordRun(workspace.path, { id: 'long', name: 'long', rows: rowsOf(values) });
  recordRun(workspace.path, { id: 'short', name: 'short', rows: rowsOf(values.subarray(0, FEW_POINTS)) });
  const appFolder = findAppFolder(import.meta.dirname);
  await using studio = await startTestCore({ appFolder });
  await studio.client.workspace.open({ path: workspace.path });
  await using server = await startServer({ core: studio.core, appFolder, stateFolder: studio.stateFolder });
  await using plain = await servePlain(values);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, bypassCSP: true });
  const page = await context.newPage();
  try {
    await page.goto(server.createEntryUrl());
    await page.locator('#root > *').first().waitFor();
    await page.addScriptTag({ content: script });
    await clickToPixels(page, 'long', POINTS);
    return [await pathOf(page, plain.address), await clicksOf(page)];
  } finally {
    await context.close();
  }
}

function rowsOf(values: Float64Array) {
  return Array.from(values, (loss, step) => ({ step, loss }));
}

/** Both columns as they lie in memory. */
async function servePlain(values: Float64Array): Promise<{ readonly address: string } & AsyncDisposable> {
  const steps = Float64Array.from(values, (_, step) => step);
  const bytes = Buffer.concat([Buffer.from(steps.buffer), Buffer.from(values.buffer)]);
  const server = createServer((_, response) => {
    response.writeHead(200, {
      'content-type': 'application/octet-stream',
      'content-length': bytes.length,
      'access-control-allow-origin': '*',
      'cache-control': 'no-store',
    });
    response.end(bytes);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve());
  });
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** In turn; the best round of each counts, as other programs can only make one slower. */
async function pathOf(page: Page, address: string): Promise<Measurement> {
  const oursMs: number[] = [];
  const anchorMs: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const theirs = await page.evaluate(
      ([from, points, number]) => chartBench.openTheirs(from, points, number),
      [address, POINTS, round] as const,
    );
    const ours = await page.evaluate(([points, number]) => chartBench.openOurs('long', points, number), [
      POINTS,
      round,
    ] as const);
    // The first of each warms up.
    if (round === 0) continue;
    oursMs.push(ours);
    anchorMs.push(theirs);
  }
  return {
    name: 'Run of 1M points, from asking core to pixels in Chromium',
    oursMs: Math.min(...oursMs),
    anchorMs: Math.min(...anchorMs),
    anchor: 'the same points fetched as plain bytes, uPlot given all of them',
    limit: 0.25,
  };
}

async function clicksOf(page: Page): Promise<Measurement> {
  const long: number[] = [];
  const short: number[] = [];
  for (let click = 0; click < CLICKS; click += 1) {
    short.push(await clickToPixels(page, 'short', FEW_POINTS));
    long.push(await clickToPixels(page, 'long', POINTS));
  }
  return {
    name: 'Click on a run of 1M points to pixels, in the window',
    oursMs: Math.min(...long),
    anchorMs: Math.min(...short),
    anchor: 'a run of 1,000 points, same window',
    // What is left is that a million points are looked at once more in core, and smoothed there.
    limit: 2,
  };
}

/** From another view: until the chart says how many points it shows. */
function clickToPixels(page: Page, run: string, points: number): Promise<number> {
  return page.evaluate(([id, words, limitMs]) => chartBench.clickToPixels(id, words, limitMs), [
    run,
    `${points.toLocaleString('en-US')} points`,
    READ_LIMIT_MS,
  ] as const);
}
