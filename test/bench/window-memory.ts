// Does the memory of a window grow with the rows of a dataset? The same walk through rows, sorted rows and the quality lab in a real
// Chromium, over files that differ in nothing but their length; what is held afterwards is compared, not how long it took.
// Exports: bench.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core';
import { z } from 'zod';
import { startServer } from '../../core/server.ts';
import { sqlText } from '../../core/services/datasets/sql.ts';
import { findAppFolder } from '../../core/services/host/app-folder.ts';
import { startTestCore, temporaryFolder } from '../support/test-core.ts';
import type { Measurement } from './measurement.ts';

/** The first is the anchor of the others. The largest needs a gigabyte of disk and two of memory, most of it in the child process. */
const SIZES = [100_000, 1_000_000, 10_000_000] as const;
/** More than the window keeps pages of, so that every walk fills what may be kept. */
const JUMPS = 65;
const WAIT_MS = 300_000;
const LOOK_MS = 250;
const SETTLED_LOOKS = 8;
const LIMIT = 1.1;

const LOOK = `({
  isBusy: document.querySelector('[aria-busy="true"], [data-busy]') !== null,
  nodes: document.querySelectorAll('*').length,
})`;
const looked = z.object({ isBusy: z.boolean(), nodes: z.number() });
const scrollScript = (share: number): string => `{
  const grid = document.querySelector('[role=grid]');
  grid.scrollTop = ${share} * (grid.scrollHeight - grid.clientHeight);
}`;
const LAST_ROW_HAS_TEXT = `/[0-9a-f]{32}/.test(
  [...document.querySelectorAll('[role=grid] [role=row][aria-rowindex]')].at(-1)?.textContent ?? '')`;

/** What a page holds after a collection. */
interface Held {
  readonly kilobytes: number;
  readonly nodes: number;
}
type Stage = 'opened' | 'scrolled' | 'sorted' | 'lab';
const titles: Readonly<Record<Stage, string>> = {
  opened: 'opened',
  scrolled: 'scrolled far',
  sorted: 'sorted and scrolled',
  lab: 'in the quality lab',
};

const fileOf = (rows: number): string => `rows-${rows}.parquet`;

/** The texts of a row do not get longer with its number, and the same languages, scores and shares are in every file. */
async function generate(folder: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const score = (seed: number): string =>
      `(round((4.5 * (hash(range, 1) % 1000000) / 1000000.0 + 1.5 * (hash(range, ${seed}) % 1000000) / 1000000.0 - 0.5) * 128) / 128)::FLOAT`;
    for (const rows of SIZES) {
      await connection.run(`
        COPY (SELECT md5(range::VARCHAR) AS id, repeat(md5((range + 1)::VARCHAR) || ' ', 5) AS text,
          ['ita_Latn', 'deu_Latn', 'spa_Latn', 'fra_Latn'][1 + (hash(range, 2) % 4)::INTEGER] AS language,
          (100 + hash(range, 3) % 900)::INTEGER AS token_count, hash(range, 4) % 10 < 4 AS fw2_kept,
          ${score(6)} AS score_a, ${score(7)} AS score_b, ${score(8)} AS score_c FROM range(${rows}))
        TO ${sqlText(join(folder, fileOf(rows)))} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480)`);
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** JavaScript heap, what the heap's wrappers hold, and array buffers, after three collections; nodes of all documents of the page. */
async function heldBy(session: CDPSession): Promise<Held> {
  for (let time = 0; time < 3; time += 1) await session.send('HeapProfiler.collectGarbage');
  const { usedSize, embedderHeapUsedSize, backingStorageSize } = await session.send('Runtime.getHeapUsage');
  const { nodes } = await session.send('Memory.getDOMCounters');
  return { kilobytes: (usedSize + embedderHeapUsedSize + backingStorageSize) / 1000, nodes };
}

/** Nothing is loading, and nothing is added any more. */
async function settled(page: Page): Promise<void> {
  let before = -1;
  let same = 0;
  while (same < SETTLED_LOOKS) {
    await sleep(LOOK_MS);
    const { isBusy, nodes } = looked.parse(await page.evaluate(LOOK));
    same = !isBusy && nodes === before ? same + 1 : 0;
    before = nodes;
  }
}

/** The page allows no eval in itself, so it is asked from outside. */
async function expectSoon(page: Page, condition: string): Promise<void> {
  const deadlineMs = Date.now() + WAIT_MS;
  while ((await page.evaluate(condition)) !== true) {
    if (Date.now() > deadlineMs) throw new Error('The rows did not come in time');
    await sleep(20);
  }
}

/** Jumps over the whole length and waits at each place until its rows are there. */
async function scrollFar(page: Page): Promise<void> {
  for (let jump = 1; jump <= JUMPS; jump += 1) {
    await page.evaluate(scrollScript(jump / JUMPS));
    await expectSoon(page, LAST_ROW_HAS_TEXT);
  }
  await settled(page);
}

/** A page of its own: what another file left behind does not count. */
async function walk(browser: Browser, url: string, rows: number): Promise<Readonly<Record<Stage, Held>>> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(WAIT_MS);
    await page.goto(url);
    await page.locator('#root > *').first().waitFor();
    const session = await context.newCDPSession(page);
    const go = (hash: string) => page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
    await go(`#/data/data/${fileOf(rows)}?view=rows`);
    await page.locator('[role=row][aria-rowindex="20"]').waitFor();
    await settled(page);
    const opened = await heldBy(session);
    await scrollFar(page);
    const scrolled = await heldBy(session);
    await page.getByRole('button', { name: 'Column token_count', exact: true }).click();
    await page.getByRole('menuitem', { name: /^Sort highest first/ }).click();
    const all = rows.toLocaleString('en-US');
    await page.getByText(`${all} of ${all} rows match`).waitFor();
    await scrollFar(page);
    const sorted = await heldBy(session);
    await go(`#/data/data/${fileOf(rows)}?view=quality`);
    await page
      .getByRole('slider', { name: /^Threshold of/ })
      .nth(2)
      .waitFor();
    const quantile = page.getByRole('textbox', { name: 'Quantile', exact: true });
    await quantile.fill('0.6');
    await quantile.press('Enter');
    await page.getByText('all 3 heads ≥ quantile 0.60 per language').waitFor();
    // The last of what is in the lab, and the board beside it.
    for (const name of [/^Figures by language/, /^Agreement/, /^Joint density/, /^Token length/])
      await page.getByRole('figure', { name }).waitFor();
    await page.getByRole('button', { name: /^FW2 removes, JQL removes:/ }).waitFor();
    await settled(page);
    return { opened, scrolled, sorted, lab: await heldBy(session) };
  } finally {
    await context.close();
  }
}

async function measure(browser: Browser, newUrl: () => string): Promise<readonly Measurement[]> {
  const held = new Map<number, Readonly<Record<Stage, Held>>>();
  for (const rows of SIZES) held.set(rows, await walk(browser, newUrl(), rows));
  const [small, ...large] = SIZES;
  const measurements: Measurement[] = [];
  for (const stage of Object.keys(titles) as Stage[]) {
    const anchor = held.get(small)?.[stage];
    for (const rows of large) {
      const ours = held.get(rows)?.[stage];
      if (!anchor || !ours) continue;
      const what = `window: ${rows.toLocaleString('en')} rows ${titles[stage]}`;
      const against = `the same with ${small.toLocaleString('en')} rows`;
      measurements.push(
        {
          name: `${what}, memory held`,
          oursMs: ours.kilobytes,
          anchorMs: anchor.kilobytes,
          anchor: against,
          limit: LIMIT,
          unit: 'kB',
        },
        {
          name: `${what}, nodes of the document`,
          oursMs: ours.nodes,
          anchorMs: anchor.nodes,
          anchor: against,
          limit: LIMIT,
          unit: 'nodes',
        },
      );
    }
  }
  return measurements;
}

/** Left out, with the reason, where there is no browser. */
export async function bench(): Promise<readonly Measurement[]> {
  const executablePath = process.env['NESSO_CHROMIUM'] ?? '/usr/bin/chromium';
  const browser = await chromium
    .launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
    .catch((error: unknown) => {
      console.log(`window-memory: left out, no Chromium (${String(error).split('\n')[0]})`);
      return null;
    });
  if (!browser) return [];
  try {
    await using workspace = await temporaryFolder();
    await mkdir(join(workspace.path, 'data'));
    await generate(join(workspace.path, 'data'));
    const appFolder = findAppFolder(import.meta.dirname);
    await using studio = await startTestCore({ appFolder });
    await studio.client.workspace.open({ path: workspace.path });
    await using server = await startServer({
      core: studio.core,
      appFolder,
      stateFolder: studio.stateFolder,
    });
    return await measure(browser, () => server.createEntryUrl());
  } finally {
    await browser.close();
  }
}
