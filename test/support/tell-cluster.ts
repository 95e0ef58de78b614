// Where a test on a cluster fails, the cluster's own words are printed with it: a scheduler that waits looks like a broken studio.
import { afterEach } from 'vitest';
import type { SlurmCluster } from './slurm-cluster.ts';

/** To be called inside `describe`. */
export function tellClusterOnFailure(cluster: () => SlurmCluster | undefined): void {
  afterEach(({ task }) => {
    if (task.result?.state !== 'fail') return;
    const told = cluster()?.standing();
    if (told !== undefined) console.log(`The cluster of "${task.name}":\n${told}`);
  });
}
