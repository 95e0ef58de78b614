// For the view of a run: the benchmarks its checkpoints answered, as lines on the run's own axis of steps.
import { useCallback, useMemo } from 'react';
import type { ProgressPoint, ProgressTask } from '../../../../core/api/evaluation-progress.ts';
import { Link } from '../../../app/link.tsx';
import { navigate } from '../../../app/route.ts';
import type { Extent } from '../../../charts/chart-series.ts';
import type { ZoomGroup } from '../../../charts/zoom-group.ts';
import { formatQuantity } from '../../../ui/format.ts';
import { useResultsWatch } from '../results/use-results.ts';
import { drawnLines } from './chart-lines.ts';
import { progressHref } from './place.ts';
import { ProgressChart } from './progress-chart.tsx';
import styles from './progress.module.css';
import { useProgression } from './use-progress.ts';

export interface EvaluationsOfRunProps {
  readonly run: string;
  readonly syncKey: string;
  /** The steps of the charts above; null where they stand on another axis. Memoised. */
  readonly extent: Extent | null;
  readonly zoom?: ZoomGroup;
}

const noLevels: readonly string[] = [];

/** Nothing where no checkpoint was evaluated. */
export function EvaluationsOfRun({ run, ...chart }: EvaluationsOfRunProps) {
  useResultsWatch();
  const { data } = useProgression({ allMetrics: false, run });
  const tasks = data?.tasks;
  const charts = useMemo(() => {
    const ids = [...new Set((tasks ?? []).flatMap(({ lines }) => lines.map(({ series }) => series)))];
    const colorOf = (series: string) => Math.max(0, ids.indexOf(series));
    return (tasks ?? []).flatMap((task) => {
      const lines = drawnLines(task, new Set(ids), { x: 'steps', colorOf });
      return lines.length === 0 ? [] : [{ task, lines }];
    });
  }, [tasks]);
  const all = `run:${run}`;
  const onPoint = useCallback(
    ({ model }: ProgressPoint, { task }: ProgressTask) =>
      navigate(progressHref({ series: [all], task, from: model })),
    [all],
  );
  if (charts.length === 0) return null;
  const points = new Set(
    charts.flatMap(({ lines }) => lines.flatMap((line) => line.points.map(({ model }) => model))),
  );
  return (
    <section className={styles['panel']} aria-label="Evaluations">
      <div className={styles['panelHead']}>
        <h3>Evaluations</h3>
        <span className={styles['calm']}>
          {`${formatQuantity(charts.length, 'task')} · ${formatQuantity(points.size, 'checkpoint')}`}
        </span>
        <Link to={progressHref({ series: [all] })}>Compare with others</Link>
      </div>
      <div className={styles['grid']}>
        {charts.map(({ task, lines }) => (
          <ProgressChart
            {...chart}
            key={`${task.task} ${task.metric} ${task.filter}`}
            title={`${task.task}, ${task.metric}${task.filter === 'none' ? '' : `, ${task.filter}`}`}
            lines={lines}
            task={task}
            levels={noLevels}
            x="steps"
            heightPx={150}
            onPoint={onPoint}
          />
        ))}
      </div>
    </section>
  );
}
