// Going on with a judgement: how hard, and with which key.
import { useState } from 'react';
import { judgeEffort, type Judgement, MAX_CONCURRENCY } from '../../../../core/lib/judges/judgement.ts';
import { describeError } from '../../../app/describe-error.ts';
import { useClient } from '../../../app/session.ts';
import { useAttempt } from '../../../app/use-attempt.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { NumberField } from '../../../ui/number-field.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import frame from '../report-frame.module.css';
import styles from './board-view.module.css';
import { useServerKey } from './server-key.ts';

export function ResumeDialog(props: {
  readonly judgement: string;
  readonly asked: Judgement;
  readonly onClose: () => void;
}) {
  const { judgement, asked, onClose } = props;
  const client = useClient();
  const server = useServerKey(asked.endpoint.baseUrl);
  const [concurrency, setConcurrency] = useState<number | null>(asked.effort.concurrency);
  const [stopInvalid, setStopInvalid] = useState<number | null>(
    asked.effort.stopAboveInvalid === null ? null : Math.round(100 * asked.effort.stopAboveInvalid),
  );
  const { isBusy, failure, attempt } = useAttempt();
  const effort = judgeEffort.safeParse({
    ...asked.effort,
    concurrency,
    stopAboveInvalid: stopInvalid === null ? null : stopInvalid / 100,
  });
  const needsKey = asked.endpoint.keyName !== null;
  const resume = async () => {
    if (!effort.success || isBusy) return;
    await attempt(async () => {
      if (needsKey) await server.keep().catch(() => undefined);
      const key = needsKey && server.key !== '' ? server.key : null;
      await client.judges.resume({ judgement, key, effort: effort.data });
      onClose();
    });
  };
  return (
    <Dialog
      title={`Resume ${judgement}`}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            kind="primary"
            isDisabled={!effort.success || isBusy}
            isPending={isBusy}
            onPress={() => void resume()}
          >
            Resume
          </Button>
        </>
      }
    >
      <div className={styles['key']}>
        <p className={frame['hint']}>
          Documents that have their line are not asked again. {asked.endpoint.model} at{' '}
          {asked.endpoint.baseUrl}
        </p>
        <div className={styles['pair']}>
          <NumberField
            label="Requests at once"
            value={concurrency}
            onChange={setConcurrency}
            min={1}
            max={MAX_CONCURRENCY}
          />
          <NumberField
            label="Stop above, % invalid"
            value={stopInvalid}
            onChange={setStopInvalid}
            min={0}
            max={100}
            placeholder="never"
          />
        </div>
        {needsKey ? (
          <TextField
            label="Key"
            isSecret
            value={server.key}
            onChange={server.set}
            hint={
              server.place === 'keychain'
                ? "From this computer's keychain"
                : 'Kept only until this page is closed'
            }
          />
        ) : null}
        {failure === null ? null : <ErrorState {...describeError(failure)} compact />}
      </div>
    </Dialog>
  );
}
