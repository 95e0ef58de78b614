// GPUs of running runs: on this computer, and through a real Slurm with a fake nvidia-smi on two nodes; asked politely.
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { GpuState } from '../../../core/api/gpus.ts';
import type { Run, RunId } from '../../../core/api/runs.ts';
import { installFakeNvidiaSmi } from '../../support/fake-nvidia-smi.ts';
import { noCluster, startSlurmCluster } from '../../support/slurm-cluster.ts';
import {
  startTestCore,
  temporaryFolder,
  type TestClient,
  waitFor,
  writeFiles,
} from '../../support/test-core.ts';

afterEach(() => vi.unstubAllEnvs());

function watching(client: TestClient, id: RunId) {
  const abort = new AbortController();
  const states: GpuState[] = [];
  const reading = (async () => {
    for await (const state of await client.gpus.watch({ id }, { signal: abort.signal })) states.push(state);
  })().catch(() => undefined);
  return {
    states,
    async [Symbol.asyncDispose]() {
      abort.abort();
      await reading;
    },
  };
}

const stateOf = async (client: TestClient, id: RunId): Promise<Run['state'] | undefined> =>
  (await client.runs.list()).find((run) => run.id === id)?.state;

describe('GPUs of a run on this computer', () => {
  it('are read while somebody looks, or said to be missing', async () => {
    await using folder = await temporaryFolder();
    await writeFiles(folder.path, { 'studio.yaml': 'name: test\n' });
    const fake = installFakeNvidiaSmi(join(folder.path, 'bin'));
    await using studio = await startTestCore();
    const { client } = studio;
    await client.workspace.open({ path: folder.path });
    const run = await client.runs.launch({
      recipe: 'command',
      name: 'gpu',
      parameters: { command: 'sleep 1000' },
    });
    await waitFor(async () => (await stateOf(client, run.id)) === 'running');
    {
      await using feed = watching(client, run.id);
      const [state] = await waitFor(() => (feed.states.length > 0 ? feed.states : null));
      expect(state?.nodes[0]).toMatchObject({ gpus: [], problem: expect.stringContaining('nvidia-smi') });
    }
    vi.stubEnv('PATH', `${fake.folder}:${process.env['PATH']}`);
    const other = await client.runs.launch({
      recipe: 'command',
      name: 'gpu 2',
      parameters: { command: 'sleep 1000' },
    });
    await waitFor(async () => (await stateOf(client, other.id)) === 'running');
    {
      await using one = watching(client, other.id);
      await using two = watching(client, other.id);
      await waitFor(() => one.states.length > 0 && two.states.length > 0);
      expect(one.states[0]?.nodes[0]?.gpus).toEqual([
        expect.objectContaining({
          index: 0,
          name: 'NVIDIA A100-SXM4-80GB',
          utilizationPercent: 90,
          memoryUsedMib: 61234,
          memoryTotalMib: 81559,
          powerWatts: 312.4,
          powerLimitWatts: null,
          temperatureCelsius: 60,
        }),
        expect.objectContaining({ index: 1, utilizationPercent: 91 }),
      ]);
      expect(fake.calls).toBe(1);
    }
    const before = fake.calls;
    await new Promise((resolve) => setTimeout(resolve, 6000));
    expect(fake.calls).toBe(before);
    for (const { id } of [run, other]) await client.runs.stop({ id, graceMs: 0 });
    await waitFor(async () => (await stateOf(client, other.id)) === 'stopped');
    await using feed = watching(client, other.id);
    await waitFor(() => feed.states.at(-1)?.problem === 'The run is over');
    expect(feed.states.at(-1)?.nextMs).toBeNull();
  });
});

describe.skipIf(noCluster !== null)(
  `GPUs of a job on Slurm${noCluster === null ? '' : ` (${noCluster})`}`,
  () => {
    it('are read on every node through the one connection, with its processes, at most every 30 seconds', async () => {
      await using cluster = await startSlurmCluster();
      vi.stubEnv('NESSO_SSH_CONFIG', cluster.configFile);
      const fake = installFakeNvidiaSmi(join(cluster.folder, 'bin'));
      await using workspace = await temporaryFolder();
      await writeFiles(workspace.path, {
        'studio.yaml':
          'name: team\ntargets:\n- name: mini\n  kind: slurm\n  host: cluster\n  folder: ~/runs\n',
      });
      await using studio = await startTestCore();
      const { client } = studio;
      await client.workspace.open({ path: workspace.path });
      await client.targets.connect({ name: 'mini' });
      const run = await client.runs.launch({
        recipe: 'command',
        name: 'two nodes',
        parameters: { command: 'srun sleep 1000' },
        target: 'mini',
        resources: { requeue: false, nodes: 2, gpusPerNode: 2, walltime: '00:05:00' },
      });
      await waitFor(async () => (await stateOf(client, run.id)) === 'running', 150_000);
      await using one = watching(client, run.id);
      await using two = watching(client, run.id);
      const state = await waitFor(() => one.states.find(({ askedMs }) => askedMs > 0), 150_000);
      expect([state.problem, state.nodes.map(({ node, problem }) => [node, problem])]).toEqual([
        null,
        [
          ['n1', null],
          ['n2', null],
        ],
      ]);
      expect(state.nodes.map(({ gpus }) => gpus.map((gpu) => gpu.utilizationPercent))).toEqual([
        [91, 92],
        [92, 93],
      ]);
      // As sstat of this Slurm counts them: the batch script at least.
      expect(state.steps.map(({ step }) => step)).toContain(`${run.jobId}.batch`);
      expect((state.nextMs ?? 0) - state.askedMs).toBeGreaterThanOrEqual(30_000);
      await waitFor(() => two.states.length > 0);
      expect(fake.calls).toBe(2);
      await client.runs.stop({ id: run.id, graceMs: 0 });
    }, 480_000);
  },
);
