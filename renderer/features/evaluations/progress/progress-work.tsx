// Progress in the middle pane: which lines and levels are shown, and a chart a task, all on one axis.
import { ChartSpline } from 'lucide-react';
import { useCallback, useMemo } from 'react';
import type { ProgressPoint, ProgressTask } from '../../../../core/api/evaluation-progress.ts';
import { describeError } from '../../../app/describe-error.ts';
import { currentRoute } from '../../../app/route.ts';
import { seriesVariable } from '../../../charts/chart-colors.ts';
import { Button } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatQuantity } from '../../../ui/format.ts';
import { Pane, PaneHeader } from '../../../ui/pane.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import type { EvaluationKindProps } from '../evaluation-kind.ts';
import { useResultsWatch } from '../results/use-results.ts';
import { drawnLines } from './chart-lines.ts';
import { moveInProgress, type ProgressPlace, readProgressPlace } from './place.ts';
import { ProgressChart } from './progress-chart.tsx';
import { ProgressTools } from './progress-tools.tsx';
import styles from './progress.module.css';
import { seriesOfAll, sharedAxes } from './shared-axes.ts';
import { useProgression } from './use-progress.ts';

/** As many as there are colours that are told apart. */
const MAX_JOINED_LINES = 8;

export function ProgressWork({ query }: EvaluationKindProps) {
  useResultsWatch();
  const place = readProgressPlace(query);
  const { data, error } = useProgression({ allMetrics: place.allMetrics, run: null });
  if (data === undefined) {
    return (
      <Pane header={<PaneHeader title="Progress over training" />}>
        {error ? <ErrorState {...describeError(error)} /> : <Skeleton label="Reading results" />}
      </Pane>
    );
  }
  return <Shown tasks={data.tasks} place={place} />;
}

function Shown({ tasks, place }: { readonly tasks: readonly ProgressTask[]; readonly place: ProgressPlace }) {
  const all = useMemo(() => seriesOfAll(tasks), [tasks]);
  const seriesText = JSON.stringify(place.series);
  const chosen = useMemo(() => {
    const wanted = JSON.parse(seriesText) as readonly string[] | null;
    if (wanted !== null) return new Set(wanted);
    // What was trained here comes before what was published.
    const own = all.filter(({ kind }) => kind !== 'reference');
    return new Set((own.length > 0 ? own : all).map(({ id }) => id));
  }, [all, seriesText]);
  const levelsText = JSON.stringify(place.levels);
  const levels = useMemo(() => JSON.parse(levelsText) as readonly string[], [levelsText]);
  const { x } = place;
  const charts = useMemo(() => {
    const colorOf = (series: string) =>
      Math.max(
        0,
        all.findIndex(({ id }) => id === series),
      );
    return tasks.flatMap((task) => {
      const lines = drawnLines(task, chosen, { x, colorOf });
      return lines.length === 0 ? [] : [{ task, lines }];
    });
  }, [tasks, chosen, x, all]);
  const axes = useMemo(() => sharedAxes(charts, x), [charts, x]);
  const shown = place.tasks === null ? charts : charts.filter(({ task }) => place.tasks?.includes(task.task));
  const joined = useMemo(() => {
    const several = charts.length > 1;
    return charts.flatMap(({ task, lines }) =>
      lines.map((line) => ({ ...line, label: several ? `${task.task} · ${line.label}` : line.label })),
    );
  }, [charts]);
  const shownNames = JSON.stringify(shown.map(({ task }) => task.task));
  const oneChart = useMemo(() => {
    const names = new Set(JSON.parse(shownNames) as readonly string[]);
    return joined.filter(({ task }) => names.has(task.task)).map((line, color) => ({ ...line, color }));
  }, [joined, shownNames]);
  // There a line is a task of a training: it has a colour of its own.
  const isJoined = place.layout === 'one';
  const lost =
    x === 'tokens'
      ? all.filter(
          ({ id }) =>
            chosen.has(id) && !charts.some(({ lines }) => lines.some(({ line }) => line.series === id)),
        )
      : [];
  const taskNames = [...new Set(charts.map(({ task }) => task.task))];
  const { from, to, task: ofTask } = place;
  const chart = { levels, x, syncKey: 'evaluation progress', onPoint: usePoint(), from, to, ofTask };

  return (
    <Pane
      padded
      header={
        <PaneHeader
          title="Progress over training"
          detail={`${formatQuantity(charts.length, 'chart')} · ${formatQuantity(chosen.size, 'line')} chosen`}
        />
      }
    >
      <ProgressTools
        tasks={tasks}
        taskNames={taskNames}
        shown={shown.map(({ task }) => task)}
        place={place}
      />
      <ul className={styles['legend']} aria-label="Lines">
        {all.map(({ id, title }, color) => (
          <li key={id}>
            <Checkbox
              isSelected={chosen.has(id)}
              onChange={(isOn) => {
                const next = new Set(chosen);
                if (isOn) next.add(id);
                else next.delete(id);
                moveInProgress({ series: all.map((one) => one.id).filter((one) => next.has(one)) });
              }}
            >
              {isJoined ? null : (
                <span className={styles['dot']} style={{ background: `var(${seriesVariable(color)})` }} />
              )}
              {title}
            </Checkbox>
          </li>
        ))}
      </ul>
      {lost.length > 0 ? (
        <p className={styles['unknown']}>
          {`Not over tokens, for nobody says how many were seen: ${lost.map(({ title }) => title).join('; ')}`}
        </p>
      ) : null}
      {shown.length === 0 ? (
        <EmptyState icon={ChartSpline} title="No line is chosen">
          <p>
            Choose a run or a published training above. Results of checkpoints become lines by themselves.
          </p>
        </EmptyState>
      ) : place.layout === 'one' && oneChart.length > MAX_JOINED_LINES ? (
        <EmptyState
          icon={ChartSpline}
          title={`${oneChart.length} lines are too many to tell apart`}
          actions={
            <Button kind="primary" onPress={() => moveInProgress({ layout: 'tasks' })}>
              A chart a task
            </Button>
          }
        >
          <p>{`One chart shows up to ${MAX_JOINED_LINES}. Choose one task or fewer trainings above, or look at a chart a task.`}</p>
        </EmptyState>
      ) : place.layout === 'one' ? (
        <>
          <ProgressChart
            {...chart}
            extent={axes.all}
            title={shown.length === 1 ? (shown[0]?.task.task ?? '') : 'All tasks'}
            lines={oneChart}
            task={shown.length === 1 ? (shown[0]?.task ?? null) : null}
            heightPx={440}
          />
          <ul className={styles['legend']} aria-label="Lines in the chart">
            {oneChart.map(({ id, label, color }) => (
              <li key={id} className={styles['entry']}>
                <span className={styles['dot']} style={{ background: `var(${seriesVariable(color)})` }} />
                {label}
              </li>
            ))}
          </ul>
        </>
      ) : (
        <div className={styles['grid']}>
          {shown.map(({ task, lines }) => (
            <ProgressChart
              {...chart}
              {...axes.of(lines)}
              key={`${task.task} ${task.metric} ${task.filter}`}
              title={`${task.task}, ${task.metric}${task.filter === 'none' ? '' : `, ${task.filter}`}`}
              lines={lines}
              task={task}
              heightPx={230}
            />
          ))}
        </div>
      )}
    </Pane>
  );
}

/** The first point that is chosen is what the next one is compared with. */
function usePoint() {
  return useCallback((point: ProgressPoint, { task }: ProgressTask) => {
    const now = readProgressPlace(currentRoute()?.query ?? new URLSearchParams());
    const isNew = now.from === null || now.task !== task || now.from === point.model;
    moveInProgress(isNew ? { task, from: point.model, to: null } : { to: point.model });
  }, []);
}
