// What an evaluation will do and cost, before it is launched; every figure with what was assumed for it.
import type { EvaluationPlan } from '../../../../core/api/evaluation-jobs.ts';
import { DataTable } from '../../../ui/data-table.tsx';
import { formatCount, formatInteger } from '../../../ui/format.ts';
import styles from './jobs.module.css';

export function CostView({ plan }: { readonly plan: EvaluationPlan }) {
  const { estimate, conversion, earlier, model, parameters } = plan;
  const { gpuHours, low, high, wallSeconds, unknown, tasks, assumptions } = estimate;
  return (
    <section className={styles['cost']} aria-label="What it will cost">
      <p className={styles['sum']} role="status">
        {gpuHours === null || low === null || high === null || wallSeconds === null
          ? parameters === null
            ? 'What it will cost is not known: the size of the model is not'
            : 'What it will cost is not known'
          : `About ${hours(gpuHours)} GPU hours (${hours(low)} to ${hours(high)}), ${minutes(wallSeconds)} after the queue`}
      </p>
      {tasks.length === 0 ? null : (
        <div className={styles['scroll']}>
          <DataTable
            label="Tasks"
            rows={tasks}
            idOf={({ name }, index) => `${name} ${index}`}
            columns={[
              { id: 'task', header: 'Task', cell: ({ name }) => <code>{name}</code> },
              {
                id: 'questions',
                header: 'Questions',
                align: 'right',
                cell: ({ questions, counted }) => `${counted ? '' : '~'}${formatInteger(questions)}`,
              },
              {
                id: 'tokens',
                header: 'Tokens read',
                align: 'right',
                cell: ({ readTokens }) => formatCount(readTokens),
              },
              {
                id: 'time',
                header: 'On one GPU',
                align: 'right',
                cell: ({ seconds }) => (parameters === null ? '' : minutes(seconds)),
              },
            ]}
          />
        </div>
      )}
      {unknown.length === 0 ? null : (
        <p className={styles['words']}>{`Of unknown size, not counted: ${unknown.join(', ')}`}</p>
      )}
      <ul className={styles['assumed']}>
        {assumptions.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
      <p className={styles['words']}>{`Weights: ${model}${conversionWords[conversion?.state ?? 'none']}`}</p>
      {earlier.length === 0 ? null : (
        <p className={styles['warn']}>
          {`The same was launched before: ${earlier
            .slice(0, 3)
            .map(({ name, state }) => `${name} (${state})`)
            .join(', ')}${earlier.length > 3 ? `, and ${earlier.length - 3} more` : ''}`}
        </p>
      )}
    </section>
  );
}

const conversionWords = {
  none: '',
  wanted: ', made by a job that converts the checkpoint first',
  running: ', which a job is making',
  done: ', converted already',
} as const;

const hours = (value: number): string => (value < 10 ? value.toFixed(2) : formatInteger(Math.round(value)));

function minutes(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
