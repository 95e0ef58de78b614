// A Slurm with slurmdbd: jobs that ended and left the queue while no studio was there are told apart by what sacct kept of them.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { siteProfile } from '../../../core/api/targets.ts';
import { type ClusterStudio, startClusterStudio } from '../../support/cluster-studio.ts';
import { noAccounting, type SlurmCluster, startSlurmCluster } from '../../support/slurm-cluster.ts';
import { tellClusterOnFailure } from '../../support/tell-cluster.ts';
import { waitFor } from '../../support/test-core.ts';

const endless = 'while :; do sleep 0.5; done';

describe.skipIf(noAccounting !== null)(
  `accounts of Slurm${noAccounting === null ? '' : ` (${noAccounting})`}`,
  () => {
    let cluster: SlurmCluster;
    let studio: ClusterStudio;

    beforeAll(async () => {
      cluster = await startSlurmCluster({ accounting: true, minJobAgeSeconds: 2 });
      vi.stubEnv('NESSO_SSH_CONFIG', cluster.configFile);
      studio = await startClusterStudio(['pollSeconds: 5']);
    });
    tellClusterOnFailure(() => cluster);
    afterAll(async () => {
      await studio[Symbol.asyncDispose]();
      await cluster[Symbol.asyncDispose]();
      vi.unstubAllEnvs();
    });

    it('are found at first contact, with account and partitions', async () => {
      const profile = siteProfile.parse(await studio.client.targets.probe({ name: 'mini' }));
      expect(profile.slurm?.hasAccounting).toBe(true);
      expect(profile.slurm).toMatchObject({ accounts: ['lab'], qos: ['normal'] });
    });

    it('say how jobs ended that nobody saw ending', async () => {
      const whole = { cpusPerTask: 8 };
      const cancelled = await studio.launch(endless, { name: 'cancelled' });
      const broken = await studio.launch(endless, { name: 'broken', resources: whole });
      const done = await studio.launch('sleep 2; exit 0', { name: 'done' });
      for (const { id } of [cancelled, broken]) await studio.until(id, ({ state }) => state === 'running');
      const node = cluster.slurm('squeue', '-h', '-j', broken.jobId ?? '', '-o', '%N').trim();
      await studio.restart(async () => {
        cluster.slurm('scancel', cancelled.jobId ?? '');
        cluster.slurm('scontrol', 'update', `nodename=${node}`, 'state=down', 'reason=test');
        // Nothing of them is left but their accounts.
        await waitFor(() => cluster.slurm('squeue', '-h', '-t', 'all').trim() === '', 100_000);
      });
      expect(await studio.ends(cancelled.id)).toMatchObject({
        state: 'failed',
        end: { reason: 'Cancelled by root' },
      });
      expect(await studio.ends(broken.id)).toMatchObject({
        state: 'failed',
        end: { reason: expect.stringMatching(/^A node failed: resume it/) },
      });
      expect(await studio.ends(done.id)).toMatchObject({ state: 'done', end: { exitCode: 0 } });
    }, 200_000);
  },
);
