// Curves from files that other programs write: appended, cut, replaced; shared between windows; released after use.
import { appendFile, mkdir, rename, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { OverviewRequest, SeriesSource, SeriesState } from '../../core/api/series.ts';
import { envelopeOf } from '../../core/lib/series/envelope.ts';
import { smooth } from '../../core/lib/series/smoothing.ts';
import { readOverview, readSeriesColumns } from '../../core/rpc/series-columns.ts';
import { readSeriesFile } from '../../core/services/series/read-file.ts';
import { createSourcePool } from '../../core/services/series/source-pool.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { recordRun } from '../support/recorded-run.ts';
import {
  startTestCore,
  temporaryFolder,
  waitFor,
  type TestClient,
  writeFiles,
} from '../support/test-core.ts';

const line = (step: number, loss: number | string) =>
  `12/21 01:39:51 [INFO|DP=0]: iteration: ${step} / 100 | lm_loss: ${loss} | lr: 0.0001 | eta: 0:00:10\n`;

async function openWith(files: Readonly<Record<string, string>>) {
  const folder = await temporaryFolder();
  await writeFiles(folder.path, files);
  const studio = await startTestCore();
  await studio.client.workspace.open({ path: folder.path });
  return {
    path: folder.path,
    client: studio.client,
    async [Symbol.asyncDispose]() {
      await studio[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Collects states until closed. */
async function follow(client: TestClient, source: SeriesSource) {
  const abort = new AbortController();
  const states: SeriesState[] = [];
  const stream = await client.series.watch({ source }, { signal: abort.signal });
  let isOver = false;
  const reading = (async () => {
    for await (const state of stream) states.push(state);
    isOver = true;
  })().catch(() => {});
  return {
    states,
    isOver: () => isOver,
    latest: () => states.at(-1),
    async [Symbol.asyncDispose]() {
      abort.abort();
      await reading;
    },
  };
}

async function pointsOf(client: TestClient, source: SeriesSource, tag: string, after = 0) {
  const { parts } = await readSeriesColumns(
    await client.series.columns({ source, tags: [tag], after: { [tag]: after } }),
  );
  const [part] = parts;
  return { first: part?.first, steps: [...(part?.steps ?? [])], values: [...(part?.values ?? [])] };
}

const log: SeriesSource = { kind: 'file', path: 'train.log' };

describe('a log file', () => {
  it('gives its series at once, and what is appended later, half lines included', async () => {
    await using workspace = await openWith({ 'train.log': line(1, 4) + line(2, 'nan') });
    const { client, path } = workspace;
    expect(await pointsOf(client, log, 'lm_loss')).toEqual({
      first: 0,
      steps: [1, 2],
      values: [4, Number.NaN],
    });
    await using feed = await follow(client, log);
    const text = line(3, 3.25);
    await appendFile(join(path, 'train.log'), text.slice(0, 60));
    await waitFor(() => feed.latest()?.readBytes === Buffer.byteLength(line(1, 4) + line(2, 'nan')) + 60);
    expect(feed.latest()?.points['lm_loss']).toBe(2);
    await appendFile(join(path, 'train.log'), text.slice(60));
    await waitFor(() => feed.latest()?.points['lm_loss'] === 3);
    expect(await pointsOf(client, log, 'lm_loss', 2)).toEqual({ first: 2, steps: [3], values: [3.25] });
    expect(feed.latest()).toMatchObject({ ended: false, skippedLines: 0 });
  });

  it('starts over when it is cut or replaced, with a new generation', async () => {
    await using workspace = await openWith({ 'train.log': line(1, 4) + line(2, 3) + line(3, 2) });
    const { client, path } = workspace;
    await using feed = await follow(client, log);
    await waitFor(() => feed.latest()?.points['lm_loss'] === 3);
    const generations = new Set([feed.latest()?.generation]);
    await truncate(join(path, 'train.log'), 0);
    await appendFile(join(path, 'train.log'), line(7, 9));
    await waitFor(() => feed.latest()?.points['lm_loss'] === 1);
    generations.add(feed.latest()?.generation);
    expect(await pointsOf(client, log, 'lm_loss')).toMatchObject({ steps: [7], values: [9] });
    await writeFile(join(path, 'aside'), line(1, 1) + line(2, 1));
    await rename(join(path, 'aside'), join(path, 'train.log'));
    await waitFor(() => feed.latest()?.points['lm_loss'] === 2);
    generations.add(feed.latest()?.generation);
    expect(generations.size).toBe(3);
    // Rewritten in place, and longer than before: only its content tells.
    await writeFile(join(path, 'train.log'), line(50, 5) + line(51, 5) + line(52, 5) + line(53, 5));
    await waitFor(() => feed.latest()?.points['lm_loss'] === 4);
    expect((await pointsOf(client, log, 'lm_loss')).steps).toEqual([50, 51, 52, 53]);
  });

  it('says that its file was removed, keeps what was read, and goes on with the next file of that name', async () => {
    await using workspace = await openWith({ 'train.log': line(1, 4) + line(2, 3) });
    const { client, path } = workspace;
    await using feed = await follow(client, log);
    await waitFor(() => feed.latest()?.points['lm_loss'] === 2);
    expect(feed.latest()?.isRemoved).toBe(false);
    await rename(join(path, 'train.log'), join(path, 'elsewhere.log'));
    await waitFor(() => feed.latest()?.isRemoved === true);
    expect(feed.latest()).toMatchObject({ points: { lm_loss: 2 }, ended: false });
    await writeFile(join(path, 'train.log'), line(9, 1));
    await waitFor(() => feed.latest()?.points['lm_loss'] === 1);
    expect(feed.latest()?.isRemoved).toBe(false);
  });

  it('reports at most ten states a second, and nothing is lost', async () => {
    await using workspace = await openWith({ 'train.log': '' });
    await using feed = await follow(workspace.client, log);
    const startMs = Date.now();
    let step = 0;
    while (step < 150 || feed.states.length < 3) {
      step += 1;
      await appendFile(join(workspace.path, 'train.log'), line(step, 2));
      await sleep(5);
    }
    await waitFor(() => feed.latest()?.points['lm_loss'] === step);
    const seconds = (Date.now() - startMs) / 1000;
    expect(feed.states.length).toBeGreaterThan(2);
    expect(feed.states.length).toBeLessThanOrEqual(Math.ceil(seconds * 10) + 3);
  });

  it('is refused outside the workspace, when missing, and when it is a folder', async () => {
    await using elsewhere = await temporaryFolder();
    await writeFiles(elsewhere.path, { 'x.log': line(1, 1) });
    await using workspace = await openWith({});
    await mkdir(join(workspace.path, 'folder'));
    await symlink(join(elsewhere.path, 'x.log'), join(workspace.path, 'link.log'));
    const columns = (path: string) =>
      workspace.client.series.columns({ source: { kind: 'file', path }, tags: ['a'], after: {} });
    await expect(columns('link.log')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(columns('folder')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(columns('missing.log')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const stream = await workspace.client.series.watch({ source: { kind: 'file', path: 'missing.log' } });
    await expect(stream.next()).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a run', () => {
  beforeAll(() => ensureChildBuilt('native-runner', 'native/runner'));

  it('streams its metrics, prefers them to the log, and ends with the run', async () => {
    await using workspace = await openWith({
      'job.mjs': `
import { appendFileSync, existsSync } from 'node:fs';
const pause = () => new Promise((resolve) => setTimeout(resolve, 30));
console.log('iteration: 1 / 9 | lm_loss: 5 | loss: 77');
for (let step = 1; step <= 20; step += 1) {
  do await pause();
  while (step === 11 && !existsSync('go'));
  appendFileSync(process.env.NESSO_METRICS, JSON.stringify({ step, time: Date.now() / 1000, loss: 1 / step }) + '\\n');
}
appendFileSync(process.env.NESSO_METRICS, '{"step": 21, "loss": 0.5}');
`,
    });
    const { client } = workspace;
    const command = `"${process.execPath}" job.mjs`;
    const run = await client.runs.launch({ recipe: 'command', name: 'r', parameters: { command } });
    const source: SeriesSource = { kind: 'run', id: run.id };
    await using feed = await follow(client, source);
    const counts = () => feed.states.map((state) => state.points['loss'] ?? 0);
    await waitFor(() => counts().includes(10));
    await writeFiles(workspace.path, { go: '' });
    await waitFor(() => feed.isOver());
    expect(feed.latest()).toMatchObject({ ended: true, points: { loss: 21, lm_loss: 1 } });
    expect(feed.latest()?.newestPointMs).toBeGreaterThan(run.createdMs);
    expect(counts()).toEqual(counts().toSorted((a, b) => a - b));
    const { steps, values } = await pointsOf(client, source, 'loss');
    expect(steps).toEqual(Array.from({ length: 21 }, (_, index) => index + 1));
    expect([values[3], values[20]]).toEqual([0.25, 0.5]);
    expect(await client.series.log({ source })).toMatchObject({
      text: expect.stringContaining('iteration: 1 / 9'),
    });
  });

  it('is drawn from its log where that has far more points than what was kept exactly', async () => {
    await using workspace = await openWith({});
    const { client, path } = workspace;
    const losses = Array.from({ length: 210 }, (_, step) => 6 - step / 100);
    recordRun(path, {
      id: 'nano',
      name: 'nano',
      rows: [0, 100, 200].map((step) => ({ step, 'train/loss': (losses[step] ?? 0) + 1e-9, 'val/bpb': 2 })),
    });
    const printed = losses.map(
      (loss, step) => `step ${step}/210 (1.00%) | loss: ${loss.toFixed(6)} | lrm: 1.00\n`,
    );
    await writeFiles(path, { 'runs/nano/log.txt': printed.join('') });
    const source = { kind: 'run', id: 'nano' } as SeriesSource;
    await using feed = await follow(client, source);
    await waitFor(() => feed.isOver());
    expect(feed.latest()?.points).toMatchObject({ 'train/loss': 210, 'val/bpb': 3 });
    const { steps, values } = await pointsOf(client, source, 'train/loss');
    expect(steps).toEqual(losses.map((_, step) => step));
    expect(values).toEqual(losses.map((loss) => Number(loss.toFixed(6))));
    // Of a metric that both have as often the exact values are drawn.
    recordRun(path, {
      id: 'even',
      name: 'even',
      rows: losses.map((loss, step) => ({ step, 'train/loss': loss + 1e-9 })),
    });
    await writeFiles(path, { 'runs/even/log.txt': printed.join('') });
    const even = await pointsOf(client, { kind: 'run', id: 'even' } as SeriesSource, 'train/loss');
    expect(even.values).toEqual(losses.map((loss) => loss + 1e-9));
  });

  it('says so when there is none', async () => {
    await using workspace = await openWith({});
    const source = { kind: 'run', id: 'nothing' } as SeriesSource;
    await expect(workspace.client.series.log({ source })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('the raw log', () => {
  it('comes in pieces that never cut a character, forwards and from the end', async () => {
    const text = `${'perché è così — 日本語 🙂 '.repeat(40)}\nlast line è\n`;
    await using workspace = await openWith({ 'train.log': text });
    for (const limitBytes of [4, 5, 6, 7, 11, 1000]) {
      let joined = '';
      for (let start = 0; start < Buffer.byteLength(text); ) {
        const chunk = await workspace.client.series.log({ source: log, start, limitBytes });
        expect(chunk.start).toBe(start);
        expect(chunk.end).toBeGreaterThan(start);
        joined += chunk.text;
        start = chunk.end;
      }
      expect(joined).toBe(text);
    }
    const tail = await workspace.client.series.log({ source: log, limitBytes: 100 });
    expect(tail.text).toBe('last line è\n');
    expect(tail.end).toBe(tail.sizeBytes);
  });

  it('leaves a half-written character for the next call', async () => {
    await using workspace = await openWith({ 'train.log': '' });
    const path = join(workspace.path, 'train.log');
    await writeFile(path, Buffer.from('ab\xc3', 'latin1'));
    const first = await workspace.client.series.log({ source: log, start: 0 });
    expect(first).toMatchObject({ text: 'ab', end: 2, sizeBytes: 3 });
    await appendFile(path, Buffer.from('\xa8!', 'latin1'));
    expect((await workspace.client.series.log({ source: log, start: first.end })).text).toBe('è!');
  });
});

describe('sharing and memory', () => {
  it('opens a source once for all readers and releases it after the last', async () => {
    await using folder = await temporaryFolder();
    await writeFiles(folder.path, { 'a.log': line(1, 2) });
    const pool = createSourcePool(50);
    const files = {
      files: [{ path: join(folder.path, 'a.log'), prefix: '' }],
      isOver: async () => false,
    };
    const first = pool.lease('a', files);
    const second = pool.lease('a', files);
    expect([second.source === first.source, first.isFirst, second.isFirst]).toEqual([true, true, false]);
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    await sleep(120);
    expect(pool.openCount).toBe(1);
    second[Symbol.dispose]();
    await waitFor(() => pool.openCount === 0);
    for (let index = 0; index < 20; index += 1) pool.lease(`k${index}`, files)[Symbol.dispose]();
    expect(pool.openCount).toBeLessThanOrEqual(4);
    await pool.dispose();
    expect(pool.openCount).toBe(0);
  });
});

describe('readSeriesFile', () => {
  it('reads a whole file, counts broken lines, and can be cancelled', async () => {
    await using folder = await temporaryFolder();
    await writeFiles(folder.path, { 'a.log': line(1, 2) + line(2, 'oops') + line(3, 1.5).trimEnd() });
    const path = join(folder.path, 'a.log');
    expect(await readSeriesFile(path)).toMatchObject({
      series: { lm_loss: { step: [1, 3], value: [2, 1.5] }, lr: { step: [1, 2, 3] } },
      skippedLines: 1,
      totalSteps: 100,
    });
    await expect(readSeriesFile(path, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
    await expect(readSeriesFile(folder.path)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('an overview', () => {
  const look = {
    x: 'steps',
    withoutWaits: false,
    logarithmicX: false,
    logarithmicY: false,
    y: 'all',
  } as const;
  const row = (step: number, loss: number | string) => `{"step": ${step}, "loss": ${loss}}\n`;
  const metrics: SeriesSource = { kind: 'file', path: 'metrics.jsonl' };
  const curve = (tag: string, source = metrics) => ({ source, tag, tokensPerStep: 512 });
  const ask = async (client: TestClient, request: OverviewRequest) =>
    readOverview(await client.series.overview(request), request);

  it('is the picture of all points in a few of them, and another one when there are more', async () => {
    const rows = Array.from({ length: 20_000 }, (_, step) =>
      row(step, step === 7_777 ? 'NaN' : step === 12_345 ? 99 : 3 + Math.sin(step)),
    );
    await using workspace = await openWith({ 'metrics.jsonl': rows.join('') });
    const { client, path } = workspace;
    const request: OverviewRequest = {
      curves: [curve('loss'), curve('nothing')],
      look: { ...look, y: 'robust' },
      span: { unit: 'tokens', amount: 512 * 20 },
      columns: 200,
    };
    const { curves, middle } = await ask(client, request);
    const [loss, nothing] = curves;
    expect(loss).toMatchObject({ total: 20_000, points: 20_000, notFinite: 1, outside: 1 });
    expect(middle?.max).toBeLessThan(10);
    expect(nothing).toMatchObject({ total: 0, kept: 0 });
    expect(loss?.kept).toBeLessThan(200 * 12);
    const all = await pointsOf(client, metrics, 'loss');
    const [steps, values] = [Float64Array.from(all.steps), Float64Array.from(all.values)];
    const range = { from: 0, to: 19_999, columns: 200 };
    const drawn = envelopeOf(loss?.x ?? steps, loss?.values ?? values, range);
    const whole = envelopeOf(steps, values, range);
    expect([drawn.min, drawn.max, drawn.first, drawn.last]).toEqual([
      whole.min,
      whole.max,
      whole.first,
      whole.last,
    ]);
    const tokens = steps.map((step) => step * 512);
    const smoothed = envelopeOf(steps, smooth(tokens, values, 512 * 20), range);
    expect(envelopeOf(loss?.x ?? steps, loss?.smoothed ?? values, range).max).toEqual(smoothed.max);
    await appendFile(join(path, 'metrics.jsonl'), row(20_000, 7));
    await using feed = await follow(client, metrics);
    await waitFor(() => feed.latest()?.points['loss'] === 20_001);
    expect(feed.latest()?.isReading).toBe(false);
    expect((await ask(client, request)).curves[0]).toMatchObject({ total: 20_001, points: 20_001 });
  });

  it('lays several files over one axis, and counts tokens where that is asked', async () => {
    await using workspace = await openWith({
      'metrics.jsonl': row(1, 4) + row(2, 3),
      'other.jsonl': row(10, 2) + row(100, 1),
    });
    const other: SeriesSource = { kind: 'file', path: 'other.jsonl' };
    const { curves } = await ask(workspace.client, {
      curves: [curve('loss'), curve('loss', other), { ...curve('loss', other), tokensPerStep: null }],
      look: { ...look, x: 'tokens' },
      span: null,
      columns: 10,
    });
    expect(curves.map(({ x, smoothed }) => [[...x], smoothed])).toEqual([
      [[512, 1024], null],
      [[5120, 51_200], null],
      // Nobody knows its tokens: it does not stand on this axis.
      [[], null],
    ]);
  });

  it('is refused without pixels, without curves, with too many, and of a file that is not there', async () => {
    await using workspace = await openWith({ 'metrics.jsonl': row(1, 4) });
    const good: OverviewRequest = { curves: [curve('loss')], look, span: null, columns: 10 };
    const refused = async (change: Partial<OverviewRequest>, code: string) =>
      expect(workspace.client.series.overview({ ...good, ...change })).rejects.toMatchObject({ code });
    await refused({ columns: 0 }, 'INVALID_INPUT');
    await refused({ columns: 1e9 }, 'INVALID_INPUT');
    await refused({ curves: [] }, 'INVALID_INPUT');
    await refused({ curves: Array.from({ length: 65 }, () => curve('loss')) }, 'INVALID_INPUT');
    await refused({ span: { unit: 'steps', amount: 0 } }, 'INVALID_INPUT');
    await refused({ curves: [curve('loss', { kind: 'file', path: 'missing.jsonl' })] }, 'NOT_FOUND');
    await refused({ curves: [curve('loss', { kind: 'file', path: '../x.jsonl' })] }, 'INVALID_INPUT');
  });
});
