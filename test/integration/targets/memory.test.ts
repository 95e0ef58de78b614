// Jobs that take more memory than they asked for, on a real Slurm that limits it by cgroups: the kernel ends them, Slurm says so in its
// own words, and the studio repeats what happened. Without such a Slurm the exit code alone tells (faults.test.ts).
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ClusterStudio, startClusterStudio } from '../../support/cluster-studio.ts';
import { noMemoryLimits, type SlurmCluster, startSlurmCluster } from '../../support/slurm-cluster.ts';
import { tellClusterOnFailure } from '../../support/tell-cluster.ts';

describe.skipIf(noMemoryLimits !== null)(
  `memory of jobs${noMemoryLimits === null ? '' : ` (${noMemoryLimits})`}`,
  () => {
    let cluster: SlurmCluster;
    let studio: ClusterStudio;
    beforeAll(async () => {
      cluster = await startSlurmCluster({ nodes: 1, memoryLimits: true });
      vi.stubEnv('NESSO_SSH_CONFIG', cluster.configFile);
      studio = await startClusterStudio(['pollSeconds: 5']);
    });
    tellClusterOnFailure(() => cluster);
    afterAll(async () => {
      await studio[Symbol.asyncDispose]();
      await cluster[Symbol.asyncDispose]();
      vi.unstubAllEnvs();
    });

    it('that is used up is told as such, not as a failure of the program', async () => {
      const hungry = `echo before; python3 -c "print(len(bytearray(300_000_000)))"`;
      const small = { cpusPerTask: 1, memoryPerNodeMb: 64, requeue: false };
      const run = await studio.launch(hungry, { name: 'hungry', resources: small });
      const ended = await studio.ends(run.id);
      expect(ended).toMatchObject({ state: 'failed' });
      expect(ended.end?.reason).toMatch(/more memory than it had asked for/);
      expect(studio.read(ended, 'log.txt')).toContain('before');
    });
  },
);
