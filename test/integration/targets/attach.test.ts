// Runs that others launched, attached from their folders on a real Slurm: followed and told as what they are, never touched.
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Run, RunId } from '../../../core/api/runs.ts';
import { whenSubmitted } from '../../support/cluster-studio.ts';
import { noCluster, type SlurmCluster, startSlurmCluster } from '../../support/slurm-cluster.ts';
import { tellClusterOnFailure } from '../../support/tell-cluster.ts';
import {
  repositoryFolder,
  startTestCore,
  temporaryFolder,
  type TestCore,
  type TestFolder,
  waitFor,
  writeFiles,
} from '../../support/test-core.ts';

const STUDIO =
  'name: team\ntargets:\n- {name: mini, kind: slurm, host: cluster, folder: ~/runs, pollSeconds: 5}\n';

describe.skipIf(noCluster !== null)(`attached runs${noCluster === null ? '' : ` (${noCluster})`}`, () => {
  let cluster: SlurmCluster;
  let shared: string;
  let workspace: TestFolder;
  let studio: TestCore;

  const openStudio = async (folder: string): Promise<TestCore> => {
    const core = await startTestCore();
    await core.client.workspace.open({ path: folder });
    await core.client.targets.connect({ name: 'mini' });
    return core;
  };
  const attach = (path: string, name?: string): Promise<Run> =>
    studio.client.runs.attach({ target: 'mini', path, ...(name === undefined ? {} : { name }) });
  const reaches = (id: RunId, state: Run['state'], limitMs = 150_000): Promise<Run> =>
    waitFor(async () => {
      const run = (await studio.client.runs.list()).find((candidate) => candidate.id === id);
      return run?.state === state ? run : null;
    }, limitMs);
  const logOf = (run: Run): string => readFileSync(join(workspace.path, run.folder, 'log.txt'), 'utf8');

  beforeAll(async () => {
    cluster = await startSlurmCluster();
    vi.stubEnv('NESSO_SSH_CONFIG', cluster.configFile);
    shared = join(cluster.folder, 'shared by all');
    mkdirSync(shared);
  });
  tellClusterOnFailure(() => cluster);
  afterAll(() => cluster[Symbol.asyncDispose]());
  beforeEach(async () => {
    workspace = await temporaryFolder();
    await writeFiles(workspace.path, { 'studio.yaml': STUDIO });
    studio = await openStudio(workspace.path);
  });
  afterEach(async () => {
    await studio[Symbol.asyncDispose]();
    await workspace[Symbol.asyncDispose]();
  });

  it('that another program launches on this workspace are followed here to their end', async () => {
    let id: RunId;
    {
      // As the command line does: it launches and is gone.
      await using other = await openStudio(workspace.path);
      const launched = await whenSubmitted(
        other.client,
        await other.client.runs.launch({
          recipe: 'command',
          name: 'by another',
          parameters: { command: `sh -c 'for i in 1 2 3; do echo "line $i"; sleep 1; done'` },
          target: 'mini',
        }),
      );
      ({ id } = launched);
    }
    const ended = await reaches(id, 'done');
    expect(logOf(ended).trim().split('\n').slice(-3)).toEqual(['line 1', 'line 2', 'line 3']);
  });

  it('of another workspace are followed live to their end, with job, config and attempts', async () => {
    await using theirs = await temporaryFolder();
    await writeFiles(theirs.path, { 'studio.yaml': STUDIO, 'configs/a.yaml': 'lr: 1e-3\n' });
    await using colleague = await openStudio(theirs.path);
    const script = `for i in 1 2 3 4 5 6 7 8 9; do echo "{\\"step\\": $i, \\"loss\\": $i}" >> "$NESSO_METRICS"; echo "line $i"; [ $i != 2 ] || while [ ! -e go ]; do sleep 0.1; done; done`;
    const launched = await whenSubmitted(
      colleague.client,
      await colleague.client.runs.launch({
        recipe: 'command',
        name: 'theirs',
        parameters: { command: `sh -c '${script}'`, config: 'configs/a.yaml' },
        target: 'mini',
      }),
    );
    await waitFor(async () => (await colleague.client.runs.list())[0]?.state === 'running', 150_000);
    const base = join(cluster.home, 'runs');
    const folder = join(base, readdirSync(base).find((name) => name.startsWith(launched.id)) ?? '');
    const run = await attach(`~/runs/${folder.slice(base.length + 1)}`, 'watched');
    expect(run).toMatchObject({ name: 'watched', recipe: 'attached', jobId: launched.jobId });
    expect(run.attached).toEqual({ owner: cluster.user, path: folder });
    await reaches(run.id, 'running');
    await expect(studio.client.runs.stop({ id: run.id })).rejects.toMatchObject({ code: 'CONFLICT' });
    writeFileSync(join(folder, 'go'), '');
    const ended = await reaches(run.id, 'done');
    expect(ended.latestStep).toBe(9);
    expect(logOf(ended).trim().split('\n')).toHaveLength(9);
    expect(ended.attempts).toMatchObject([{ jobId: launched.jobId, exitCode: 0 }]);
    expect((await studio.client.runs.config({ id: run.id })).text).toBe('lr: 1e-3\n');
    await expect(attach(folder)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    await studio.client.runs.remove({ id: run.id });
    expect(existsSync(join(folder, 'log.txt'))).toBe(true);
  });

  it('that were submitted by hand are known by the log that Slurm named after their job', async () => {
    const folder = join(shared, 'by hand');
    mkdirSync(folder);
    const line = '12/21 01:39:51 [INFO|DP=0]: iteration: $i / 100 | lm_loss: 2.5 | lr: 0.0001 | eta: 0:00:10';
    const script = `#!/bin/bash\n#SBATCH --job-name=hand\nfor i in 1 2 3 4; do echo "${line}"; done\nwhile [ ! -e go ]; do sleep 0.1; done\n`;
    writeFileSync(join(folder, 'go.sh'), script);
    const jobId = cluster.slurm('sbatch', '--parsable', `--chdir=${folder}`, join(folder, 'go.sh')).trim();
    const log = join(folder, `slurm-${jobId}.out`);
    await waitFor(() => existsSync(log) && readFileSync(log).length > 0, 150_000);
    const run = await attach(log);
    expect(run).toMatchObject({ name: 'by hand', jobId, attached: { owner: 'root', path: folder } });
    await reaches(run.id, 'running');
    writeFileSync(join(folder, 'go'), '');
    // Without a note of its own its end is what the scheduler says.
    const ended = await reaches(run.id, 'done', 150_000);
    expect(ended.latest['lm_loss']).toBe(2.5);
    expect(ended.latestStep).toBe(4);
  });

  it('that ended long ago show what they left, and that nobody saw the end', async () => {
    const folder = join(shared, 'old');
    mkdirSync(join(folder, 'tb'), { recursive: true });
    const name = 'events.out.tfevents.1700000000.host.1.0';
    const copied = join(folder, 'tb', name);
    cpSync(join(repositoryFolder, 'test', 'fixtures', 'event-files', name), copied);
    writeFileSync(join(folder, 'train.log'), 'it worked once\n');
    for (const path of [join(folder, 'train.log'), copied]) utimesSync(path, 1_700_000_000, 1_700_000_000);
    const run = await attach(folder);
    const ended = await reaches(run.id, 'lost');
    expect(ended.end?.reason).toMatch(/written nothing for a day/);
    expect(logOf(ended)).toBe('it worked once\n');
    const stream = await studio.client.series.watch({ source: { kind: 'run', id: run.id } });
    for await (const state of stream) {
      if (Object.keys(state.points).length > 0) break;
    }
  });

  it('are removed here at any time, and are not brought back by what grows there', async () => {
    const folder = join(shared, 'grows');
    mkdirSync(folder);
    writeFileSync(join(folder, 'log.txt'), 'first\n');
    const run = await attach(folder);
    const live = await reaches(run.id, 'running');
    expect(live.detail).toMatch(/No job of it is known/);
    const { restoreToken } = await studio.client.runs.remove({ id: run.id });
    writeFileSync(join(folder, 'log.txt'), 'first\nsecond\n');
    await new Promise((resolve) => setTimeout(resolve, 2000));
    expect(existsSync(join(workspace.path, run.folder))).toBe(false);
    await studio.client.runs.restore({ restoreToken });
    const log = join(workspace.path, run.folder, 'log.txt');
    await waitFor(() => existsSync(log) && logOf(run) === 'first\nsecond\n');
  });

  it('are looked for in folders: newest first, runs marked, with what cannot be read said', async () => {
    const folder = join(shared, 'many');
    for (const name of ['plain', `a run's "folder" $(x)`]) mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, `a run's "folder" $(x)`, 'log.txt'), '');
    writeFileSync(join(folder, 'notes.md'), '');
    utimesSync(join(folder, 'plain'), 1, 1);
    const browsed = await studio.client.targets.browse({ name: 'mini', path: folder });
    expect(browsed.path).toBe(folder);
    expect(browsed.entries.map(({ kind }) => kind).sort()).toEqual(['file', 'folder', 'run']);
    expect(browsed.entries.at(-1)).toEqual({ name: 'plain', kind: 'folder' });
    expect(browsed.entries.find(({ kind }) => kind === 'run')?.name).toBe(`a run's "folder" $(x)`);
    const closed = join(shared, 'closed');
    mkdirSync(closed);
    chmodSync(closed, 0o700);
    for (const call of [
      () => studio.client.targets.browse({ name: 'mini', path: closed }),
      () => attach(closed),
    ])
      await expect(call()).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    for (const call of [
      () => studio.client.targets.browse({ name: 'mini', path: `${shared}/nowhere` }),
      () => attach(`${shared}/nowhere`),
    ])
      await expect(call()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(attach(join(folder, 'plain'))).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(await studio.client.runs.list()).toEqual([]);
  });
});
