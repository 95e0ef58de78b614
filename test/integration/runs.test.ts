// Runs as real processes: they outlive the core, end as they should, and leave readable state whatever is killed.
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Run, RunEvent } from '../../core/api/runs.ts';
import { identifyProcess, isAlive } from '../../native/runner/process-identity.ts';
import { processFile } from '../../core/lib/runs/run-files.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { signalGroup, signalProcess } from '../support/processes.ts';
import {
  startTestCore,
  temporaryFolder,
  waitFor,
  writeFiles,
  type TestClient,
} from '../support/test-core.ts';

/**
 * A job that writes a metric every 20 ms; options: how many, exit code, deafness to SIGTERM, whether it sets the clock and takes its time
 * to save when it is asked to end, a child of its own, whether it waits after the tenth until there is a file `go`.
 */
const job = `
import { appendFileSync, existsSync } from 'node:fs';
import { spawn } from 'node:child_process';
const [steps, code, ...flags] = process.argv.slice(2);
if (flags.includes('deaf')) process.on('SIGTERM', () => console.log('not listening'));
const save = () => (console.log('saved'), process.exit(0));
if (flags.includes('saves')) process.on('SIGTERM', () => (appendFileSync('tomorrow', ''), setTimeout(save, 1000)));
if (flags.includes('parent')) spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
const write = (value) => appendFileSync(process.env.NESSO_METRICS, JSON.stringify(value) + '\\n');
write({ kind: 'start', time: Date.now() / 1000, total_steps: Number(steps) });
for (let step = 1; step <= Number(steps); step += 1) {
  write({ step, time: Date.now() / 1000, loss: 1 / step });
  do await new Promise((resolve) => setTimeout(resolve, 20));
  while (step === 10 && flags.includes('wait') && !existsSync('go'));
}
console.error('last words');
process.exit(Number(code));
`;

afterEach(() => void vi.unstubAllEnvs());

async function startStudio(path: string) {
  const studio = await startTestCore();
  await studio.client.workspace.open({ path });
  return studio;
}

async function workspaceWithJob() {
  const folder = await temporaryFolder();
  await writeFiles(folder.path, { 'job.mjs': job });
  return folder;
}

const commandOf = (...words: readonly (string | number)[]) =>
  `"${process.execPath}" job.mjs ${words.join(' ')}`;

function launch(client: TestClient, command: string, name = 'My run'): Promise<Run> {
  return client.runs.launch({ recipe: 'command', name, parameters: { command } });
}

async function stateOf(client: TestClient, id: string): Promise<Run> {
  const runs = await client.runs.list();
  const run = runs.find((candidate) => candidate.id === id);
  if (!run) throw new Error(`${id} is not in the list`);
  return run;
}

async function processesOf(workspace: string, run: Run) {
  return processFile.parse(JSON.parse(await readFile(join(workspace, run.folder, 'process.json'), 'utf8')));
}

const until = (client: TestClient, id: string, state: Run['state']) =>
  waitFor(async () => {
    const run = await stateOf(client, id);
    return run.state === state && run;
  }, 180_000);

beforeAll(() => ensureChildBuilt('native-runner', 'native/runner'));

describe('a run', () => {
  it('runs to its end, with log, metrics, duration and its record', async () => {
    await using folder = await workspaceWithJob();
    await using studio = await startStudio(folder.path);
    const started = await launch(studio.client, commandOf(5, 0), 'Prova n°1: “ciao”');
    expect(started.id).toMatch(/^prova-n-1-ciao-\d{4}-\d\d-\d\d$/);
    const done = await until(studio.client, started.id, 'done');
    expect(done).toMatchObject({
      latest: { loss: 0.2 },
      latestStep: 5,
      totalSteps: 5,
      end: { exitCode: 0, signal: null, reason: 'Finished' },
    });
    expect(done.end?.endedMs).toBeGreaterThanOrEqual(done.startedMs ?? Number.NaN);
    expect(await readFile(join(folder.path, done.folder, 'log.txt'), 'utf8')).toBe('last words\n');
    const record = JSON.parse(await readFile(join(folder.path, done.folder, 'run.json'), 'utf8'));
    expect(record).toMatchObject({ command: [process.execPath, 'job.mjs', '5', '0'], end: { exitCode: 0 } });
    expect(record.history.map((entry: { state: string }) => entry.state)).toEqual([
      'starting',
      'running',
      'done',
    ]);
  });

  it('reports a failure with its exit code and last words, and a program that is not there', async () => {
    await using folder = await workspaceWithJob();
    await using studio = await startStudio(folder.path);
    const failing = await launch(studio.client, commandOf(1, 3));
    expect((await until(studio.client, failing.id, 'failed')).end).toMatchObject({
      exitCode: 3,
      reason: 'Exit code 3. Last line of the log: last words',
    });
    const missing = await launch(studio.client, 'no-such-program --flag');
    expect((await until(studio.client, missing.id, 'failed')).end?.reason).toMatch(
      /no-such-program was not found/,
    );
  });

  it('says so when the supervisor itself cannot be started', async () => {
    await using app = await temporaryFolder();
    await writeFiles(app.path, {
      'resources/recipes/c/recipe.yaml': 'id: c\ntitle: C\ndescription: d\ncommand: [node]\n',
    });
    await using folder = await workspaceWithJob();
    await using studio = await startTestCore({ appFolder: app.path });
    await studio.client.workspace.open({ path: folder.path });
    const run = await studio.client.runs.launch({ recipe: 'c', name: 'x', parameters: {} });
    expect(run).toMatchObject({
      state: 'failed',
      end: { reason: expect.stringContaining('could not be started') },
    });
  });

  it('passes hostile values as plain arguments', async () => {
    await using folder = await workspaceWithJob();
    await using studio = await startStudio(folder.path);
    const script = 'console.log(JSON.stringify(process.argv.slice(1)))';
    const value = '; touch hacked; $(touch hacked) `touch hacked` > hacked';
    const run = await launch(studio.client, `"${process.execPath}" -e '${script}' -- "${value}"`);
    await until(studio.client, run.id, 'done');
    const log = await readFile(join(folder.path, run.folder, 'log.txt'), 'utf8');
    expect(JSON.parse(log)).toEqual([value]);
    await expect(stat(join(folder.path, 'hacked'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('outlives the core and is found again by the next one', async () => {
    await using folder = await workspaceWithJob();
    let id = '';
    {
      await using first = await startStudio(folder.path);
      id = (await launch(first.client, commandOf(20, 0, 'wait'))).id;
    }
    await using second = await startStudio(folder.path);
    const found = await stateOf(second.client, id);
    expect(found.state).toBe('running');
    await writeFiles(folder.path, { go: '' });
    expect((await until(second.client, id, 'done')).latestStep).toBe(20);
  });

  it('ended while no studio was there, and its end is known', async () => {
    await using folder = await workspaceWithJob();
    let run: Run;
    {
      await using first = await startStudio(folder.path);
      run = await launch(first.client, commandOf(10, 7));
    }
    await waitFor(() => stat(join(folder.path, run.folder, 'exit.json')).catch(() => null));
    await using second = await startStudio(folder.path);
    expect(await stateOf(second.client, run.id)).toMatchObject({ state: 'failed', end: { exitCode: 7 } });
  });
});

function isGroupThere(pid: number): boolean {
  try {
    return process.kill(-pid, 0);
  } catch {
    return false;
  }
}

describe('stopping', () => {
  it('stops a job and its children, also when asked twice', async () => {
    await using folder = await workspaceWithJob();
    await using studio = await startStudio(folder.path);
    const run = await launch(studio.client, commandOf(10_000, 0, 'parent'));
    await studio.client.runs.stop({ id: run.id, graceMs: 3000 });
    expect((await stateOf(studio.client, run.id)).state).toMatch(/stopping|stopped/);
    await studio.client.runs.stop({ id: run.id, graceMs: 3000 });
    const stopped = await until(studio.client, run.id, 'stopped');
    expect(stopped.end).toMatchObject({ signal: 'SIGTERM', reason: 'Stopped on request' });
    await studio.client.runs.stop({ id: run.id, graceMs: 3000 });
    // Its children may still be waiting for somebody to take note of their end.
    await waitFor(() => !isGroupThere(run.pid ?? 0));
  });

  it('kills a job that does not listen after the grace', async () => {
    await using folder = await workspaceWithJob();
    await using studio = await startStudio(folder.path);
    const run = await launch(studio.client, commandOf(10_000, 0, 'deaf'));
    await waitFor(async () => (await stateOf(studio.client, run.id)).latestStep);
    await studio.client.runs.stop({ id: run.id, graceMs: 400 });
    const stopped = await until(studio.client, run.id, 'stopped');
    // It listened before its first step.
    expect(stopped.end?.signal).toBe('SIGKILL');
  });

  it('leaves a job its time to save when the clock is set a day ahead meanwhile', async () => {
    await using folder = await workspaceWithJob();
    const hook = join(folder.path, 'clock.mjs');
    await writeFile(
      hook,
      `import { existsSync } from 'node:fs';
       const now = Date.now;
       Date.now = () => now() + (existsSync('../../tomorrow') ? 86_400_000 : 0);`,
    );
    vi.stubEnv('NODE_OPTIONS', `--import=${pathToFileURL(hook).href}`);
    await using studio = await startStudio(folder.path);
    const run = await launch(studio.client, commandOf(10_000, 0, 'saves'));
    await waitFor(async () => (await stateOf(studio.client, run.id)).latestStep);
    await studio.client.runs.stop({ id: run.id, graceMs: 120_000 });
    const stopped = await until(studio.client, run.id, 'stopped');
    expect(stopped.end?.signal).not.toBe('SIGKILL');
    expect(await readFile(join(folder.path, run.folder, 'log.txt'), 'utf8')).toContain('saved');
  });
});

describe('kill -9', () => {
  it('of the job: failed, with the signal', async () => {
    await using folder = await workspaceWithJob();
    await using studio = await startStudio(folder.path);
    const run = await launch(studio.client, commandOf(10_000, 0));
    signalProcess(run.pid, 'SIGKILL');
    expect((await until(studio.client, run.id, 'failed')).end).toMatchObject({
      exitCode: null,
      signal: 'SIGKILL',
      reason: expect.stringMatching(/^Killed by SIGKILL/),
    });
  });

  it('of the supervisor: the job works on and can be stopped; with both gone the run is lost', async () => {
    await using folder = await workspaceWithJob();
    await using studio = await startStudio(folder.path);
    const orphan = await launch(studio.client, commandOf(10_000, 0), 'orphan');
    const lost = await launch(studio.client, commandOf(10_000, 0), 'lost');
    for (const run of [orphan, lost])
      process.kill((await processesOf(folder.path, run)).supervisor.pid, 'SIGKILL');
    expect((await stateOf(studio.client, orphan.id)).state).toBe('running');
    await studio.client.runs.stop({ id: orphan.id, graceMs: 2000 });
    expect((await until(studio.client, orphan.id, 'stopped')).end?.reason).toContain('supervisor was gone');
    signalGroup(lost.pid, 'SIGKILL');
    expect((await until(studio.client, lost.id, 'lost')).end?.reason).toMatch(/supervisor process vanished/);
  });

  it('never takes another process with the same number for the job', async () => {
    const own = await identifyProcess(process.pid);
    if (!own) throw new Error('this process has no identity');
    expect(await isAlive(own)).toBe(true);
    expect(await isAlive({ ...own, startToken: 'another boot:1' })).toBe(false);
    expect(await isAlive({ ...own, host: 'another-computer' })).toBeNull();

    await using folder = await workspaceWithJob();
    await using studio = await startStudio(folder.path);
    const run = await launch(studio.client, commandOf(1, 0));
    await until(studio.client, run.id, 'done');
    const { supervisor } = await processesOf(folder.path, run);
    await waitFor(async () => (await isAlive(supervisor)) === false);
    const impostor = { ...own, startToken: 'earlier' };
    await writeFiles(folder.path, {
      'runs/reused/run.json': (await readFile(join(folder.path, run.folder, 'run.json'), 'utf8'))
        .replace(/"end": \{[\s\S]*?\}/, '"end": null')
        .replace(run.id, 'reused'),
      'runs/reused/process.json': JSON.stringify({ supervisor, job: impostor, startedMs: 1 }),
    });
    await studio.client.runs.stop({ id: 'reused' as Run['id'] });
    expect((await stateOf(studio.client, 'reused')).state).toBe('lost');
  });
});

describe('the list', () => {
  it('shows damaged and half-written folders without losing the others', async () => {
    await using folder = await workspaceWithJob();
    await using studio = await startStudio(folder.path);
    const run = await launch(studio.client, commandOf(1, 0));
    await writeFiles(folder.path, {
      'runs/broken/run.json': '{"format": 1, "id"',
      'runs/Bad Name/run.json': '{}',
    });
    await mkdir(join(folder.path, 'runs/empty'));
    await until(studio.client, run.id, 'done');
    const list = await studio.client.runs.list();
    expect(list.map((entry) => entry.id).sort()).toEqual(['broken', run.id].sort());
    expect(await stateOf(studio.client, 'broken')).toMatchObject({
      state: 'lost',
      end: { reason: expect.stringContaining('run.json cannot be read') },
    });
  });

  it('shows a loss that is not a number', async () => {
    await using folder = await workspaceWithJob();
    await using studio = await startStudio(folder.path);
    const run = await launch(studio.client, commandOf(1, 0));
    await until(studio.client, run.id, 'done');
    const metrics = '{"step": 1, "loss": 2, "norm": 1}\n{"step": 2, "loss": null, "norm": Infinity}\n';
    await writeFiles(folder.path, {
      'runs/bad-numbers/metrics.jsonl': metrics,
      'runs/bad-numbers/run.json': (
        await readFile(join(folder.path, run.folder, 'run.json'), 'utf8')
      ).replace(/"mainMetrics": \[[^\]]*\]/, '"mainMetrics": ["loss", "norm"]'),
    });
    expect((await stateOf(studio.client, 'bad-numbers')).latest).toEqual({
      loss: Number.NaN,
      norm: Number.NaN,
    });
  });

  it('streams a snapshot, then changes, to two studios at once', async () => {
    await using folder = await workspaceWithJob();
    await using first = await startStudio(folder.path);
    await using second = await startStudio(folder.path);
    const abort = new AbortController();
    const events: RunEvent[] = [];
    const reading = (async () => {
      for await (const event of await second.client.runs.watch(undefined, { signal: abort.signal }))
        events.push(event);
    })().catch(() => {});
    await waitFor(() => events.length > 0);
    expect(events[0]).toEqual({ kind: 'snapshot', runs: [] });
    const run = await launch(first.client, commandOf(30, 0, 'wait'));
    const seen = () =>
      events.flatMap((event) =>
        event.kind === 'changed'
          ? [event.run.latestStep ?? 0]
          : event.kind === 'further'
            ? event.runs.map(({ latestStep }) => latestStep ?? 0)
            : [],
      );
    await waitFor(() => seen().includes(10));
    await writeFiles(folder.path, { go: '' });
    await waitFor(() => events.some((event) => event.kind === 'changed' && event.run.state === 'done'));
    const steps = seen();
    expect(steps.at(-1)).toBe(30);
    expect(steps).toEqual([...steps].sort((left, right) => left - right));
    await first.client.runs.remove({ id: run.id });
    await waitFor(() => events.some((event) => event.kind === 'removed'));
    abort.abort();
    await reading;
  });

  it('what is removed stays removed, although others are noting how it ended', async () => {
    await using folder = await workspaceWithJob();
    await using studio = await startStudio(folder.path);
    const { runs } = studio.client;
    const launched = await Promise.all(
      ['One', 'Two', 'Three', 'Four', 'Five'].map((name) => launch(studio.client, commandOf(1, 0), name)),
    );
    const exists = (path: string) =>
      stat(path).then(
        () => true,
        () => false,
      );
    for (const { id } of launched) {
      const runFolder = join(folder.path, 'runs', id);
      await waitFor(() => exists(join(runFolder, 'exit.json')));
      const looks = Array.from({ length: 4 }, () => runs.list());
      const { restoreToken } = await runs.remove({ id });
      await Promise.all(looks);
      expect(await exists(runFolder)).toBe(false);
      expect(await runs.restore({ restoreToken })).toMatchObject({ id, state: 'done' });
    }
  });

  it('renames, refuses to remove what runs, removes and restores what is over', async () => {
    await using folder = await workspaceWithJob();
    await using studio = await startStudio(folder.path);
    const { runs } = studio.client;
    const run = await launch(studio.client, commandOf(10_000, 0));
    await expect(runs.remove({ id: run.id })).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await runs.rename({ id: run.id, name: 'Better' })).toMatchObject({ id: run.id, name: 'Better' });
    await runs.stop({ id: run.id });
    await until(studio.client, run.id, 'stopped');
    const { restoreToken } = await runs.remove({ id: run.id });
    expect(await runs.list()).toEqual([]);
    expect(await runs.restore({ restoreToken })).toMatchObject({
      id: run.id,
      name: 'Better',
      state: 'stopped',
    });
  });
});

describe('launching', () => {
  it('leaves no supervisor behind when the folder of the run is deleted', async () => {
    await using folder = await workspaceWithJob();
    await using studio = await startStudio(folder.path);
    const run = await launch(studio.client, commandOf(10_000, 0));
    const { supervisor } = await processesOf(folder.path, run);
    await waitFor(async () => (await stateOf(studio.client, run.id)).latestStep);
    // The job ends because its metrics file has no folder any more, or is ended here.
    await rm(join(folder.path, run.folder), { recursive: true, force: true, maxRetries: 5 });
    signalGroup(run.pid, 'SIGKILL');
    await waitFor(async () => (await isAlive(supervisor)) === false);
    expect(await studio.client.runs.list()).toEqual([]);
  });

  it('refuses bad parameters before anything is written, and reads recipes of the workspace', async () => {
    await using folder = await workspaceWithJob();
    await writeFiles(folder.path, {
      'recipes/own/recipe.yaml':
        'id: own\ntitle: Own\ndescription: d\ncommand: [node, "{file}"]\nparameters:\n  - { name: file, label: File, kind: file, default: job.mjs, description: d }\nconfig: file\n',
      'recipes/bad/recipe.yaml': 'id: [',
    });
    await using studio = await startStudio(folder.path);
    const { runs } = studio.client;
    expect((await runs.recipes()).map((recipe) => recipe.id)).toContain('own');
    const own = (file: string) => runs.launch({ recipe: 'own', name: 'x', parameters: { file } });
    await expect(own('../outside')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(own('missing.yaml')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(launch(studio.client, '  ')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(runs.launch({ recipe: 'bad', name: 'x', parameters: {} })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await runs.list()).toEqual([]);
    await writeFile(join(folder.path, 'a.yaml'), 'process.exit(0)');
    const run = await own('a.yaml');
    const record = JSON.parse(await readFile(join(folder.path, run.folder, 'run.json'), 'utf8'));
    expect(record.config).toMatchObject({ path: 'a.yaml', text: 'process.exit(0)' });
    // Its supervisor writes into the folder until then.
    await waitFor(async () => (await stateOf(studio.client, run.id)).end);
  });
});
