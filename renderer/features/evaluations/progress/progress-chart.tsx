// A task over the training: a line a series with its band, chance and other models as levels, a ring to choose at each point.
import { useMemo } from 'react';
import type { ProgressPoint, ProgressTask } from '../../../../core/api/evaluation-progress.ts';
import { BAND_ERRORS } from '../../../../core/lib/evaluations/progress/progression.ts';
import type { ChartAxes, Extent } from '../../../charts/chart-series.ts';
import { LineChart } from '../../../charts/line-chart.tsx';
import type { ZoomGroup } from '../../../charts/zoom-group.ts';
import { chartLevels, chartSeries, type DrawnLine, pointMarks, unknownWords } from './chart-lines.ts';
import styles from './progress.module.css';

export interface ProgressChartProps {
  readonly title: string;
  /** Memoised. */
  readonly lines: readonly DrawnLine[];
  /** For chance and levels; null where several tasks share the chart. */
  readonly task: ProgressTask | null;
  /** Memoised; keys of models. */
  readonly levels: readonly string[];
  readonly x: 'steps' | 'tokens';
  readonly extent: Extent | null;
  readonly heightPx: number;
  readonly syncKey: string;
  readonly zoom?: ZoomGroup;
  /** Two points that are compared, of one task. */
  readonly from?: string | null;
  readonly to?: string | null;
  readonly ofTask?: string | null;
  /** Memoised. */
  readonly onPoint: (point: ProgressPoint, task: ProgressTask) => void;
}

export function ProgressChart(props: ProgressChartProps) {
  const { title, lines, task, levels, x, extent, onPoint } = props;
  const { from = null, to = null, ofTask = null } = props;
  const series = useMemo(() => lines.map((line) => chartSeries(line, x)), [lines, x]);
  const marks = useMemo(() => {
    const models = [from, to].filter((one) => one !== null);
    return pointMarks(lines, onPoint, { models, task: ofTask });
  }, [lines, onPoint, from, to, ofTask]);
  const axes = useMemo<ChartAxes>(
    () => ({
      logarithmicX: false,
      logarithmicY: false,
      x,
      ...(extent === null ? {} : { xExtent: extent }),
      ...(task === null ? {} : { levels: chartLevels(task, levels) }),
    }),
    [x, extent, task, levels],
  );
  const unknown = unknownWords(lines);
  return (
    <div className={styles['chart']}>
      <LineChart
        title={title}
        series={series}
        version={series.length}
        axes={axes}
        syncKey={props.syncKey}
        height={props.heightPx}
        note={`± ${BAND_ERRORS} SE`}
        marks={marks}
        {...(props.zoom ? { zoom: props.zoom } : {})}
      />
      {unknown.length === 0 ? null : (
        <p className={styles['unknown']} title={unknown.join('\n')}>
          {unknown.length === 1 ? unknown[0] : `${unknown[0]}; and ${unknown.length - 1} more`}
        </p>
      )}
    </div>
  );
}
