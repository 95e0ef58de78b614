// The rule that stops a run by itself: off unless a person chooses findings that are worth it.
import { useState } from 'react';
import { type FindingKind, findingKind } from '../../../../core/api/findings.ts';
import type { WatchReport } from '../../../../core/api/monitor.ts';
import type { Run } from '../../../../core/api/runs.ts';
import { notifyError } from '../../../app/notifications.ts';
import { useClient } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { NumberField } from '../../../ui/number-field.tsx';
import styles from './watch-dialogs.module.css';

const DEFAULT_GRACE_SECONDS = 120;
const MAX_GRACE_SECONDS = 3600;

const words: Readonly<Record<FindingKind, string>> = {
  'not-finite': 'Loss or gradient is no number',
  'loss-spike': 'Loss spike',
  'loss-rise': 'Loss rises',
  'grad-norm': 'Gradient norm explodes',
  'throughput-drop': 'Speed drops',
  'low-mfu': 'Low MFU',
  'rate-off-schedule': 'Learning rate off its schedule',
  stalled: 'No new lines',
  'checkpoint-incomplete': 'Checkpoint is not whole',
  'disk-nearly-full': 'Disk nearly full',
  'time-limit': 'Time limit before the next checkpoint',
};

export function StopRuleDialog({
  run,
  report,
  onClose,
}: {
  readonly run: Run;
  readonly report: WatchReport | undefined;
  readonly onClose: () => void;
}) {
  const client = useClient();
  const [kinds, setKinds] = useState<readonly FindingKind[]>(report?.stopRule?.kinds ?? []);
  const [grace, setGrace] = useState<number | null>(report?.stopRule?.graceSeconds ?? DEFAULT_GRACE_SECONDS);
  const save = () => {
    const graceSeconds = Math.round(grace ?? DEFAULT_GRACE_SECONDS);
    const rule = kinds.length === 0 ? null : { kinds: [...kinds], graceSeconds };
    client.monitor.setStopRule({ id: run.id, rule }).then(onClose, notifyError);
  };
  return (
    <Dialog
      title="Stop by itself"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" onPress={save}>
            Save rule
          </Button>
        </>
      }
    >
      <p className={styles['text']}>
        The run is asked to end when one of these is found, once. A trainer that saves when it is asked to end
        has the time below for it; Nanotron does not save then.
      </p>
      <div className={styles['choices']}>
        {findingKind.options.map((kind) => (
          <Checkbox
            key={kind}
            isSelected={kinds.includes(kind)}
            onChange={(isOn) => setKinds(isOn ? [...kinds, kind] : kinds.filter((other) => other !== kind))}
          >
            {words[kind]}
          </Checkbox>
        ))}
      </div>
      <NumberField
        label="Time to end by itself, seconds"
        value={grace}
        onChange={setGrace}
        min={0}
        max={MAX_GRACE_SECONDS}
      />
    </Dialog>
  );
}
