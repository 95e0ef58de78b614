// Ends a live run: here with a grace period, on a cluster with a choice of how long it may take to write a checkpoint, or so that
// Slurm starts it again.
import { Square } from 'lucide-react';
import type { Run } from '../../../core/api/runs.ts';
import { notify, notifyError } from '../../app/notifications.ts';
import { useClient } from '../../app/session.ts';
import { useTargets } from '../../app/target-feed.tsx';
import { Button } from '../../ui/button.tsx';
import { Menu } from '../../ui/menu.tsx';

/** A checkpoint of a large model takes minutes to write. */
const CHECKPOINT_GRACE_MS = 600_000;
const SHORT_GRACE_MS = 60_000;

export function StopRun({ run }: { readonly run: Run }) {
  const client = useClient();
  const stop = (graceMs?: number) =>
    void client.runs.stop({ id: run.id, ...(graceMs === undefined ? {} : { graceMs }) }).catch(notifyError);
  const requeue = () =>
    void client.runs.requeue({ id: run.id }).then(
      () =>
        notify({
          severity: 'info',
          title: `${run.name} is back in the queue`,
          detail: 'Slurm starts it again within minutes; what it logged stays, as an attempt of its own',
        }),
      notifyError,
    );
  const isOfSlurm = useTargets()?.find(({ name }) => name === run.target)?.kind === 'slurm';
  const isStopping = run.state === 'stopping';
  if (run.target === 'this-computer' || isStopping) {
    return (
      <Button isDisabled={isStopping} onPress={() => stop()}>
        {isStopping ? 'Stopping' : 'Stop'}
      </Button>
    );
  }
  if (run.state !== 'running') {
    return (
      <Button isDisabled={run.jobId === null} onPress={() => stop(0)}>
        Cancel job
      </Button>
    );
  }
  return (
    <Menu
      label="Stop the run"
      icon={Square}
      groups={[
        [
          { id: 'short', label: 'Warn it, cancel after 1 minute', perform: () => stop(SHORT_GRACE_MS) },
          { id: 'long', label: 'Warn it, cancel after 10 minutes', perform: () => stop(CHECKPOINT_GRACE_MS) },
          { id: 'now', label: 'Cancel now', perform: () => stop(0) },
        ],
        ...(isOfSlurm
          ? [[{ id: 'requeue', label: 'Requeue: end it, and have Slurm start it again', perform: requeue }]]
          : []),
      ]}
    >
      Stop
    </Menu>
  );
}
