// Beside the charts: two points that were chosen, whether the second is better, and how that is known.
import type { ProgressPoint, ProgressTask } from '../../../../core/api/evaluation-progress.ts';
import { comparisonSentence } from '../../../../core/lib/evaluations/progress/comparison-words.ts';
import { BAND_ERRORS } from '../../../../core/lib/evaluations/progress/progression.ts';
import { describeError } from '../../../app/describe-error.ts';
import { Link } from '../../../app/link.tsx';
import { Button } from '../../../ui/button.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Pane, PaneHeader, Section } from '../../../ui/pane.tsx';
import { Progress } from '../../../ui/progress.tsx';
import type { EvaluationKindProps } from '../evaluation-kind.ts';
import { valueWords } from './chart-lines.ts';
import { compareHref, moveInProgress, questionsHref, readProgressPlace } from './place.ts';
import styles from './progress.module.css';
import { useComparison, useProgression } from './use-progress.ts';

export function ProgressInspector({ query }: EvaluationKindProps) {
  const place = readProgressPlace(query);
  const { data } = useProgression({ allMetrics: place.allMetrics, run: null });
  const task = data?.tasks.find((one) => one.task === place.task) ?? null;
  const [from, to] = [pointOf(task, place.from), pointOf(task, place.to)];
  return (
    <Pane header={<PaneHeader title="Is it better?" />}>
      <div className={styles['answer']}>
        {task === null || from === null ? (
          <p className={styles['rule']}>
            Choose a point of a chart, then another one: here stands whether the second is better, and how
            that is known.
          </p>
        ) : to === null ? (
          <>
            <Points task={task} from={from} to={null} />
            <p className={styles['rule']}>Choose the point to compare it with.</p>
            <QuestionLinks task={task} from={from} to={null} />
          </>
        ) : (
          <Answer task={task} from={from} to={to} allMetrics={place.allMetrics} />
        )}
      </div>
      <Section title="How to read it">
        <p className={styles['rule']}>
          {`Bands and whiskers reach ${BAND_ERRORS} standard errors to either side: 95 % of such bands hold the value of infinitely many questions of the kind. Bands of two points that overlap do not say that they are equal.`}
        </p>
        <p className={styles['rule']}>
          Where both kept their answers, the same questions are paired: McNemar’s mid-p for right and wrong, a
          bootstrap for other scores. Otherwise the standard errors have to do.
        </p>
      </Section>
    </Pane>
  );
}

function pointOf(task: ProgressTask | null, model: string | null): ProgressPoint | null {
  if (task === null || model === null) return null;
  for (const { points } of task.lines) {
    const found = points.find((point) => point.model === model);
    if (found !== undefined) return found;
  }
  return null;
}

interface Pair {
  readonly task: ProgressTask;
  readonly from: ProgressPoint;
  readonly to: ProgressPoint | null;
}

function Points({ task, from, to }: Pair) {
  return (
    <dl className={styles['points']}>
      <dt>Task</dt>
      <dd>{`${task.task}, ${task.metric}`}</dd>
      <dt>{from.name}</dt>
      <dd>{valueWords(from)}</dd>
      {to === null ? null : (
        <>
          <dt>{to.name}</dt>
          <dd>{valueWords(to)}</dd>
        </>
      )}
    </dl>
  );
}

function QuestionLinks({ task, from, to }: Pair) {
  const { task: name, metric, filter } = task;
  return (
    <p className={styles['links']}>
      {from.hasAnswers ? (
        <Link to={questionsHref({ model: from.model, task: name, metric, filter })}>Its questions</Link>
      ) : null}
      {to !== null && from.hasAnswers && to.hasAnswers ? (
        <Link
          to={questionsHref({ model: from.model, with: to.model, task: name, metric, filter, show: 'flips' })}
        >
          Questions that flip
        </Link>
      ) : null}
      {to === null ? null : <Link to={compareHref(from.model, to.model)}>All tasks of the two</Link>}
      <Button kind="quiet" onPress={() => moveInProgress({ from: null, to: null, task: null })}>
        Choose others
      </Button>
    </p>
  );
}

function Answer({
  task,
  from,
  to,
  allMetrics,
}: Pair & { readonly to: ProgressPoint; readonly allMetrics: boolean }) {
  const { state, cancel, again } = useComparison({
    first: from.model,
    second: to.model,
    tasks: [task.task],
    allMetrics,
  });
  const compared =
    state.kind === 'done'
      ? state.result.comparisons.find(
          ({ metric, filter }) => metric === task.metric && filter === task.filter,
        )
      : undefined;
  const answer =
    compared === undefined ? null : comparisonSentence(compared, { first: from.name, second: to.name });
  return (
    <>
      <Points task={task} from={from} to={to} />
      <div aria-live="polite">
        {state.kind === 'working' ? (
          <Progress label="Comparing" fraction={shareOf(state.progress)} onCancel={cancel} />
        ) : null}
        {answer === null ? null : <p className={styles['sentence']}>{`${answer.sentence}.`}</p>}
        {answer?.remarks.map((remark) => (
          <p key={remark} className={styles['remark']}>
            {remark}
          </p>
        ))}
        {state.kind === 'done' && answer === null ? (
          <p className={styles['sentence']}>It cannot be said: the two have no result in common.</p>
        ) : null}
        {state.kind === 'cancelled' ? <Button onPress={again}>Compare again</Button> : null}
        {state.kind === 'failed' ? (
          <ErrorState
            compact
            {...describeError(state.error)}
            actions={<Button onPress={again}>Try again</Button>}
          />
        ) : null}
      </div>
      <QuestionLinks task={task} from={from} to={to} />
    </>
  );
}

export function shareOf(
  progress: {
    readonly doneTasks: number;
    readonly totalTasks: number;
    readonly doneBytes: number;
    readonly totalBytes: number;
  } | null,
): number | null {
  if (progress === null || progress.totalTasks === 0) return null;
  const { doneTasks, totalTasks, doneBytes, totalBytes } = progress;
  return (doneTasks + (totalBytes > 0 ? doneBytes / totalBytes : 0)) / totalTasks;
}
