// A launch is carried out once, whatever dies meanwhile: the program that launches is killed at random moments, and a studio that is
// started later finishes what was begun.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureBuilt } from '../../../scripts/ensure-built.mjs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { noCluster, type SlurmCluster, startSlurmCluster } from '../../support/slurm-cluster.ts';
import { tellClusterOnFailure } from '../../support/tell-cluster.ts';
import { startTestCore, temporaryFolder, waitFor, writeFiles } from '../../support/test-core.ts';
import { startNesso } from '../cli-process.ts';

const KILLS = 4;
/** A launch from a shell takes about this long on a quiet machine; kills are spread over it, most of them where sbatch is at work. */
const LAUNCH_MS = 2000;

describe.skipIf(noCluster !== null)(
  `a launch that is killed${noCluster === null ? '' : ` (${noCluster})`}`,
  () => {
    let cluster: SlurmCluster;
    beforeAll(async () => {
      ensureBuilt();
      cluster = await startSlurmCluster({ nodes: 1 });
      vi.stubEnv('NESSO_SSH_CONFIG', cluster.configFile);
    });
    tellClusterOnFailure(() => cluster);
    afterAll(async () => {
      vi.unstubAllEnvs();
      await cluster[Symbol.asyncDispose]();
    });

    it(`becomes one job or none, over ${KILLS} kills`, async () => {
      await using workspace = await temporaryFolder();
      await using state = await temporaryFolder();
      await writeFiles(workspace.path, {
        'studio.yaml':
          'name: team\ntargets:\n- {name: mini, kind: slurm, host: cluster, folder: ~/runs, pollSeconds: 5}\n',
      });
      const runsThere = (): readonly string[] => {
        const folder = join(workspace.path, 'runs');
        const names = existsSync(folder) ? readdirSync(folder) : [];
        return names.filter((name) => existsSync(join(folder, name, 'run.json')));
      };
      for (let kill = 0; kill < KILLS; kill += 1) {
        const words = [
          'run',
          'launch',
          'command',
          '-w',
          workspace.path,
          '-t',
          'mini',
          '--name',
          `kill ${kill}`,
        ];
        const before = runsThere().length;
        const { process: child, ended } = startNesso(state.path, [...words, '-p', 'command=true', '--json']);
        // From the moment the run is written down: before it, nothing was promised.
        await waitFor(() => runsThere().length > before || child.exitCode !== null);
        await sleep((kill / KILLS) * LAUNCH_MS);
        child.kill('SIGKILL');
        await ended;
      }
      expect(runsThere()).toHaveLength(KILLS);

      await using studio = await startTestCore();
      await studio.client.workspace.open({ path: workspace.path });
      await studio.client.targets.connect({ name: 'mini' });
      const runs = await waitFor(async () => {
        const listed = await studio.client.runs.list();
        return listed.length === KILLS && listed.every((run) => run.end !== null) ? listed : null;
      }, 480_000);
      expect(runs.map(({ state: reached }) => reached)).toEqual(runs.map(() => 'done'));
      const names = cluster.slurm('squeue', '-h', '-t', 'all', '-o', '%j').trim().split('\n');
      expect(names).toHaveLength(KILLS);
      expect(new Set(names).size).toBe(KILLS);
    }, 480_000);
  },
);
