// From where on something is a finding: for this run, or for all runs of the workspace. Empty fields take what holds otherwise.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type ThresholdChange, type ThresholdName, thresholds } from '../../../../core/api/findings.ts';
import type { WatchReport } from '../../../../core/api/monitor.ts';
import type { Run } from '../../../../core/api/runs.ts';
import { notifyError } from '../../../app/notifications.ts';
import { workspaceKey } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { NumberField } from '../../../ui/number-field.tsx';
import styles from './watch-dialogs.module.css';

const names: readonly (readonly [ThresholdName, string])[] = [
  ['spikeDeviations', 'Loss spike: robust deviations'],
  ['spikeShare', 'Loss spike: share above the median'],
  ['riseShare', 'Loss rises: share above before'],
  ['riseDeviations', 'Loss rises: robust deviations'],
  ['gradNormFactor', 'Gradient norm: times the median'],
  ['throughputDrop', 'Speed: share lost'],
  ['lowMfu', 'Low MFU: below'],
  ['rateDeviation', 'Learning rate: share off'],
  ['stallIterations', 'No new line: iterations'],
  ['stallSeconds', 'No new line: at least, seconds'],
  ['checkpointSeconds', 'Checkpoint unfinished, seconds'],
  ['diskShare', 'Disk: share free below'],
  ['diskCheckpoints', 'Disk: checkpoints that fit'],
  ['limitSeconds', 'Time limit: seconds left'],
];

const usual = thresholds.parse({});

export function ThresholdsDialog({
  run,
  report,
  onClose,
}: {
  readonly run: Run;
  readonly report: WatchReport | undefined;
  readonly onClose: () => void;
}) {
  const client = useClient();
  const [own, setOwn] = useState<ThresholdChange>(report?.thresholds ?? {});
  const workspace = useQuery({
    queryKey: [...workspaceKey, 'thresholds'],
    queryFn: ({ signal }) => client.monitor.workspaceThresholds(undefined, { signal }),
  });
  const before = workspace.data ?? usual;
  const saveForRun = () =>
    void client.monitor.setThresholds({ id: run.id, thresholds: own }).then(onClose, notifyError);
  const saveForAll = async () => {
    try {
      await client.monitor.setWorkspaceThresholds(own);
      await client.monitor.setThresholds({ id: run.id, thresholds: {} });
      await workspace.refetch();
      onClose();
    } catch (error) {
      notifyError(error);
    }
  };
  return (
    <Dialog
      title="Thresholds of the watchdog"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button kind="quiet" onPress={() => setOwn({})}>
            Empty all
          </Button>
          <Button onPress={() => void saveForAll()}>Save for all runs</Button>
          <Button kind="primary" onPress={saveForRun}>
            Save for this run
          </Button>
        </>
      }
    >
      <p className={styles['text']}>
        An empty field takes the grey value: that of the workspace. What was found before with other
        thresholds stays in the list.
      </p>
      <div className={styles['fields']}>
        {names.map(([name, label]) => (
          <NumberField
            key={name}
            label={label}
            value={own[name] ?? null}
            placeholder={String(before[name])}
            onChange={(value) => setOwn(withValue(own, name, value))}
          />
        ))}
      </div>
    </Dialog>
  );
}

function withValue(own: ThresholdChange, name: ThresholdName, value: number | null): ThresholdChange {
  const { [name]: _, ...others } = own;
  return value === null ? others : { ...others, [name]: value };
}
