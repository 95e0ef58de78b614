// First contact with a real Slurm: what the probe finds is what Slurm was set up with.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { siteProfile } from '../../../core/api/targets.ts';
import { ensureBuilt } from '../../../scripts/ensure-built.mjs';
import { noCluster, type SlurmCluster, startSlurmCluster } from '../../support/slurm-cluster.ts';
import { tellClusterOnFailure } from '../../support/tell-cluster.ts';
import { temporaryFolder, writeFiles } from '../../support/test-core.ts';
import { startNesso } from '../cli-process.ts';

describe.skipIf(noCluster !== null)(
  `nesso target probe${noCluster === null ? '' : ` (${noCluster})`}`,
  () => {
    let cluster: SlurmCluster;
    beforeAll(async () => {
      ensureBuilt();
      cluster = await startSlurmCluster();
    });
    tellClusterOnFailure(() => cluster);
    afterAll(() => cluster[Symbol.asyncDispose]());

    it('adds a host as a target, shows the script of a run there, submits, reads and ends it from the command line', async () => {
      await using workspace = await temporaryFolder();
      await using state = await temporaryFolder();
      await writeFiles(workspace.path, { 'studio.yaml': 'name: team # ours\n' });
      vi.stubEnv('NESSO_SSH_CONFIG', cluster.configFile);
      const place = ['-w', workspace.path, '--json'];
      const add = ['target', 'add', 'cluster', '--name', 'mini', '--folder', '~/runs', ...place];
      expect((await startNesso(state.path, add).ended).json()).toMatchObject({ name: 'mini', kind: 'slurm' });
      const studioFile = await readFile(join(workspace.path, 'studio.yaml'), 'utf8');
      expect(studioFile).toMatch(/^name: team # ours$/m);
      // The name is taken now.
      expect((await startNesso(state.path, add).ended).code).toBe(1);
      const launch = [
        'run',
        'launch',
        'command',
        '-w',
        workspace.path,
        '--json',
        '-t',
        'mini',
        '--gpus',
        '2',
      ];
      const deaf = `bash -c 'trap "" TERM; echo I hear nothing; while :; do sleep 0.2; done'`;
      const words = [...launch, '--name', 'from a shell', '-p', `command=${deaf}`];
      const shown = await startNesso(state.path, ['run', 'script', ...words.slice(2)]).ended;
      expect(z.object({ script: z.string() }).parse(shown.json()).script).toContain('#SBATCH --gres=gpu:2');
      const ended = await startNesso(state.path, words).ended;
      const { id, jobId } = z.object({ id: z.string(), jobId: z.string() }).parse(ended.json());
      const queue = (column: string) =>
        cluster.slurm('squeue', '-h', '-t', 'all', '-j', jobId, '-o', column).trim();
      expect(queue('%j')).toMatch(/^from-a-shell\./);
      // No studio is open: each command logs in by itself.
      const run = (...more: readonly string[]) =>
        startNesso(state.path, ['run', ...more, '-w', workspace.path]).ended;
      await expect.poll(async () => (await run('log', id)).stdout).toBe('I hear nothing\n');
      const stopped = await run('stop', id, '--grace', '1');
      expect(stopped.stderr).toContain('from a shell was warned, and is cancelled in 1 s');
      await expect.poll(() => queue('%T')).not.toBe('RUNNING');
      const over = await run('requeue', id);
      expect([over.code, over.stderr]).toEqual([1, expect.stringMatching(/does not run|is being stopped/)]);
    });

    it('finds partitions, GPUs, limits and the missing accounting in one login', async () => {
      await using workspace = await temporaryFolder();
      await writeFiles(workspace.path, {
        'studio.yaml': [
          'name: team',
          'targets:',
          '- name: mini',
          '  kind: slurm',
          '  host: cluster',
          `  folder: "${cluster.home}/runs of the team"`,
          '',
        ].join('\n'),
      });
      vi.stubEnv('NESSO_SSH_CONFIG', cluster.configFile);
      await using state = await temporaryFolder();
      const answer = await startNesso(state.path, ['target', 'probe', 'mini', '--json', '-w', workspace.path])
        .ended;
      expect(answer.stderr).toBe('');
      expect(answer.code).toBe(0);
      const profile = siteProfile.parse(answer.json());
      expect(profile.slurm).toMatchObject({
        cluster: 'nesso',
        hasAccounting: false,
        minJobAgeSeconds: 300,
        maxArraySize: 1001,
      });
      expect(profile.slurm?.partitions.map(({ name }) => name)).toEqual(['debug', 'long', 'spot', 'urgent']);
      expect(profile.slurm?.partitions[0]).toMatchObject({
        isDefault: true,
        maxSeconds: 300,
        nodes: 2,
        cpusPerNode: 8,
        memoryPerNodeMb: 4000,
        gpusPerNode: { gpu: 4 },
      });
      expect(profile.folderProblem).toBeNull();
      expect(profile.warnings).toContainEqual(expect.stringContaining('sacct'));
    });
  },
);
