// The studio's own health: the doctor's report, the stream of events, and settings.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureBuilt } from '../../scripts/ensure-built.mjs';
import type { StudioClient } from '../../core/api/contract.ts';
import type { SystemEvent } from '../../core/api/system.ts';
import { type Core, createCore } from '../../core/core.ts';
import { createClient } from '../../core/rpc/client.ts';
import { connectionClosed } from '../../core/rpc/connection-closed.ts';
import { routerLink } from '../../core/rpc/router-link.ts';

let stateFolder: string;
let core: Core;
let client: StudioClient;

beforeAll(async () => {
  ensureBuilt();
  stateFolder = await mkdtemp(join(tmpdir(), 'nesso-system-'));
  core = createCore({ appFolder: process.cwd(), stateFolder, version: '1.2.3', host: 'test' });
  client = createClient<StudioClient>(routerLink(core.router, core.context));
});

afterAll(async () => {
  await core.dispose();
  await rm(stateFolder, { recursive: true });
});

test('the doctor loads every native runtime and measures memory and disk', async () => {
  const report = await client.system.doctor();
  expect(report.studio).toBe('1.2.3');
  expect(report.node).toBe(process.versions.node);
  expect(report.runtimes.map((check) => [check.name, check.status])).toEqual([
    ['DuckDB', 'ok'],
    ['llama.cpp', 'ok'],
    ['ONNX Runtime', 'ok'],
  ]);
  expect(report.tools.map((check) => check.name)).toEqual(['OpenSSH', 'git']);
  expect(report.diskBytes.free).toBeGreaterThan(0);
  expect(report.diskBytes.free).toBeLessThanOrEqual(report.diskBytes.total);
  expect(report.memoryBytes.free).toBeLessThan(report.memoryBytes.total);
});

test('an installation without bundles is reported, not thrown', async () => {
  const bare = createCore({ appFolder: stateFolder, stateFolder, version: '1', host: 'test' });
  const bareClient = createClient<StudioClient>(routerLink(bare.router, bare.context));
  const report = await bareClient.system.doctor();
  expect(report.runtimes.map((check) => check.status)).toEqual(['missing', 'missing', 'missing']);
  expect(report.runtimes[0]?.hint).toContain('install');
  await bare.dispose();
});

test('events begin with status and activities, then bring notices and the state of long work', async () => {
  const abort = new AbortController();
  const seen: SystemEvent[] = [];
  const events = await client.system.events(undefined, { signal: abort.signal });
  const reading = (async () => {
    for await (const event of events) {
      seen.push(event);
      if (seen.length === 2) {
        core.context.notices.post({
          severity: 'warning',
          title: 'The model runtime ended',
          detail: 'Started again',
        });
        void core.context.activities.run({ title: 'Indexing', unit: 'rows' }, async ({ progress }) =>
          progress(5, 10),
        );
      }
      if (seen.some(isFinishedActivity) && seen.some((one) => one.kind === 'notice')) abort.abort();
    }
  })();
  await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
  expect(seen.slice(0, 2).map((event) => event.kind)).toEqual(['status', 'activities']);
  expect(seen[0]).toMatchObject({
    status: { runningJobs: 0, targets: [{ name: 'This computer', connected: true }] },
  });
  const notice = seen.find((event) => event.kind === 'notice');
  expect(notice).toMatchObject({ notice: { severity: 'warning', title: 'The model runtime ended' } });
});

function isFinishedActivity(event: SystemEvent): boolean {
  return event.kind === 'activities' && event.activities.some((activity) => activity.state === 'done');
}

test('cancelling an activity aborts its work', async () => {
  const work = core.context.activities.run({ title: 'Copying', unit: 'B' }, ({ signal }) => {
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(new DOMException('stopped', 'AbortError')));
    });
  });
  const running = core.context.activities.list().find((activity) => activity.title === 'Copying');
  await client.system.cancelActivity({ id: running?.id ?? '' });
  await expect(work).rejects.toMatchObject({ name: 'AbortError' });
});

test.each([true, false])('work that writes a file goes on without its window (%s)', async (outlives) => {
  const caller = new AbortController();
  let finish = () => {};
  const title = `Writing, ${outlives}`;
  const work = core.context.activities.run(
    { title, unit: 'rows', signal: caller.signal, outlives },
    ({ signal }) =>
      new Promise<string>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new DOMException('stopped', 'AbortError')));
        finish = () => resolve('written');
      }),
  );
  caller.abort(connectionClosed());
  finish();
  if (outlives) expect(await work).toBe('written');
  else await expect(work).rejects.toMatchObject({ name: 'AbortError' });
  const state = core.context.activities.list().find((activity) => activity.title === title)?.state;
  expect(state).toBe(outlives ? 'done' : 'cancelled');
});

test('it ends when it is cancelled, and with core', async () => {
  const hanging = ({ signal }: { readonly signal: AbortSignal }) =>
    new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(new DOMException('stopped', 'AbortError')));
    });
  const caller = new AbortController();
  const options = { title: 'Writing', unit: 'rows', signal: caller.signal, outlives: true };
  const cancelled = core.context.activities.run(options, hanging);
  caller.abort();
  await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
  const other = createCore({ ...core.context.options });
  const ended = other.context.activities.run({ ...options, signal: undefined }, hanging);
  ended.catch(() => undefined);
  await other.dispose();
  await expect(ended).rejects.toMatchObject({ name: 'AbortError' });
});

test('of one key only one runs: a second is told, and waits for one that was cancelled to end', async () => {
  const { activities } = core.context;
  const options = { title: 'Answers', unit: 'answers', key: 'votes/one' };
  const order: string[] = [];
  let clean: (() => void) | null = null;
  const first = activities.run(options, async ({ signal }) => {
    await new Promise((resolve) => {
      signal.addEventListener('abort', resolve);
    });
    await new Promise<void>((resolve) => {
      clean = resolve;
    });
    order.push('first ended');
    signal.throwIfAborted();
  });
  first.catch(() => undefined);
  await expect.poll(() => activities.list().some(({ key }) => key === 'votes/one')).toBe(true);
  await expect(activities.run(options, async () => 0)).rejects.toMatchObject({ code: 'CONFLICT' });
  activities.cancel(activities.list().find(({ key }) => key === 'votes/one')?.id ?? '');
  const second = activities.run(options, async () => order.push('second began'));
  await expect.poll(() => clean).not.toBeNull();
  (clean as (() => void) | null)?.();
  await second;
  expect(order).toEqual(['first ended', 'second began']);
  await expect(first).rejects.toMatchObject({ name: 'AbortError' });
});

test('settings keep what was not sent, and a damaged file counts as empty', async () => {
  await client.system.writeSettings({ theme: 'dark' });
  await client.system.writeSettings({ mfuPercent: 42 });
  expect(await client.system.readSettings()).toMatchObject({
    theme: 'dark',
    mfuPercent: 42,
    tourDone: false,
  });
  await writeFile(join(stateFolder, 'settings.json'), '{"theme": ');
  expect(await client.system.readSettings()).toMatchObject({ theme: 'system' });
});
