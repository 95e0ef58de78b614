// How a run on a cluster stands beyond its state: why it waits, since when nothing is known, and what a person has to decide.
import type { Run } from '../../../../core/api/runs.ts';
import { BEING_SUBMITTED } from '../../../../core/lib/runs/remote-state.ts';
import { notifyError } from '../../../app/notifications.ts';
import { href } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { useTargets } from '../../../app/target-feed.tsx';
import { useAttempt } from '../../../app/use-attempt.ts';
import { Button } from '../../../ui/button.tsx';
import { Section } from '../../../ui/pane.tsx';
import styles from './run-inspector.module.css';
import { isLive, unknownWords } from '../run-state.tsx';

/** It was submitted, and the scheduler says it never heard of it: only a person can say that it is to be submitted again. */
function isForgotten(run: Run): boolean {
  return (
    run.state === 'starting' && run.jobId === null && run.detail !== null && run.detail !== BEING_SUBMITTED
  );
}

function unknownSentence(target: string, sinceMs: number): string {
  const words = unknownWords(sinceMs);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}: ${target} cannot be asked. The run goes on meanwhile, and what it writes is fetched afterwards.`;
}

/** Draws nothing where the state says it all. */
export function RunStanding({ run }: { readonly run: Run }) {
  const client = useClient();
  const { isBusy, attempt } = useAttempt(notifyError);
  const target = useTargets()?.find(({ name }) => name === run.target);
  if (run.target === 'this-computer' || !isLive(run) || run.detail === null) return null;
  const needsPerson = run.unknownSinceMs !== null && target?.connection.kind === 'disconnected';
  const submitAgain = async () => {
    await attempt(async () => {
      await client.runs.submitAgain({ id: run.id });
    });
  };
  return (
    <Section title="How it stands" aside={<a href={href('targets', run.target)}>{run.target}</a>}>
      <p className={styles['text']} role="status">
        {run.unknownSinceMs === null ? run.detail : unknownSentence(run.target, run.unknownSinceMs)}
      </p>
      {needsPerson ? (
        <Button onPress={() => void client.targets.connect({ name: run.target }).catch(notifyError)}>
          Connect to {run.target}
        </Button>
      ) : null}
      {isForgotten(run) ? (
        <>
          <p className={styles['text']}>
            Look at the queue of {run.target} first: submitted again while the first job is there, it would
            run twice.
          </p>
          <Button isDisabled={isBusy} onPress={() => void submitAgain()}>
            {isBusy ? 'Submitting' : 'Submit again'}
          </Button>
        </>
      ) : null}
    </Section>
  );
}
