// Going on with runs on a real Slurm: resume after a failure, extend, fork from a checkpoint, chains. The trainer is a small shell
// script that saves as Nanotron does: latest.txt, then model_config.json last.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Run, RunId } from '../../../core/api/runs.ts';
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
import { resumableTrainer } from '../../support/resumable-trainer.ts';

describe.skipIf(noCluster !== null)(
  `going on with runs${noCluster === null ? '' : ` (${noCluster})`}`,
  () => {
    let cluster: SlurmCluster;
    let workspace: TestFolder;
    let studio: TestCore;

    const now = async (id: RunId): Promise<Run> => {
      const run = (await studio.client.runs.list()).find((candidate) => candidate.id === id);
      if (!run) throw new Error(`${id} is gone`);
      return run;
    };
    const reaches = (id: RunId, state: Run['state'], limitMs = 150_000): Promise<Run> =>
      waitFor(async () => {
        const run = await now(id);
        return run.state === state ? run : null;
      }, limitMs);
    const read = (run: Run, name: string): string =>
      readFileSync(join(workspace.path, run.folder, name), 'utf8');
    const steps = (run: Run): number[] =>
      read(run, 'metrics.jsonl')
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { step: number }).step);

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
          'name: team\ntargets:\n- { name: mini, kind: slurm, host: cluster, folder: ~/runs of it, pollSeconds: 5 }\n',
        ...resumableTrainer(join(cluster.home, `check points of it ${Date.now()}`)),
      });
      studio = await startTestCore();
      await studio.client.workspace.open({ path: workspace.path });
      await studio.client.targets.connect({ name: 'mini' });
    });
    afterEach(async () => {
      await studio[Symbol.asyncDispose]();
      await workspace[Symbol.asyncDispose]();
    });

    it('resumes from the newest whole checkpoint, extends, and forks, each where it said', async () => {
      const launched = await studio.client.runs.launch({
        recipe: 'tiny',
        name: 'parent',
        parameters: { failAt: 5 },
        target: 'mini',
      });
      await expect(studio.client.runs.resume({ id: launched.id })).rejects.toMatchObject({
        code: 'CONFLICT',
      });
      const failed = await reaches(launched.id, 'failed');
      expect(failed.end?.exitCode).toBe(9);
      const { checkpoints } = await studio.client.runs.checkpoints({ id: failed.id });
      expect(checkpoints.map(({ step, isComplete }) => [step, isComplete])).toEqual([
        [5, false],
        [4, true],
        [2, true],
      ]);
      expect(checkpoints[0]?.problem).toMatch(/model_config\.json/);
      await expect(studio.client.runs.resume({ id: failed.id, step: 5 })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: 'The checkpoint of step 5 is not whole',
      });

      const resumed = await studio.client.runs.resume({ id: failed.id });
      expect(resumed.end).toBeNull();
      expect(resumed.jobId).not.toBe(failed.jobId);
      const done = await reaches(failed.id, 'done');
      expect(read(done, 'log.txt')).toBe('from 0 to 6\nfrom 4 to 6\n');
      expect(steps(done)).toEqual([1, 2, 3, 4, 5, 5, 6]);
      expect(done.continuations).toMatchObject([{ step: 4, steps: null }]);
      const kept = (await studio.client.runs.config({ id: done.id })).text;
      expect(kept).toContain('# of the team\n');
      expect(kept).toMatch(/resume_checkpoint_path: .*check points of/);

      await expect(studio.client.runs.resume({ id: done.id })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      });
      await studio.client.runs.resume({ id: done.id, steps: 8 });
      const extended = await reaches(done.id, 'done');
      expect(read(extended, 'log.txt')).toMatch(/from 6 to 8\n$/);

      const at = (await studio.client.runs.checkpoints({ id: done.id })).checkpoints.find(
        ({ step }) => step === 2,
      );
      const fork = await studio.client.runs.launch({
        recipe: 'tiny',
        name: 'Its fork',
        parameters: {},
        target: 'mini',
        from: { run: done.id, step: 2, checkpoint: at?.path ?? '' },
      });
      const forked = await reaches(fork.id, 'done');
      expect(forked.parent).toEqual({ run: done.id, step: 2, checkpoint: at?.path });
      expect(read(forked, 'log.txt')).toBe('from 2 to 6\n');
      expect(steps(forked)).toEqual([3, 4, 5, 6]);
      const own = await studio.client.runs.checkpoints({ id: fork.id });
      expect(own.folder).toMatch(/check points of it \d+-its-fork$/);
      expect((await studio.client.runs.checkpoints({ id: done.id })).checkpoints[0]?.step).toBe(8);
      // The file of the workspace is nobody's but the person's.
      expect(readFileSync(join(workspace.path, 'configs/tiny.yaml'), 'utf8')).toContain(
        'resume_checkpoint_path: null',
      );
    });

    it('leaves a run as it was when its next job is refused', async () => {
      const launched = await studio.client.runs.launch({
        recipe: 'tiny',
        name: 'x',
        parameters: { failAt: 3 },
        target: 'mini',
      });
      const failed = await reaches(launched.id, 'failed');
      await expect(
        studio.client.runs.resume({ id: failed.id, walltime: '9-00:00:00' }),
      ).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringMatching(/time limit/i) });
      expect(await now(failed.id)).toEqual(failed);
      await studio.client.runs.resume({ id: failed.id });
      await reaches(failed.id, 'done');
    });

    it('is found again by another studio when the answer of the next job was lost', async () => {
      const launched = await studio.client.runs.launch({
        recipe: 'tiny',
        name: 'y',
        parameters: { failAt: 3 },
        target: 'mini',
      });
      const failed = await reaches(launched.id, 'failed');
      await studio.client.runs.resume({ id: failed.id });
      // As after a crash between sbatch and the note of its number.
      const folder = join(workspace.path, failed.folder);
      await studio[Symbol.asyncDispose]();
      const remote = JSON.parse(readFileSync(join(folder, 'remote.json'), 'utf8')) as { jobId: string };
      writeFileSync(
        join(folder, 'remote.json'),
        JSON.stringify({ ...remote, jobId: null, state: '', submittedMs: null, seenMs: null, goneMs: null }),
      );
      studio = await startTestCore();
      await studio.client.workspace.open({ path: workspace.path });
      await studio.client.targets.connect({ name: 'mini' });
      const done = await reaches(failed.id, 'done');
      expect(done.jobId).toBe(remote.jobId);
      expect(read(done, 'log.txt').match(/from/g)).toHaveLength(2);
    });

    it('runs chains in turn; what waits for a failed run says so; a refused chain leaves nothing', async () => {
      const step = (name: string, command: string, resources = {}) => ({
        recipe: 'command',
        name,
        parameters: { command },
        target: 'mini',
        resources,
      });
      const { runs } = await studio.client.runs.launchChain({
        steps: [
          step('one', "sh -c 'sleep 1; echo one'"),
          step('two', "sh -c 'sleep 1; exit 3'"),
          step('three', 'echo three'),
        ],
      });
      expect(runs.map(({ after }) => after)).toEqual([null, runs[0]?.id, runs[1]?.id]);
      const [one, two, three] = runs.map(({ id }) => id);
      if (!one || !two || !three) throw new Error('three runs');
      await reaches(one, 'done');
      await reaches(two, 'failed');
      const never = await reaches(three, 'failed', 150_000);
      expect(never.startedMs).toBeNull();
      expect(never.end?.reason).toMatch(/never started.*two did not end well/);

      await expect(
        studio.client.runs.launchChain({
          steps: [
            step('first', 'sleep 60'),
            step('second', 'true', { partition: 'debug', walltime: '3-00:00:00' }),
          ],
        }),
      ).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringMatching(/time limit/i) });
      expect((await studio.client.runs.list()).map(({ name }) => name).toSorted()).toEqual([
        'one',
        'three',
        'two',
      ]);
      await waitFor(
        () => !cluster.slurm('squeue', '-h', '-t', 'pending,running', '-o', '%j').includes('first.'),
        180_000,
      );
    });

    it('waits for a run that is not in the queue yet, and needs nothing of one that is done', async () => {
      const launch = (name: string, after?: RunId): Promise<Run> =>
        studio.client.runs.launch({
          recipe: 'command',
          name,
          parameters: { command: 'true' },
          target: 'mini',
          ...(after ? { after } : {}),
        });
      const done = await reaches((await launch('done')).id, 'done');
      const next = await launch('next', done.id);
      expect((await studio.client.runs.jobScript({ id: next.id })).text).not.toContain('--dependency');
      await reaches(next.id, 'done');
      await studio.client.targets.disconnect({ name: 'mini' });
      const early = await launch('early');
      const later = await launch('later', early.id);
      expect([early.jobId, later.jobId]).toEqual([null, null]);
      await studio.client.targets.connect({ name: 'mini' });
      await reaches(later.id, 'done');
      const { jobId } = await now(early.id);
      expect((await studio.client.runs.jobScript({ id: later.id })).text).toContain(
        `#SBATCH --dependency=afterok:${jobId}\n`,
      );
    });
  },
);
