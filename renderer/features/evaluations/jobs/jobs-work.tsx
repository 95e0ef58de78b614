// Evaluations on targets in the middle pane: the jobs, newest first, the rules that launch them, and the sets of tasks there are.
import { Server } from 'lucide-react';
import { useState } from 'react';
import type { Run } from '../../../../core/api/runs.ts';
import { href } from '../../../app/route.ts';
import { Link } from '../../../app/link.tsx';
import { useWorkspace } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { DataTable } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { formatInteger } from '../../../ui/format.ts';
import { Pane, PaneHeader, Section } from '../../../ui/pane.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { EvaluateDialog } from './evaluate-dialog.tsx';
import styles from './jobs.module.css';
import { RuleTable } from './rule-table.tsx';
import { useAllRuns, usePresets } from './use-jobs.ts';

export function JobsWork() {
  const { readOnly } = useWorkspace();
  const runs = useAllRuns();
  const presets = usePresets();
  const [isOpen, setOpen] = useState(false);
  const jobs = runs?.filter(({ evaluates }) => evaluates !== null) ?? null;
  const action = readOnly ? null : (
    <Button kind="primary" icon={Server} onPress={() => setOpen(true)}>
      Evaluate on a target…
    </Button>
  );
  return (
    <Pane header={<PaneHeader title="Jobs and rules" actions={jobs?.length === 0 ? null : action} />} padded>
      {jobs === null ? (
        <Skeleton label="Looking for evaluations" />
      ) : jobs.length === 0 ? (
        <EmptyState icon={Server} title="No checkpoint was evaluated on a target yet" actions={action}>
          <p>
            A job runs a set of benchmarks where the checkpoint lies, and its results come here by themselves.
            Rules do it for every new checkpoint.
          </p>
        </EmptyState>
      ) : (
        <div className={styles['scroll']}>
          <DataTable label="Evaluations on targets" rows={jobs} idOf={({ id }) => id} columns={columns} />
        </div>
      )}
      <RuleTable runs={runs ?? []} />
      <Section title="Sets of tasks">
        <div className={styles['scroll']}>
          <DataTable
            label="Sets of tasks"
            rows={presets ?? []}
            idOf={({ id }) => id}
            columns={[
              { id: 'title', header: 'Set', cell: ({ title }) => title },
              { id: 'tasks', header: 'Tasks', cell: ({ tasks }) => <code>{tasks.join(', ')}</code> },
              { id: 'about', header: 'About', cell: ({ description }) => description },
            ]}
          />
        </div>
      </Section>
      {isOpen ? <EvaluateDialog onClose={() => setOpen(false)} /> : null}
    </Pane>
  );
}

const columns = [
  {
    id: 'name',
    header: 'Job',
    cell: ({ id, name }: Run) => <Link to={href('runs', id)}>{name}</Link>,
  },
  {
    id: 'of',
    header: 'Of',
    cell: ({ evaluates }: Run) =>
      evaluates?.run == null || evaluates.step === null ? (
        <code className={styles['path']}>{evaluates?.model ?? ''}</code>
      ) : (
        <Link to={href('runs', evaluates.run)}>{`step ${formatInteger(evaluates.step)}`}</Link>
      ),
  },
  { id: 'target', header: 'Target', cell: ({ target }: Run) => target },
  {
    id: 'state',
    header: 'State',
    cell: ({ state, detail }: Run) => (detail === null ? state : `${state}: ${detail}`),
  },
  {
    id: 'tasks',
    header: 'Tasks done',
    align: 'right' as const,
    cell: ({ latest, totalSteps }: Run) =>
      totalSteps === null
        ? ''
        : `${formatInteger(latest['tasks_done'] ?? 0)} of ${formatInteger(totalSteps)}`,
  },
];
