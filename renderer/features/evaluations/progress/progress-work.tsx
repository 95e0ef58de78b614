// Progress in the middle pane: which lines and levels are shown, and a chart a task, all on one axis.
import { ChartSpline } from 'lucide-react';
import { useCallback, useMemo } from 'react';
import type { ProgressPoint, ProgressTask } from '../../../../core/api/evaluation-progress.ts';
import { grouped } from '../../../../core/lib/evaluations/grouped.ts';
import { describeError } from '../../../app/describe-error.ts';
import { currentRoute } from '../../../app/route.ts';
import { seriesVariable } from '../../../charts/chart-colors.ts';
import type { Extent } from '../../../charts/chart-series.ts';
import { createZoomGroup, type ZoomGroup } from '../../../charts/zoom-group.ts';
import { Button } from '../../../ui/button.tsx';
import { Checkbox, Switch } from '../../../ui/checkbox.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatQuantity } from '../../../ui/format.ts';
import { Menu } from '../../../ui/menu.tsx';
import { Pane, PaneHeader } from '../../../ui/pane.tsx';
import { Select } from '../../../ui/select.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import type { EvaluationKindProps } from '../evaluation-kind.ts';
import { useResultsWatch } from '../results/use-results.ts';
import { type DrawnLine, drawnLines } from './chart-lines.ts';
import { moveInProgress, type ProgressPlace, readProgressPlace } from './place.ts';
import { ProgressChart } from './progress-chart.tsx';
import styles from './progress.module.css';
import { useProgression } from './use-progress.ts';

const EVERY_TASK = '-every-';
/** As many as there are colours that are told apart. */
const MAX_JOINED_LINES = 8;
/** More published levels in a menu are found by their name in the leaderboard. */
const MAX_LEVELS = 40;

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

interface SeriesOfAll {
  readonly id: string;
  readonly title: string;
  readonly kind: 'run' | 'named' | 'reference';
}

const kindOrder = { run: 0, named: 1, reference: 2 } as const;

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
  const hasTokens = tasks.some(({ lines }) =>
    lines.some(({ points }) => points.some(({ tokens }) => tokens !== null)),
  );
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

  const tools = (
    <div className={styles['tools']}>
      <Select
        label="Tasks"
        isLabelHidden
        choices={[
          { id: EVERY_TASK, label: formatQuantity(taskNames.length, 'task') },
          ...taskNames.map((id) => ({ id, label: id })),
        ]}
        value={place.tasks?.[0] ?? EVERY_TASK}
        onChange={(id) => moveInProgress({ tasks: id === EVERY_TASK ? null : [id] })}
      />
      <Select
        label="Charts"
        isLabelHidden
        choices={[
          { id: 'tasks', label: 'A chart a task' },
          { id: 'one', label: 'One chart' },
        ]}
        value={place.layout}
        onChange={(layout) => moveInProgress({ layout })}
      />
      <Select
        label="Axis"
        isLabelHidden
        choices={[
          { id: 'steps', label: 'Over steps' },
          {
            id: 'tokens',
            label: 'Over tokens',
            ...(hasTokens ? {} : { detail: 'no result says how many were seen', isDisabled: true }),
          },
        ]}
        value={x}
        onChange={(next) => moveInProgress({ x: next })}
      />
      <LevelMenu tasks={tasks} shown={shown.map(({ task }) => task)} levels={levels} />
      <Switch isSelected={place.allMetrics} onChange={(allMetrics) => moveInProgress({ allMetrics })}>
        All metrics
      </Switch>
    </div>
  );
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
      {tools}
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

function LevelMenu({
  tasks,
  shown,
  levels,
}: {
  readonly tasks: readonly ProgressTask[];
  readonly shown: readonly ProgressTask[];
  readonly levels: readonly string[];
}) {
  const known = new Map<string, string>();
  for (const task of shown.length > 0 ? shown : tasks)
    for (const { model, name, table } of task.levels)
      known.set(model, table === null ? name : `${name}, ${table}`);
  const entries = [...known].slice(0, MAX_LEVELS).map(([model, label]) => ({
    id: model,
    label,
    isOn: levels.includes(model),
    perform: () =>
      moveInProgress({
        levels: levels.includes(model) ? levels.filter((one) => one !== model) : [...levels, model],
      }),
  }));
  if (entries.length === 0) return null;
  return (
    <Menu label="Models to compare with" groups={[entries]} look="quiet">
      {levels.length === 0 ? 'Compare with…' : `Compared with ${levels.length}`}
    </Menu>
  );
}

function seriesOfAll(tasks: readonly ProgressTask[]): readonly SeriesOfAll[] {
  const found = new Map<string, SeriesOfAll>();
  for (const { lines } of tasks)
    for (const { series, title, kind } of lines) found.set(series, { id: series, title, kind });
  return [...found.values()].toSorted(
    (a, b) => kindOrder[a.kind] - kindOrder[b.kind] || a.id.localeCompare(b.id, 'en', { numeric: true }),
  );
}

interface SharedAxis {
  readonly extent: Extent | null;
  readonly zoom: ZoomGroup;
}

/** Charts of the same trainings stand on one axis and zoom together; those of others have theirs. */
function sharedAxes(
  charts: readonly { readonly lines: readonly DrawnLine[] }[],
  x: 'steps' | 'tokens',
): { readonly all: Extent | null; readonly of: (lines: readonly DrawnLine[]) => SharedAxis } {
  const nameOf = (lines: readonly DrawnLine[]) =>
    JSON.stringify([...new Set(lines.map(({ line }) => line.series))].toSorted());
  const pointsOf = (own: typeof charts) => own.flatMap(({ lines }) => lines.flatMap(({ points }) => points));
  const axes = new Map(
    [...grouped(charts, ({ lines }) => nameOf(lines))].map(([name, own]) => [
      name,
      { extent: extentOf(pointsOf(own), x), zoom: createZoomGroup() },
    ]),
  );
  return {
    all: extentOf(pointsOf(charts), x),
    of: (lines) => axes.get(nameOf(lines)) ?? { extent: null, zoom: createZoomGroup() },
  };
}

/** Rings at the ends are not cut off by the frame. */
const ROOM = 0.02;

function extentOf(points: readonly ProgressPoint[], x: 'steps' | 'tokens'): Extent | null {
  const places = points.map(({ step, tokens }) => (x === 'steps' ? step : (tokens ?? step)));
  if (places.length === 0) return null;
  const [min, max] = [Math.min(...places), Math.max(...places)];
  // A single step stands in the middle of an axis.
  const room = max > min ? ROOM * (max - min) : Math.max(1, max / 2);
  return { min: min - room, max: max + room };
}
