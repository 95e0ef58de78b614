// The board of a real Slurm: free GPUs while jobs of two people run and wait, never asked faster than the floor, and kept when the
// controller or the link is gone. A target added to studio.yaml.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
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

const studioFile = `name: team
targets:
- name: mini # the small one
  kind: slurm
  host: cluster
  pollSeconds: 5
# the end of the list
datasets: []
`;

describe.skipIf(noCluster !== null)(`the board${noCluster === null ? '' : ` (${noCluster})`}`, () => {
  let cluster: SlurmCluster;
  let workspace: TestFolder;
  let studio: TestCore;

  beforeAll(async () => {
    cluster = await startSlurmCluster();
    vi.stubEnv('NESSO_SSH_CONFIG', cluster.configFile);
  });
  tellClusterOnFailure(() => cluster);
  afterAll(() => cluster[Symbol.asyncDispose]());
  beforeEach(async () => {
    workspace = await temporaryFolder();
    await writeFiles(workspace.path, { 'studio.yaml': studioFile });
    studio = await startTestCore();
    await studio.client.workspace.open({ path: workspace.path });
  });
  afterEach(async () => {
    await studio[Symbol.asyncDispose]();
    await workspace[Symbol.asyncDispose]();
  });
  const board = () => studio.client.targets.board({ name: 'mini' });

  it('is refused before the first contact, and for a computer without a scheduler', async () => {
    await expect(board()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await studio.client.targets.add({ name: 'box', kind: 'ssh-processes', host: 'cluster', folder: null });
    await expect(studio.client.targets.board({ name: 'box' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });

  it('shows what is free, who runs and who waits; not faster than the floor; and the last answer without a link', async () => {
    const job = (name: string) =>
      cluster.slurm(
        'sbatch',
        '-D',
        '/tmp',
        '-o',
        '/dev/null',
        '-J',
        name,
        '--gres=gpu:3',
        '--wrap',
        'sleep 300',
      );
    for (const name of ['one', 'two', 'th;ree | x']) job(name);
    await waitFor(() => cluster.slurm('squeue', '-h', '-t', 'R').trim().split('\n').length === 2);
    await studio.client.targets.connect({ name: 'mini' });
    const seen = await board();
    expect(seen.problem).toBeNull();
    expect(seen.partitions.find(({ name }) => name === 'debug')).toMatchObject({
      isDefault: true,
      nodes: { total: 2, idle: 0, busy: 2, unusable: 0 },
      gpus: [{ type: 'gpu', total: 8, free: 2 }],
      running: 2,
      waiting: 1,
    });
    expect(seen.jobs.map(({ name, state, isMine, gpus }) => [name, state, isMine, gpus])).toEqual(
      expect.arrayContaining([
        ['one', 'RUNNING', false, 3],
        ['th;ree | x', 'PENDING', false, 3],
      ]),
    );
    const running = seen.jobs.find(({ name }) => name === 'one');
    expect(Math.abs((running?.startMs ?? 0) - Date.now())).toBeLessThan(600_000);

    // Two windows, one question.
    const [first, second] = await Promise.all([board(), board()]);
    expect([first.askedMs, second.askedMs]).toEqual([seen.askedMs, seen.askedMs]);
    const later = await waitFor(async () => {
      const next = await board();
      return next.askedMs > seen.askedMs ? next : null;
    });
    expect(later.askedMs - seen.askedMs).toBeGreaterThanOrEqual(5000);

    cluster.kill();
    const old = await waitFor(async () => {
      const next = await board();
      return next.problem === null ? null : next;
    });
    expect(old.jobCount).toBe(3);
    expect(old.problem).toMatch(/Not connected/);
    await cluster.start();
    cluster.slurm('scancel', '-u', 'root');
  });

  it('says that the controller does not answer, and waits longer before it asks again', async () => {
    await studio.client.targets.connect({ name: 'mini' });
    cluster.killController();
    const startedMs = Date.now();
    try {
      const seen = await board();
      expect(seen.problem).toMatch(/slurm|controller|connect/i);
      expect(seen.nextMs - startedMs).toBeGreaterThanOrEqual(10_000);
      expect((await board()).nextMs).toBe(seen.nextMs);
    } finally {
      cluster.startController();
    }
  }, 480_000);

  it('a target is added at the end of its list, and its name is taken then', async () => {
    const target = {
      name: 'a: b #c',
      kind: 'slurm',
      host: 'locked',
      folder: '$SCRATCH/runs of "us"',
    } as const;
    expect(await studio.client.targets.add(target)).toMatchObject({
      ...target,
      connection: { kind: 'disconnected' },
    });
    expect(readFileSync(join(workspace.path, 'studio.yaml'), 'utf8')).toContain('name: mini # the small one');
    expect(readFileSync(join(workspace.path, 'studio.yaml'), 'utf8')).toContain('# the end of the list');
    expect((await studio.client.targets.list()).map(({ name }) => name)).toEqual(['mini', 'a: b #c']);
    await expect(studio.client.targets.add(target)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    await expect(
      studio.client.targets.add({ ...target, name: 'x', host: '-oProxyCommand=true' }),
    ).rejects.toThrow();
    await writeFiles(workspace.path, { 'studio.yaml': 'name: [broken\ntargets: yes\n' });
    await expect(studio.client.targets.add({ ...target, name: 'y' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    expect(readFileSync(join(workspace.path, 'studio.yaml'), 'utf8')).toBe('name: [broken\ntargets: yes\n');
  });
});
