// Array jobs and the logs of ranks on a real Slurm: every file is found and followed, every task has its state, one run.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Run, RunId } from '../../../core/api/runs.ts';
import { readSeriesColumns } from '../../../core/rpc/series-columns.ts';
import { folderThere } from '../../support/folder-there.ts';
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

describe.skipIf(noCluster !== null)(
  `arrays and ranks on Slurm${noCluster === null ? '' : ` (${noCluster})`}`,
  () => {
    let cluster: SlurmCluster;
    let workspace: TestFolder;
    let studio: TestCore;

    const launch = (command: string, name: string, resources = {}): Promise<Run> =>
      studio.client.runs.launch({
        recipe: 'command',
        name,
        parameters: { command },
        target: 'mini',
        resources: { requeue: false, ...resources },
      });
    const reaches = (id: RunId, state: Run['state'], limitMs = 150_000): Promise<Run> =>
      waitFor(async () => {
        const run = (await studio.client.runs.list()).find((candidate) => candidate.id === id);
        return run?.state === state ? run : null;
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
      });
      studio = await startTestCore();
      await studio.client.workspace.open({ path: workspace.path });
      await studio.client.targets.connect({ name: 'mini' });
    });
    afterEach(async () => {
      await studio[Symbol.asyncDispose]();
      await workspace[Symbol.asyncDispose]();
    });

    it('an array is one run with its tasks: states, logs, curves, and an end by its worst', async () => {
      const command = `sh -c 'i=$SLURM_ARRAY_TASK_ID; echo "I am $i"; echo "{\\"step\\": 1, \\"loss\\": $i}" >> "$NESSO_METRICS"; sleep 1; [ "$i" != 2 ] || exit 7'`;
      const run = await launch(command, 'sweep', { array: '1-3' });
      const source = { kind: 'run', id: run.id } as const;
      const ended = await reaches(run.id, 'failed');
      expect(ended.end).toMatchObject({ exitCode: 7 });
      expect(ended.end?.reason).toContain('1 of 3 tasks did not end well: 2 (Exit code 7)');
      expect(ended.tasks).toEqual({
        total: 3,
        queued: 0,
        running: 0,
        done: 2,
        failed: 1,
        stopped: 0,
        lost: 0,
      });
      const { tasks } = await studio.client.runs.tasks({ id: run.id });
      expect(tasks.map(({ task, state, exitCode }) => [task, state, exitCode])).toEqual([
        [1, 'done', 0],
        [2, 'failed', 7],
        [3, 'done', 0],
      ]);
      const { files } = await studio.client.series.logFiles({ source });
      expect(files.map(({ name, kind, task }) => [name, kind, task])).toEqual([
        ['log-1.txt', 'task', 1],
        ['log-2.txt', 'task', 2],
        ['log-3.txt', 'task', 3],
      ]);
      expect((await studio.client.series.log({ source, file: 'log-3.txt' })).text).toBe('I am 3\n');
      expect((await studio.client.series.log({ source })).text).toBe('I am 1\n');
      const answer = await studio.client.series.columns({ source, tags: ['task 3/loss'], after: {} });
      const { parts } = await readSeriesColumns(answer);
      expect(parts.flatMap(({ steps, values }) => [...steps, ...values])).toEqual([1, 3]);
    });

    it('the logs of ranks and nodes are found while they appear, and followed to their last line', async () => {
      const script = [
        'echo main',
        'mkdir -p logs torch/none_x/attempt_0/1 inputs/data',
        'for r in 0 1 2; do echo "rank $r here" > logs/rank_$r.log; done',
        'echo out > torch/none_x/attempt_0/1/stdout.log',
        'echo no > inputs/data/other.log',
        'while [ ! -e go ]; do sleep 0.1; done',
        'echo "rank 2 again" >> logs/rank_2.log',
        'echo late > logs/rank_3.log',
      ].join('; ');
      const run = await launch(`sh -c '${script}'`, 'ranks');
      const source = { kind: 'run', id: run.id } as const;
      await reaches(run.id, 'running');
      await waitFor(async () => {
        const { files } = await studio.client.series.logFiles({ source });
        return files.filter(({ kind }) => kind === 'rank').length === 4;
      });
      writeFileSync(join(folderThere(workspace.path, run, cluster.home), 'go'), '');
      const ended = await reaches(run.id, 'done');
      const { files } = await studio.client.series.logFiles({ source });
      expect(files.map(({ name, rank }) => [name, rank])).toEqual([
        ['log.txt', null],
        ['logs/rank_0.log', 0],
        ['logs/rank_1.log', 1],
        ['torch/none_x/attempt_0/1/stdout.log', 1],
        ['logs/rank_2.log', 2],
        ['logs/rank_3.log', 3],
      ]);
      const read = (name: string): string => readFileSync(join(workspace.path, ended.folder, name), 'utf8');
      expect(read('logs/rank_2.log')).toBe('rank 2 here\nrank 2 again\n');
      expect(read('logs/rank_3.log')).toBe('late\n');
      await expect(studio.client.series.log({ source, file: '../run.json' })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
      await expect(studio.client.series.log({ source, file: '../../x.log' })).rejects.toThrow();
    });
  },
);
