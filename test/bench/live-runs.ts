// What fifty live runs on one target cost while their logs grow slowly: core, questions to the scheduler, and a window that only
// shows them, idle in that nobody touches it; and how soon a point in a file there is drawn here. A real sshd and a real Chromium; a
// squeue that counts how often it is asked. Exports: bench, benchWindow.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, chromium, type Page } from 'playwright-core';
import { startServer } from '../../core/server.ts';
import { findAppFolder } from '../../core/services/host/app-folder.ts';
import { startLiveRunsHere } from '../support/live-here.ts';
import { type LiveSite, startLiveSite } from '../support/live-site.ts';
import { noSshServer } from '../support/ssh-server.ts';
import { startTestCore, temporaryFolder, type TestCore, waitFor, writeFiles } from '../support/test-core.ts';
import type { Measurement } from './measurement.ts';

const RUNS = 50;
/** Each run writes a line and a point that often. */
const LINE_EVERY_S = 10;
/** Only this bench writes into it: how soon its points are drawn is measured. */
const SILENT = `run-${RUNS - 1}`;
const POINTS = 20;
const POINT_PAUSE_MS = 400;
/** The goal for 95 of 100 points. */
const POINT_LIMIT_MS = 2_000;
const SETTLE_MS = 8_000;
const WINDOW_MS = 60_000;
const FLOOR_S = 30;
/** Of one core. */
const LIMIT = 0.05;
/**
 * The goal for a window that is idle, which shows nothing of them but their number, is 0.005. One that shows a live run and the rows of
 * the others draws what changes in them once a second: 0.008 of a core on a quiet machine, of which a third is our program.
 */
const WINDOW_LIMITS = { elsewhere: 0.005, onOne: 0.01 };

export async function bench(): Promise<readonly Measurement[]> {
  return [...(await withLiveRuns(quietCore)), await coreOfRunsHere(1), await coreOfRunsHere(10)];
}

export function benchWindow(): Promise<readonly Measurement[]> {
  return withLiveRuns((live) => idleWindow(live));
}

interface LiveRuns {
  readonly studio: TestCore;
  readonly site: LiveSite;
}

async function withLiveRuns(
  measure: (live: LiveRuns) => Promise<readonly Measurement[]>,
): Promise<readonly Measurement[]> {
  if (noSshServer !== null) {
    console.log(`live-runs: left out, ${noSshServer}`);
    return [];
  }
  await using site = await startLiveSite({
    runs: RUNS,
    lineEverySeconds: LINE_EVERY_S,
    pollSeconds: FLOOR_S,
    silent: SILENT,
  });
  site.append(SILENT, '{"step": 0, "loss": 2.5}');
  process.env['NESSO_SSH_CONFIG'] = site.configFile;
  await using workspace = await temporaryFolder();
  await writeFiles(workspace.path, site.files);
  await using studio = await startTestCore({ appFolder: findAppFolder(import.meta.dirname) });
  await studio.client.workspace.open({ path: workspace.path });
  await studio.client.targets.connect({ name: 'mini' });
  await waitFor(async () => {
    const runs = await studio.client.runs.list();
    return (
      runs.length === RUNS &&
      runs.every(({ state, latestStep }) => state === 'running' && latestStep !== null)
    );
  }, 60_000);
  return await measure({ studio, site });
}

async function quietCore({ studio, site }: LiveRuns): Promise<readonly Measurement[]> {
  const closing = new AbortController();
  const watching = watch(studio, closing.signal);
  await sleep(SETTLE_MS);
  const before = site.questions();
  const cpu = process.cpuUsage();
  const startedMs = performance.now();
  await sleep(WINDOW_MS);
  const used = process.cpuUsage(cpu);
  const wallMs = performance.now() - startedMs;
  closing.abort();
  const states = await watching;
  const count = site.questions() - before;
  console.log(
    `live-runs: ${count} questions to the scheduler in ${WINDOW_MS / 1000} s, ${states} states to the window`,
  );
  return [
    {
      name: `${RUNS} live runs on one target, processor time of core`,
      oursMs: (used.user + used.system) / 1000,
      anchorMs: wallMs,
      anchor: 'one core for as long',
      limit: LIMIT,
    },
    {
      name: 'questions to the scheduler (a thousand a question)',
      oursMs: count * 1000,
      anchorMs: (WINDOW_MS / 1000 / FLOOR_S) * 1000,
      anchor: 'one each poll floor for all runs together',
      // A question may fall on either edge of the minute.
      limit: 1.5,
    },
  ];
}

/** Runs on this computer, whose files another process writes, each line by itself. */
async function coreOfRunsHere(linesPerSecond: number): Promise<Measurement> {
  await using workspace = await temporaryFolder();
  await using _runs = await startLiveRunsHere(workspace.path, { runs: RUNS, linesPerSecond });
  await using studio = await startTestCore({ appFolder: findAppFolder(import.meta.dirname) });
  await studio.client.workspace.open({ path: workspace.path });
  const closing = new AbortController();
  const watching = watch(studio, closing.signal);
  await sleep(SETTLE_MS);
  const cpu = process.cpuUsage();
  const startedMs = performance.now();
  await sleep(WINDOW_MS / 2);
  const used = process.cpuUsage(cpu);
  const wallMs = performance.now() - startedMs;
  closing.abort();
  await watching;
  return {
    name: `${RUNS} live runs here, ${linesPerSecond} lines a second each, processor time of core`,
    oursMs: (used.user + used.system) / 1000,
    anchorMs: wallMs,
    anchor: 'one core for as long',
    limit: LIMIT,
  };
}

/** The main thread of a page that nobody touches: another view, and the list with one run open. */
async function idleWindow({ studio, site }: LiveRuns): Promise<readonly Measurement[]> {
  const browser = await startChromium();
  if (!browser) return [];
  await using server = await startServer({
    core: studio.core,
    appFolder: findAppFolder(import.meta.dirname),
    stateFolder: studio.stateFolder,
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(server.createEntryUrl());
    await page.locator('#root > *').first().waitFor();
    const session = await page.context().newCDPSession(page);
    // Processor time, not time on the clock: other programs do not count.
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const busySeconds = async (): Promise<number> => {
      const { metrics } = await session.send('Performance.getMetrics');
      return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
    };
    const rows: Measurement[] = [];
    for (const [what, hash, limit] of [
      ['a window on another view', '#/configs', WINDOW_LIMITS.elsewhere],
      ['a window on one of them', '#/runs/run-0', WINDOW_LIMITS.onOne],
    ] as const) {
      await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
      await sleep(SETTLE_MS);
      const before = await busySeconds();
      const startedMs = performance.now();
      await sleep(WINDOW_MS / 2);
      rows.push({
        name: `${RUNS} live runs, main thread of ${what}`,
        oursMs: (await busySeconds()) * 1000 - before * 1000,
        anchorMs: performance.now() - startedMs,
        anchor: 'as long, doing nothing else',
        limit,
      });
    }
    return [...rows, await pointToPixel(page, site)];
  } finally {
    await browser.close();
  }
}

/** From the line in the file there to the chart that counts it: the second slowest of twenty. */
async function pointToPixel(page: Page, site: LiveSite): Promise<Measurement> {
  await page.evaluate(`location.hash = '#/runs/${SILENT}'`);
  const untilDrawn = async (count: number): Promise<void> => {
    const startedMs = performance.now();
    const isThere = `[...document.querySelectorAll('*')].some((element) =>
      element.childElementCount === 0 && /^${count} points?, none hidden/.test(element.textContent))`;
    while ((await page.evaluate(isThere)) !== true) {
      if (performance.now() - startedMs > POINT_LIMIT_MS * 15) throw new Error('A point was not drawn');
      await sleep(20);
    }
  };
  await untilDrawn(1);
  const delays: number[] = [];
  for (let step = 1; step <= POINTS; step += 1) {
    const startedMs = performance.now();
    site.append(SILENT, `{"step": ${step}, "loss": 2.5}`);
    await untilDrawn(step + 1);
    delays.push(performance.now() - startedMs);
    await sleep(Math.random() * POINT_PAUSE_MS);
  }
  delays.sort((a, b) => a - b);
  return {
    name: 'a point in the file there to the chart here, 95 of 100',
    oursMs: delays[Math.ceil(POINTS * 0.95) - 1] ?? Number.NaN,
    anchorMs: POINT_LIMIT_MS,
    anchor: '2 s',
    limit: 1,
  };
}

function startChromium(): Promise<Browser | null> {
  const executablePath = process.env['NESSO_CHROMIUM'] ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] }).catch(() => {
    console.log('live-runs: the window is left out, there is no Chromium');
    return null;
  });
}

/** As a window does: what changes is sent to it. */
async function watch(studio: TestCore, signal: AbortSignal): Promise<number> {
  let states = 0;
  try {
    for await (const _ of await studio.client.runs.watch(undefined, { signal })) states += 1;
  } catch {
    // Ended by us.
  }
  return states;
}
