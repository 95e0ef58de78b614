// The answers of a vote while they are made: begun by a person, gone on with where it was stopped. They are made without the view
// that began it too.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type VoteSummary, voteWorkKey } from '../../../../core/api/votes.ts';
import { describeError, isAbort } from '../../../app/describe-error.ts';
import { notifyError } from '../../../app/notifications.ts';
import { useClient, useWorkspace } from '../../../app/session.ts';
import { useActivity } from '../../../app/use-activity.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatInteger, formatQuantity } from '../../../ui/format.ts';
import { Progress } from '../../../ui/progress.tsx';
import { votesKey } from './use-votes.ts';
import styles from './votes.module.css';

export function Preparation({ summary }: { readonly summary: VoteSummary }) {
  const client = useClient();
  const queries = useQueryClient();
  const { readOnly } = useWorkspace();
  const [isAsked, setAsked] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const made = useActivity(voteWorkKey(summary.vote), () => {
    void queries.invalidateQueries({ queryKey: votesKey });
  });

  const start = async () => {
    setError(null);
    setAsked(true);
    try {
      // How far it is, its activity says.
      for await (const _ of await client.votes.prepare({ vote: summary.vote }));
    } catch (failure) {
      if (!isAbort(failure)) setError(failure);
    } finally {
      setAsked(false);
      await queries.invalidateQueries({ queryKey: votesKey });
    }
  };
  return (
    <div className={styles['preparing']}>
      {error === null ? null : <ErrorState compact {...describeError(error)} />}
      {made === null ? (
        <div className={styles['bar']}>
          <span>{`${formatQuantity(summary.progress.waiting, 'item')} wait for answers`}</span>
          <span className={styles['spring']} />
          <Button kind="primary" isDisabled={readOnly || isAsked} onPress={() => void start()}>
            Make the answers
          </Button>
        </div>
      ) : (
        <Progress
          label="Making answers"
          fraction={made.total === null ? null : made.done / Math.max(1, made.total)}
          amount={
            made.total === null ? '' : `${formatInteger(made.done)} of ${formatInteger(made.total)} answers`
          }
          onCancel={() => void client.system.cancelActivity({ id: made.id }).catch(notifyError)}
        />
      )}
    </div>
  );
}
