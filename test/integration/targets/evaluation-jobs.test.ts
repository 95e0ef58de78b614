// Evaluations on a real Slurm, with programs that stand for the harnesses and write their true layouts: scripts that sbatch takes, a
// conversion before, tasks shared by an array, a failed task alone run again, results that come here by themselves, rules that launch once.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Run, RunId } from '../../../core/api/runs.ts';
import { type EvaluationRequest, evaluationRequest } from '../../../core/api/evaluation-jobs.ts';
import { readEvaluations } from '../../../core/services/evaluations/results/read-files.ts';
import { type ClusterStudio, startClusterStudio } from '../../support/cluster-studio.ts';
import { HARNESS_SETUP, prepareEvaluations, writeEvaluatedRun } from '../../support/evaluated-cluster.ts';
import { noCluster, type SlurmCluster, startSlurmCluster } from '../../support/slurm-cluster.ts';
import { startTestCore, waitFor } from '../../support/test-core.ts';

const ID = 'base-2026-11-22' as RunId;

describe.skipIf(noCluster !== null)(
  `evaluations on Slurm${noCluster === null ? '' : ` (${noCluster})`}`,
  () => {
    let cluster: SlurmCluster;
    let studio: ClusterStudio;

    beforeAll(async () => {
      cluster = await startSlurmCluster();
      vi.stubEnv('NESSO_SSH_CONFIG', cluster.configFile);
      const checkpoints = await prepareEvaluations(cluster, [1000, 2000, 3000]);
      studio = await startClusterStudio([HARNESS_SETUP]);
      await writeEvaluatedRun(studio.workspace.path, { id: ID, target: 'mini', checkpoints });
    }, 480_000);
    afterAll(async () => {
      await studio?.[Symbol.asyncDispose]();
      await cluster?.[Symbol.asyncDispose]();
      vi.unstubAllEnvs();
    });

    const there = (...parts: string[]) => join(cluster.home, ...parts);
    const ask = (request: Partial<EvaluationRequest>): EvaluationRequest =>
      evaluationRequest.parse({
        subject: { kind: 'checkpoint', run: ID, step: 1000 },
        preset: 'italian',
        walltime: '00:05:00',
        ...request,
      });
    const calls = () => readFileSync(there('calls'), 'utf8').trim().split('\n').sort();
    const brought = (run: Run) =>
      readdirSync(join(studio.workspace.path, run.folder, 'results'), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.(jsonl?|parquet)$/.test(name))
        .map((name) => name.replace(/\d{4}-\d\d-\d\dT[\d.-]+\d/g, 'AT'));

    it('a checkpoint is converted, an array shares the tasks, results and answers come here', async () => {
      const { client } = studio;
      const request = ask({ members: 2 });
      const plan = await client.evaluationJobs.plan(request);
      expect(plan).toMatchObject({
        target: 'mini',
        isConnected: true,
        recipe: 'evaluate-lm-eval',
        model: there('check points/hf/1000'),
        conversion: { state: 'wanted', tokenizer: 'meta-llama/Llama-3.2-1B' },
        earlier: [],
      });
      expect(plan.estimate.tasks.map(({ name }) => name)).toEqual(['m_mmlu_it', 'hellaswag_it', 'arc_it']);
      expect(plan.parameters).toBeGreaterThan(1e6);
      expect(plan.estimate.gpuHours).toBeGreaterThan(0);

      const { job, conversion, wasThere } = await client.evaluationJobs.launch({ ...request, again: false });
      expect([wasThere, conversion?.recipe, job.after]).toEqual([false, 'convert-nanotron', conversion?.id]);
      // Asked for a second time while it waits, it is the same one.
      const second = await client.evaluationJobs.launch({ ...request, again: false });
      expect([second.wasThere, second.job.id]).toEqual([true, job.id]);
      const done = await studio.ends(job.id);
      expect([done.state, done.evaluates]).toEqual([
        'done',
        { run: ID, step: 1000, model: there('check points/hf/1000'), preset: 'italian' },
      ]);
      // Dealt out by weight: the heaviest to one member, the two others to the other.
      const all = calls();
      expect(all.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
        'arc_it 0',
        'hellaswag_it 0',
        'm_mmlu_it 5',
      ]);
      expect(new Set(all.map((line) => line.split(' ')[2])).size).toBe(2);
      const name = `${there('check points/hf/1000').replaceAll('/', '__')}`;
      expect(brought(done).sort()).toEqual(
        [
          ['arc_it-0shot', 'arc_it'],
          ['hellaswag_it-0shot', 'hellaswag_it'],
          ['m_mmlu_it-5shot', 'm_mmlu_it'],
        ].flatMap(([folder, task]) => [
          `${folder}/${name}/results_AT.json`,
          `${folder}/${name}/samples_${task}_AT.jsonl`,
        ]),
      );
      const { results, problems } = await readEvaluations([join(studio.workspace.path, 'runs')]);
      expect(problems).toEqual([]);
      expect(
        results
          .filter(({ file }) => file.includes(`/${job.id}/`))
          .map(({ task, metric, value, shots }) => `${task} ${metric} ${value} ${shots}`)
          .sort(),
      ).toEqual(['arc_it acc_norm 0.31 0', 'hellaswag_it acc_norm 0.33 0', 'm_mmlu_it acc 0.26 5']);
      // They belong to the checkpoint, wherever its converted weights lie.
      const { models } = await client.evaluations.overview();
      expect(models.map(({ key }) => key)).toEqual([`run:${ID}/1000`]);
      // What it took mends the next estimate, and the weights are converted already.
      const next = await client.evaluationJobs.plan(ask({}));
      expect(next.estimate.calibratedBy).toBe(1);
      expect(next.conversion?.state).toBe('done');
      expect(next.earlier.map(({ id }) => id)).toEqual([job.id]);
    }, 480_000);

    it('a task that failed is named, and alone run again when the run goes on', async () => {
      rmSync(there('calls'), { force: true });
      writeFileSync(there('fail-hellaswag_it'), '');
      const subject = { kind: 'model', target: 'mini', model: '~/models/other', parameters: 4e8 } as const;
      const { client } = studio;
      const { job, conversion } = await client.evaluationJobs.launch({
        ...ask({ subject, preset: null, tasks: 'arc_it@0, hellaswag_it@0' }),
        again: false,
      });
      expect(conversion).toBeNull();
      const failed = await studio.ends(job.id);
      expect(failed.state).toBe('failed');
      expect(studio.read(failed, 'log.txt')).toContain(
        '1 of 2 tasks have no result: hellaswag_it (exit code 1)',
      );
      expect(brought(failed).filter((name) => name.includes('results_'))).toHaveLength(1);
      rmSync(there('fail-hellaswag_it'));
      await client.runs.resume({ id: job.id });
      const done = await studio.until(job.id, ({ state }) => state === 'done');
      expect(calls().map((line) => line.split(' ')[0])).toEqual(['arc_it', 'hellaswag_it', 'hellaswag_it']);
      expect(brought(done).filter((name) => name.includes('results_'))).toHaveLength(2);
    }, 480_000);

    it('a rule evaluates new checkpoints once, also with two studios, and lighteval reads them as they are', async () => {
      const rule = {
        format: 1 as const,
        presets: ['lighteval-italian'],
        every: 1000,
        from: 2000,
        gpus: 1,
        members: 1,
        batch: 8,
        walltime: '00:05:00',
        paused: false,
      };
      const own = async () =>
        (await studio.client.runs.list()).filter(({ evaluates }) => evaluates?.preset === rule.presets[0]);
      await using other = await startTestCore();
      await other.client.workspace.open({ path: studio.workspace.path });
      await other.client.targets.connect({ name: 'mini' });
      await Promise.all(
        [studio.client, other.client].map((client) => client.evaluationJobs.saveRule({ id: ID, rule })),
      );
      const launched = await waitFor(async () => {
        const [state] = await studio.client.evaluationJobs.rules();
        return state !== undefined && state.launched.length >= 2 ? state.launched : null;
      }, 480_000);
      expect(launched.map(({ step }) => step)).toEqual([3000, 2000]);
      for (const { job } of launched) {
        const done = await studio.ends(job as RunId);
        expect(done.state, studio.read(done, 'log.txt')).toBe('done');
        expect(brought(done).filter((name) => name.endsWith('.parquet'))).toHaveLength(3);
      }
      // Looked at once more by both, nothing is launched.
      await Promise.all(
        [studio.client, other.client].map((client) => client.evaluationJobs.saveRule({ id: ID, rule })),
      );
      await studio.client.evaluationJobs.saveRule({ id: ID, rule: { ...rule, paused: true } });
      expect(new Set((await own()).map(({ evaluates }) => evaluates?.step))).toEqual(new Set([2000, 3000]));
      expect(await own()).toHaveLength(2);
      const [parquet = ''] = readdirSync(join(studio.workspace.path, 'runs', launched[0]?.job ?? ''), {
        recursive: true,
        encoding: 'utf8',
      }).filter((name) => name.endsWith('.parquet'));
      const copy = readFileSync(join(studio.workspace.path, 'runs', launched[0]?.job ?? '', parquet));
      expect([copy.length, copy.subarray(-4).toString()]).toEqual([264, 'PAR1']);
      expect(existsSync(there('check points/hf/3000'))).toBe(false);
    }, 480_000);
  },
);
