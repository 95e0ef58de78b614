// All rules that evaluate new checkpoints, one line a run.
import type { Run } from '../../../../core/api/runs.ts';
import { Link } from '../../../app/link.tsx';
import { href } from '../../../app/route.ts';
import { DataTable } from '../../../ui/data-table.tsx';
import { Section } from '../../../ui/pane.tsx';
import styles from './jobs.module.css';
import { launchedText, ruleText } from './rule-words.ts';
import { useEvaluationRules } from './use-jobs.ts';

export function RuleTable({ runs }: { readonly runs: readonly Run[] }) {
  const rules = useEvaluationRules();
  return (
    <Section title="Rules">
      {rules === null || rules.length === 0 ? (
        <p className={styles['words']}>
          A rule evaluates every new checkpoint of a run: open the run and choose “Evaluate new ones” below
          its checkpoints.
        </p>
      ) : (
        <div className={styles['scroll']}>
          <DataTable
            label="Rules"
            rows={rules}
            idOf={({ runId }) => runId}
            columns={[
              {
                id: 'run',
                header: 'Run',
                cell: ({ runId }) => (
                  <Link to={href('runs', runId)}>{runs.find(({ id }) => id === runId)?.name ?? runId}</Link>
                ),
              },
              { id: 'rule', header: 'Evaluates', cell: ruleText },
              { id: 'launched', header: 'Launched', cell: launchedText },
              {
                id: 'failure',
                header: 'Could not',
                cell: ({ failures }) => failures[0]?.message ?? '',
              },
            ]}
          />
        </div>
      )}
    </Section>
  );
}
