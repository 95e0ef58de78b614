// One evaluation: numbers as they settle, with their errors; stop, go on; results and quantizations beside each other.
import { CircleStop, Play, Trash2 } from 'lucide-react';
import type { EvaluationCell, EvaluationRun } from '../../../../core/api/evaluation-runs.ts';
import { taskFacts } from '../../../../core/lib/evaluations/task-facts.ts';
import { Link } from '../../../app/link.tsx';
import { notifyError } from '../../../app/notifications.ts';
import { href, navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { DataTable } from '../../../ui/data-table.tsx';
import { formatDuration } from '../../../ui/format.ts';
import { Progress } from '../../../ui/progress.tsx';
import styles from './local.module.css';
import { MeanBar } from './mean-bar.tsx';
import { QuantizationTables } from './quantization-tables.tsx';
import { meanWords, metricWords, modelWords, shownMeans } from './run-words.ts';

export function RunView({ run }: { readonly run: EvaluationRun }) {
  const client = useClient();
  const { id, state, cells } = run;
  const isLive = state === 'running' || state === 'waiting';
  const running = run.doing === null ? cells.find(({ state: own }) => own === 'running') : undefined;
  const act = (work: Promise<unknown>) => void work.catch(notifyError);
  return (
    <div className={styles['stack']}>
      {running === undefined ? null : (
        <Progress
          label={`${running.task}${running.part === null ? '' : `, ${running.part}`}, ${modelWords(running.model)}`}
          fraction={running.total === 0 ? null : running.done / running.total}
          amount={`${running.done.toLocaleString('en-US')} of ${running.total.toLocaleString('en-US')} questions`}
        />
      )}
      {run.doing === null ? null : <Progress label={run.doing} fraction={null} />}
      <div className={styles['start']}>
        {isLive ? (
          <Button icon={CircleStop} onPress={() => act(client.evaluationRuns.stop({ id }))}>
            Stop
          </Button>
        ) : null}
        {state === 'stopped' || state === 'interrupted' || state === 'failed' ? (
          <Button kind="primary" icon={Play} onPress={() => act(client.evaluationRuns.resume({ id }))}>
            {state === 'failed' ? 'Try the rest again' : 'Go on'}
          </Button>
        ) : null}
        {isLive ? null : (
          <Button
            icon={Trash2}
            onPress={() => {
              navigate(href('evaluations', 'local'));
              act(client.evaluationRuns.remove({ id }));
            }}
          >
            Forget
          </Button>
        )}
        {cells.some((cell) => cell.state === 'finished') ? (
          <>
            <Link to={href('evaluations', 'results')}>Show in the leaderboard</Link>
            {run.request.types.length > 0 ? null : (
              <Link to={withTypesHref(run)}>Against its quantizations…</Link>
            )}
          </>
        ) : null}
        <span className={styles['quiet']}>
          {[
            run.request.limit === null ? '' : `Sample: the first ${run.request.limit} questions of each task`,
            run.request.exact ? 'attention in 32 bits' : '',
          ]
            .filter((part) => part !== '')
            .join(' · ')}
        </span>
      </div>
      <div className={styles['scroll']}>
        <DataTable
          label="Numbers of this evaluation"
          columns={[
            {
              id: 'model',
              header: 'Model',
              cell: ({ model }: EvaluationCell) => (
                <span className={styles['figure']} title={model}>
                  {modelWords(model)}
                </span>
              ),
            },
            { id: 'task', header: 'Task', cell: ({ task }) => task },
            { id: 'numbers', header: 'Value ± standard error', cell: (cell) => <Means cell={cell} /> },
            { id: 'done', header: 'Questions', align: 'right', cell: doneWords },
            { id: 'state', header: 'State', cell: (cell) => <State cell={cell} /> },
          ]}
          rows={cells}
          idOf={({ model, task }) => `${model} ${task}`}
        />
      </div>
      <QuantizationTables run={run} />
    </div>
  );
}

/** The same models and tasks, with the types that most people run beside each model. */
function withTypesHref({ request: { models, tasks } }: EvaluationRun): string {
  return href('evaluations', 'local', {
    models: models.join(','),
    tasks: tasks.map(({ name }) => name).join(','),
    types: 'q8_0,q4_0',
    measure: '1',
  });
}

function Means({ cell }: { readonly cell: EvaluationCell }) {
  const { chance } = taskFacts(cell.task);
  const means = shownMeans(cell);
  if (means.length === 0) return <span className={styles['quiet']}>–</span>;
  return (
    <ul className={styles['means']}>
      {means.map((mean) => (
        <li key={metricWords(mean)}>
          <span className={styles['metric']}>{metricWords(mean)}</span>
          <MeanBar mean={mean} chance={chance} />
          <span className={styles['figure']}>{meanWords(mean)}</span>
        </li>
      ))}
    </ul>
  );
}

const doneWords = ({ done, total }: EvaluationCell): string =>
  total === 0
    ? '–'
    : done === total
      ? done.toLocaleString('en-US')
      : `${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')}`;

function State({ cell }: { readonly cell: EvaluationCell }) {
  const { state, error, seconds } = cell;
  if (error !== null)
    return (
      <span className={styles['fatal']} title={error.hint}>
        {error.message}
      </span>
    );
  return (
    <span className={styles['state']}>
      {state === 'finished' && seconds !== null ? `in ${formatDuration(seconds * 1000)}` : state}
    </span>
  );
}
