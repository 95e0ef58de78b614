// Two models task by task in the middle pane: which two, how far the comparison is, and what it found. What was asked differently is
// said and never counted.
import { ArrowLeftRight, Scale } from 'lucide-react';
import { useMemo } from 'react';
import { describeError } from '../../../app/describe-error.ts';
import { currentRoute, href, navigate } from '../../../app/route.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatQuantity } from '../../../ui/format.ts';
import { Pane, PaneHeader } from '../../../ui/pane.tsx';
import { Progress } from '../../../ui/progress.tsx';
import { Select } from '../../../ui/select.tsx';
import type { EvaluationKindProps } from '../evaluation-kind.ts';
import { shareOf } from '../progress/progress-inspector.tsx';
import { useComparison } from '../progress/use-progress.ts';
import { usePublishedTables, useResultsOverview, useResultsWatch } from '../results/use-results.ts';
import { Compared, markdownOf } from './compared-table.tsx';
import styles from './compare.module.css';

export interface ComparePlace {
  readonly first: string | null;
  readonly second: string | null;
  readonly allMetrics: boolean;
}

const readPlace = (query: URLSearchParams): ComparePlace => ({
  first: query.get('first'),
  second: query.get('second'),
  allMetrics: query.get('metrics') === 'all',
});

function move(change: Partial<ComparePlace>): void {
  const now = readPlace(currentRoute()?.query ?? new URLSearchParams());
  const { first, second, allMetrics } = { ...now, ...change };
  const query = {
    ...(first === null ? {} : { first }),
    ...(second === null ? {} : { second }),
    ...(allMetrics ? { metrics: 'all' } : {}),
  };
  navigate(href('evaluations', 'compare', query), { replace: true });
}

export function CompareWork({ query }: EvaluationKindProps) {
  useResultsWatch();
  const { first, second, allMetrics } = readPlace(query);
  const overview = useResultsOverview();
  const published = usePublishedTables();
  const models = useMemo(
    () => [
      ...(overview.data?.models ?? []).map(({ key, name }) => ({ id: key, label: name })),
      ...(published.data?.tables ?? []).flatMap(({ table, keys }) =>
        table.rows.map(({ name }, place) => ({ id: keys[place] ?? '', label: name, detail: table.where })),
      ),
    ],
    [overview.data, published.data],
  );
  const request =
    first === null || second === null || first === second ? null : { first, second, tasks: null, allMetrics };
  const { state, cancel, again } = useComparison(request);
  return (
    <Pane
      padded
      header={
        <PaneHeader
          title="Two models"
          detail="task by task; questions are paired where both kept their answers"
          actions={
            state.kind === 'done' ? (
              <CopyButton text={markdownOf(state.result)} label="Copy as Markdown" />
            ) : null
          }
        />
      }
    >
      <div className={styles['tools']}>
        <Select label="First" choices={models} value={first} onChange={(key) => move({ first: key })} />
        <IconButton
          icon={ArrowLeftRight}
          label="Swap the two"
          isDisabled={first === null && second === null}
          onPress={() => move({ first: second, second: first })}
        />
        <Select label="Second" choices={models} value={second} onChange={(key) => move({ second: key })} />
        <Checkbox isSelected={allMetrics} onChange={(isOn) => move({ allMetrics: isOn })}>
          All metrics
        </Checkbox>
      </div>
      {state.kind === 'none' ? (
        <EmptyState
          icon={Scale}
          title={first !== null && first === second ? 'These are one model' : 'Choose two models'}
        >
          <p>
            Whatever both were asked is compared: with a paired test where the answers were kept, with
            standard errors otherwise.
          </p>
        </EmptyState>
      ) : null}
      {state.kind === 'working' ? (
        <Progress
          label={state.progress === null ? 'Comparing' : `Comparing ${state.progress.task}`}
          fraction={shareOf(state.progress)}
          {...(state.progress === null
            ? {}
            : {
                amount: `${state.progress.doneTasks} of ${formatQuantity(state.progress.totalTasks, 'result')}`,
              })}
          onCancel={cancel}
        />
      ) : null}
      {state.kind === 'cancelled' ? <Button onPress={again}>Compare again</Button> : null}
      {state.kind === 'failed' ? (
        <ErrorState
          compact
          {...describeError(state.error)}
          actions={<Button onPress={again}>Try again</Button>}
        />
      ) : null}
      {state.kind === 'done' ? <Compared result={state.result} /> : null}
    </Pane>
  );
}
