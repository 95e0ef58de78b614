// The watchdog over real runs: a trainer that writes what Nanotron writes, with faults planted where the test knows them.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Finding } from '../../../core/api/findings.ts';
import type { RunId } from '../../../core/api/runs.ts';
import type { Notice } from '../../../core/api/system.ts';
import { addFakeNanotron, FAKE_RECIPE, type FakeSchedule } from '../../support/nanotron-workspace.ts';
import {
  startTestCore,
  temporaryFolder,
  type TestClient,
  type TestCore,
  waitFor,
  writeFiles,
} from '../../support/test-core.ts';
import { ensureChildBuilt } from '../../support/built-child.ts';

const LIMIT_MS = 180_000;

beforeAll(() => ensureChildBuilt('native-runner', 'native/runner'));

async function openWorkspace(core: TestCore, path: string, schedule?: FakeSchedule): Promise<void> {
  await writeFiles(path, { 'studio.yaml': 'name: watched\n' });
  await addFakeNanotron(path, schedule);
  await core.client.workspace.open({ path });
}

function noticesOf(core: TestCore): readonly Notice[] {
  const notices: Notice[] = [];
  core.core.context.notices.bus.subscribe((notice) => notices.push(notice));
  return notices;
}

async function launch(client: TestClient, options: string): Promise<RunId> {
  const parameters = { config: 'configs/fake.yaml', options };
  return (await client.runs.launch({ recipe: FAKE_RECIPE, name: 'watched', parameters })).id;
}

async function findingsOf(client: TestClient, id: RunId): Promise<readonly Finding[]> {
  return (await client.monitor.report({ id })).findings;
}

async function logOf(workspace: string, id: RunId): Promise<string> {
  return readFile(join(workspace, 'runs', id, 'log.txt'), 'utf8').catch(() => '');
}

/** Resolves when a studio has read all points of the run, asked the clock and written down what it found. */
async function watchedAnew(client: TestClient, id: RunId): Promise<void> {
  const listening = new AbortController();
  const { signal } = listening;
  const events = await client.monitor.watch(undefined, { signal });
  // Whoever watches the list has a live run looked at soon.
  const runs = await client.runs.watch(undefined, { signal });
  const heard = (async () => {
    for await (const event of runs) if (signal.aborted) return event;
  })().catch(() => undefined);
  for await (const event of events) if (event.kind === 'changed' && event.report.id === id) break;
  listening.abort();
  await heard;
}

test.concurrent('every planted fault is found at its step, told once, and known to the next studio', {
  timeout: LIMIT_MS * 2,
}, async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'w');
  let id: RunId;
  {
    await using core = await startTestCore();
    const notices = noticesOf(core);
    await openWorkspace(core, path, { trainSteps: 600, checkpointInterval: 100 });
    id = await launch(
      core.client,
      '--steps=600 --interval-ms=10 --spike-at=150 --norm-at=220 --slow-from=260 --slow-to=330 --zero-rate-from=400 --half-checkpoint-at=300 --hang-at=520',
    );
    await waitFor(async () => (await logOf(path, id)).includes('iteration: 519 /'), LIMIT_MS);
    // Only now: a busy computer may keep a trainer that is well from writing for as long.
    await core.client.monitor.setWorkspaceThresholds({ stallSeconds: 4 });
    const expected = [
      'loss-spike',
      'grad-norm',
      'throughput-drop',
      'rate-off-schedule',
      'checkpoint-incomplete',
      'stalled',
    ];
    const found = await waitFor(async () => {
      const findings = await findingsOf(core.client, id);
      return expected.every((kind) => findings.some((finding) => finding.kind === kind)) ? findings : null;
    }, LIMIT_MS);
    const stepOf = (kind: string) => found.find((finding) => finding.kind === kind)?.step ?? Number.NaN;
    // While it was slow its MFU was low, too.
    expect(found.map(({ kind }) => kind).sort()).toEqual([...expected, 'low-mfu'].sort());
    expect(stepOf('loss-spike')).toBe(150);
    expect(stepOf('grad-norm')).toBe(220);
    expect(stepOf('throughput-drop')).toBeGreaterThanOrEqual(260);
    expect(stepOf('throughput-drop')).toBeLessThan(275);
    expect(stepOf('rate-off-schedule')).toBe(400);
    expect(stepOf('checkpoint-incomplete')).toBe(300);
    expect(stepOf('stalled')).toBe(519);
    expect(found.find(({ kind }) => kind === 'loss-spike')).toMatchObject({ isOver: true });
    expect(found.find(({ kind }) => kind === 'stalled')).toMatchObject({ isOver: false });
    for (const finding of found) {
      expect(finding.explanation).toMatch(/\d/);
      expect(finding.advice.length).toBeGreaterThan(20);
    }
    await waitFor(() => notices.some(({ title }) => title.includes('Nothing new')));
    const titles = notices.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);

    const spike = found.find(({ kind }) => kind === 'loss-spike');
    await core.client.monitor.acknowledge({ id, finding: spike?.id ?? '' });
    await core.client.monitor.mute({ id, kind: 'grad-norm', isMuted: true });
    await expect(core.client.monitor.acknowledge({ id, finding: 'nothing@5' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  }
  // Another studio reads the same points anew: nothing is found twice, nothing is told again.
  await using second = await startTestCore();
  const notices = noticesOf(second);
  await second.client.workspace.open({ path });
  const before = await findingsOf(second.client, id);
  await watchedAnew(second.client, id);
  const after = await second.client.monitor.report({ id });
  expect(after.findings.map(({ id: name }) => name).sort()).toEqual(
    before.map(({ id: name }) => name).sort(),
  );
  expect(after.findings.filter(({ acknowledgedMs }) => acknowledgedMs !== null)).toHaveLength(1);
  expect(after.muted).toEqual(['grad-norm']);
  await second.client.runs.stop({ id, graceMs: 0 });
  await waitFor(async () => (await second.client.runs.list())[0]?.state === 'stopped');
  // What the clock found does not go on when the run is over.
  await waitFor(async () =>
    (await findingsOf(second.client, id)).every(({ kind, isOver }) => kind !== 'stalled' || isOver),
  );
  expect((await findingsOf(second.client, id)).map(({ id: name }) => name).sort()).toEqual(
    before.map(({ id: name }) => name).sort(),
  );
  expect(notices.filter(({ title }) => title.startsWith('watched'))).toEqual([]);
});

test.concurrent('a calm run raises nothing, though it saves checkpoints and changes its data', {
  timeout: LIMIT_MS,
}, async () => {
  await using folder = await temporaryFolder();
  await using core = await startTestCore();
  const notices = noticesOf(core);
  await openWorkspace(core, join(folder.path, 'w'), { trainSteps: 600, checkpointInterval: 50 });
  const id = await launch(core.client, '--steps=600 --interval-ms=8 --checkpoint-interval=50');
  await waitFor(async () => (await core.client.runs.list())[0]?.state === 'done', LIMIT_MS);
  await waitFor(async () => {
    const text = await readFile(join(folder.path, 'w/runs', id, 'watch.json'), 'utf8').catch(() => '');
    return text.includes('"isComplete": true');
  }, LIMIT_MS);
  expect(await findingsOf(core.client, id)).toEqual([]);
  expect(notices.filter(({ title }) => title.startsWith('watched'))).toEqual([]);
  const numbers = await core.client.monitor.numbers({ id });
  expect(numbers).toMatchObject({
    step: 600,
    trainSteps: 600,
    timeLeft: null,
    stage: { name: 'decay', index: 1 },
  });
  expect(numbers.mfu?.value).toBeGreaterThan(0.15);
  expect((await core.client.checkpoints.list({ id })).checkpoints).toHaveLength(12);
});

test.concurrent('a rule stops a run whose loss is no number, once, and says so', {
  timeout: LIMIT_MS,
}, async () => {
  await using folder = await temporaryFolder();
  await using core = await startTestCore();
  const notices = noticesOf(core);
  await openWorkspace(core, join(folder.path, 'w'), { trainSteps: 100_000 });
  const id = await launch(core.client, '--steps=100000 --interval-ms=10 --nan-from=400');
  await core.client.monitor.setStopRule({ id, rule: { kinds: ['not-finite'], graceSeconds: 5 } });
  const run = await waitFor(async () => {
    const [found] = await core.client.runs.list();
    return found?.state === 'stopped' ? found : null;
  }, LIMIT_MS);
  expect(run.end?.reason).toBeTruthy();
  const report = await core.client.monitor.report({ id });
  expect(report.stopped).toMatchObject({ finding: 'not-finite@400' });
  const told = () => notices.filter(({ title }) => title.includes('stopped by its rule')).length;
  await waitFor(() => told() > 0);
  expect(told()).toBe(1);
});

test.concurrent('what others left in watch.json or watchdog.json does not keep a run from being watched', {
  timeout: LIMIT_MS,
}, async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'w');
  await using core = await startTestCore();
  await openWorkspace(core, path, { trainSteps: 5000 });
  await writeFile(join(path, 'watchdog.json'), '{"spikeDeviations": "many"');
  const id = await launch(core.client, '--steps=5000 --interval-ms=10 --spike-at=200');
  await writeFile(join(path, 'runs', id, 'watch.json'), '\u0000\u0001 not json');
  await waitFor(
    async () => (await findingsOf(core.client, id)).some(({ id: name }) => name === 'loss-spike@200'),
    LIMIT_MS,
  );
  await core.client.runs.stop({ id, graceMs: 0 });
  expect(await core.client.monitor.workspaceThresholds()).toMatchObject({ spikeDeviations: 8 });
});
