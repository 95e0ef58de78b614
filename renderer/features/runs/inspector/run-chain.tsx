// The starts of a run and the tasks of an array: how often it was started, what that cost, which tasks did not end well.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Run, RunAttempt, RunTask } from '../../../../core/api/runs.ts';
import { chainTotals } from '../../../../core/lib/runs/attempts.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { formatDateTime, formatDuration, formatQuantity } from '../../../ui/format.ts';
import { Section } from '../../../ui/pane.tsx';
import { PropertyList } from '../../../ui/property-list.tsx';
import styles from './run-inspector.module.css';

/** Draws nothing for a run that was started once and is no array. */
export function RunChain({ run }: { readonly run: Run }) {
  return (
    <>
      {run.attached ? (
        <Section title="Attached">
          <PropertyList
            properties={[
              { name: 'Owner', value: run.attached.owner },
              { name: 'Folder', value: run.attached.path },
            ]}
          />
          <p className={styles['text']}>It is read here and never stopped or removed on the target.</p>
        </Section>
      ) : null}
      {run.attempts.length > 1 ? <Attempts attempts={run.attempts} /> : null}
      {run.tasks ? <Tasks run={run} /> : null}
    </>
  );
}

function Attempts({ attempts }: { readonly attempts: readonly RunAttempt[] }) {
  const { redoneSteps, waitedMs } = chainTotals(attempts);
  return (
    <Section title="Attempts" aside={String(attempts.length)}>
      <p className={styles['text']}>
        {formatQuantity(redoneSteps, 'step')} done twice · {formatDuration(waitedMs)} in the queue
      </p>
      <PropertyList
        properties={attempts.map((attempt) => ({
          name: `${attempt.number} · ${formatDateTime(attempt.startedMs)}`,
          value: attemptWords(attempt),
        }))}
      />
    </Section>
  );
}

function attemptWords({ firstStep, lastStep, redoneSteps, node, reason }: RunAttempt): string {
  const steps = firstStep === null ? 'no step' : `step ${firstStep} to ${lastStep ?? '…'}`;
  const again = redoneSteps > 0 ? ` (${redoneSteps} again)` : '';
  return [`${steps}${again}`, node ?? '', reason ?? ''].filter((part) => part !== '').join(' · ');
}

function Tasks({ run }: { readonly run: Run }) {
  const client = useClient();
  const [isOpen, setOpen] = useState(false);
  const tasks = useQuery({
    queryKey: [...queryKeys.runs, 'tasks', run.id, JSON.stringify(run.tasks)],
    queryFn: () => client.runs.tasks({ id: run.id }),
    enabled: isOpen,
  });
  const counts = run.tasks;
  if (counts === null) return null;
  const { total, ...states } = counts;
  const words = Object.entries(states)
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${count} ${state}`);
  return (
    <Section title="Tasks" aside={String(total)}>
      <p className={styles['text']}>{words.join(' · ')}</p>
      {isOpen ? (
        <PropertyList
          properties={(tasks.data?.tasks ?? []).map((task) => ({
            name: `Task ${task.task}`,
            value: taskWords(task),
          }))}
        />
      ) : (
        <Button onPress={() => setOpen(true)}>Show tasks</Button>
      )}
    </Section>
  );
}

function taskWords({ state, detail, node, startedMs, endedMs }: RunTask): string {
  const took = startedMs === null || endedMs === null ? '' : formatDuration(endedMs - startedMs);
  return [state, detail ?? '', node ?? '', took].filter((part) => part !== '').join(' · ');
}
