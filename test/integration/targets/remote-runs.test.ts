// Runs on a real Slurm as the studio has them: launched, followed, lost links, other people's cancels, a studio that was killed.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Run, RunId } from '../../../core/api/runs.ts';
import { folderThere } from '../../support/folder-there.ts';
import { whenSubmitted } from '../../support/cluster-studio.ts';
import { noCluster, type SlurmCluster, startSlurmCluster } from '../../support/slurm-cluster.ts';
import { tellClusterOnFailure } from '../../support/tell-cluster.ts';
import {
  startTestCore,
  temporaryFolder,
  type TestCore,
  type TestFolder,
  waitFor,
  writeFiles,
} from '../../support/test-core.ts';

const HOUR_MS = 3_600_000;
const asked = z.object({ seenMs: z.number().nullable() });

describe.skipIf(noCluster !== null)(`runs on Slurm${noCluster === null ? '' : ` (${noCluster})`}`, () => {
  let cluster: SlurmCluster;
  let workspace: TestFolder;
  let studio: TestCore;

  const openStudio = async (): Promise<TestCore> => {
    const core = await startTestCore();
    await core.client.workspace.open({ path: workspace.path });
    await core.client.targets.connect({ name: 'mini' });
    return core;
  };
  const launch = async (command: string, name = 'test', resources = {}): Promise<Run> =>
    whenSubmitted(
      studio.client,
      await studio.client.runs.launch({
        recipe: 'command',
        name,
        parameters: { command },
        target: 'mini',
        resources: { requeue: false, ...resources },
      }),
    );
  const now = async (id: RunId): Promise<Run> => {
    const run = (await studio.client.runs.list()).find((candidate) => candidate.id === id);
    if (!run) throw new Error(`${id} is gone`);
    return run;
  };
  /** For a script of sh: waits until the test calls `go` with the same name, so that nothing depends on how long a run takes. */
  const untilGo = (name: string): string => `while [ ! -e ~/go-${name} ]; do sleep 0.1; done`;
  const go = (name: string): void => writeFileSync(join(cluster.home, `go-${name}`), '');
  const reaches = (id: RunId, state: Run['state'], limitMs = 150_000): Promise<Run> =>
    waitFor(async () => {
      const run = await now(id);
      return run.state === state ? run : null;
    }, limitMs);

  beforeAll(async () => {
    cluster = await startSlurmCluster();
    vi.stubEnv('NESSO_SSH_CONFIG', cluster.configFile);
  });
  tellClusterOnFailure(() => cluster);
  afterAll(() => cluster[Symbol.asyncDispose]());
  beforeEach(async () => {
    workspace = await temporaryFolder();
    await writeFiles(workspace.path, {
      'studio.yaml':
        'name: team\ntargets:\n- name: mini\n  kind: slurm\n  host: cluster\n  folder: ~/runs of the team\n  pollSeconds: 5\n',
      'configs/a b.yaml': 'lr: 1e-3\n',
    });
    studio = await openStudio();
  });
  afterEach(async () => {
    await studio[Symbol.asyncDispose]();
    await workspace[Symbol.asyncDispose]();
  });

  it('start, write their log and metrics here as there, and end with their exit code, though the clock was put back', async () => {
    const script = `for i in 1 2 3 4; do echo "{\\"step\\": $i, \\"loss\\": $((5 - i))}" >> "$NESSO_METRICS"; echo "line $i"; sleep 0.1; done; ${untilGo('four')}; exit 4`;
    const run = await launch(`sh -c '${script}'`, 'a b; rm -rf ~ $(x)');
    expect(run.jobId).toMatch(/^\d+$/);
    await reaches(run.id, 'running');
    const realNow = Date.now.bind(Date);
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => realNow() + HOUR_MS);
    try {
      const remoteFile = join(workspace.path, run.folder, 'remote.json');
      const askedMs = () => asked.parse(JSON.parse(readFileSync(remoteFile, 'utf8'))).seenMs ?? 0;
      await waitFor(() => askedMs() > realNow() + HOUR_MS / 2);
    } finally {
      clock.mockRestore();
    }
    go('four');
    const ended = await reaches(run.id, 'failed');
    expect(ended.end?.exitCode).toBe(4);
    expect(ended.latest['loss']).toBe(1);
    expect(readFileSync(join(workspace.path, ended.folder, 'log.txt'), 'utf8')).toBe(
      'line 1\nline 2\nline 3\nline 4\n',
    );
    const kept = readFileSync(join(workspace.path, ended.folder, 'job.sh'), 'utf8');
    expect(kept).toContain('#SBATCH --job-name=a-b-rm-rf-x.');
  });

  it('take their config along, as it was', async () => {
    const run = await studio.client.runs.launch({
      recipe: 'command',
      name: 'config',
      parameters: { command: `cat 'inputs/a b.yaml'`, config: 'configs/a b.yaml' },
      target: 'mini',
    });
    const ended = await reaches(run.id, 'done');
    expect(readFileSync(join(workspace.path, ended.folder, 'log.txt'), 'utf8')).toBe('lr: 1e-3\n');
    expect((await studio.client.runs.config({ id: run.id })).text).toBe('lr: 1e-3\n');
  });

  it('are found again by a studio that is started anew, whatever happened meanwhile', async () => {
    const run = await launch(
      `sh -c 'echo "line 1"; ${untilGo('on')}; for i in 2 3 4 5 6; do echo "line $i"; done'`,
    );
    await reaches(run.id, 'running');
    await studio[Symbol.asyncDispose]();
    go('on');
    const there = folderThere(workspace.path, run, cluster.home);
    await waitFor(
      () => /"event": ?"ended"/.test(readFileSync(join(there, 'attempts.jsonl'), 'utf8')),
      60_000,
    );
    studio = await openStudio();
    const ended = await reaches(run.id, 'done');
    expect(readFileSync(join(workspace.path, ended.folder, 'log.txt'), 'utf8').split('\n')).toHaveLength(7);
  });

  it('say since when nothing is known while the link is down, and go on when it is back', async () => {
    const run = await launch(`sh -c '${untilGo('back')}; echo done'`);
    await reaches(run.id, 'running');
    cluster.kill();
    const unknown = await waitFor(async () => {
      const seen = await now(run.id);
      return seen.detail?.startsWith('Unknown since') ? seen : null;
    }, 480_000);
    expect(unknown.state).toBe('running');
    go('back');
    await cluster.start();
    await reaches(run.id, 'done', 150_000);
  });

  it('are warned and stopped on request, and say who cancelled them otherwise', async () => {
    const patient = await launch(
      `sh -c 'trap "echo saved; exit 0" TERM; while :; do sleep 0.2; done'`,
      'patient',
    );
    const other = await launch('sleep 100', 'other');
    await reaches(patient.id, 'running');
    await reaches(other.id, 'running');
    await studio.client.runs.stop({ id: patient.id, graceMs: 10_000 });
    const stopped = await reaches(patient.id, 'stopped');
    expect(readFileSync(join(workspace.path, stopped.folder, 'log.txt'), 'utf8')).toContain('saved');
    cluster.slurm('scancel', other.jobId ?? '');
    const cancelled = await reaches(other.id, 'failed');
    expect(cancelled.end?.reason).toMatch(/Cancelled/);
  });

  it('wait with a reason, and say what sbatch refuses in its own words', async () => {
    const run = await launch('true', 'held', {});
    await reaches(run.id, 'done');
    const busy = await Promise.all(
      [1, 2].map((index) => launch(`sh -c '${untilGo('free')}'`, `all ${index}`, { gpusPerNode: 4 })),
    );
    const waiting = await launch('true', 'waiting', { gpusPerNode: 4 });
    const queued = await waitFor(async () => {
      const seen = await now(waiting.id);
      return seen.state === 'queued' && seen.detail?.startsWith('Waits') ? seen : null;
    }, 480_000);
    expect(queued.detail).toMatch(/^Waits/);
    await expect(
      launch('true', 'too long', { partition: 'debug', walltime: '2-00:00:00' }),
    ).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(/time limit/i),
    });
    go('free');
    for (const { id } of busy) await reaches(id, 'done');
    await reaches(waiting.id, 'done');
  });

  it('count attempts after a requeue, as one run', async () => {
    // Goes on from its checkpoint, which is two steps old when it is put back.
    const script = `echo attempt; s=$(cat ckpt 2>/dev/null || echo 0); for i in 1 2 3 4 5 6; do s=$((s+1)); echo "{\\"step\\": $s, \\"loss\\": 1}" >> "$NESSO_METRICS"; [ "$s" != 3 ] || echo 3 > ckpt; [ "$s" != 5 ] || ${untilGo('again')}; done`;
    const run = await launch(`sh -c '${script}'`, 'again', { requeue: true, partition: 'long' });
    await waitFor(async () => ((await now(run.id)).latestStep ?? 0) >= 5, 150_000);
    cluster.slurm('scontrol', 'requeue', run.jobId ?? '');
    const second = await waitFor(async () => {
      const seen = await now(run.id);
      return seen.state === 'running' && seen.detail === 'Attempt 2' ? seen : null;
    }, 150_000);
    expect(second.jobId).toBe(run.jobId);
    go('again');
    const { attempts } = await reaches(run.id, 'done', 150_000);
    expect(attempts.map(({ number, jobId, firstStep }) => [number, jobId, firstStep])).toEqual([
      [1, run.jobId, 1],
      [2, run.jobId, 4],
    ]);
    const [before, after] = attempts;
    expect(before?.reason).toBe('Put back into the queue');
    expect(after?.lastStep).toBe(9);
    expect(after?.redoneSteps).toBe((before?.lastStep ?? 0) - 3);
    expect(after?.redoneSteps).toBeGreaterThanOrEqual(2);
    expect(readFileSync(join(workspace.path, run.folder, 'log.txt'), 'utf8').match(/attempt/g)).toHaveLength(
      2,
    );
  }, 480_000);
});
