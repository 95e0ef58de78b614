// The answers of a vote while they are made: begun by a person, gone on with where it was stopped.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { VoteSummary } from '../../../../core/api/votes.ts';
import { describeError, isAbort } from '../../../app/describe-error.ts';
import { useClient, useWorkspace } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatInteger, formatQuantity } from '../../../ui/format.ts';
import { Progress } from '../../../ui/progress.tsx';
import { votesKey } from './use-votes.ts';
import styles from './votes.module.css';

interface Made {
  readonly done: number;
  readonly total: number;
}

export function Preparation({ summary }: { readonly summary: VoteSummary }) {
  const client = useClient();
  const queries = useQueryClient();
  const { readOnly } = useWorkspace();
  const [made, setMade] = useState<Made | null>(null);
  const [error, setError] = useState<unknown>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const start = async () => {
    const own = new AbortController();
    running.current = own;
    setError(null);
    setMade({ done: 0, total: summary.progress.items * 2 });
    try {
      for await (const event of await client.votes.prepare({ vote: summary.vote }, { signal: own.signal })) {
        if (event.kind === 'progress') setMade(event);
      }
    } catch (failure) {
      if (!own.signal.aborted && !isAbort(failure)) setError(failure);
    } finally {
      setMade(null);
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
          <Button kind="primary" isDisabled={readOnly} onPress={() => void start()}>
            Make the answers
          </Button>
        </div>
      ) : (
        <Progress
          label="Making answers"
          fraction={made.done / Math.max(1, made.total)}
          amount={`${formatInteger(made.done)} of ${formatInteger(made.total)} answers`}
          onCancel={() => running.current?.abort()}
        />
      )}
    </div>
  );
}
