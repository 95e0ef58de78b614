// The leaderboard as a radar: one axis a task, one line a model, all on one scale from 0.
import type { ShownLeaderboard } from '../../../../core/lib/evaluations/leaderboard.ts';
import { FigureFrame } from '../../../charts/figure-frame.tsx';
import { RadarChart } from '../../../charts/radar-chart.tsx';
import { chartRows, columnDetail } from './chart-rows.ts';
import styles from './leaderboard-view.module.css';

/** Two axes are a line. */
const LEAST_AXES = 3;

export function ResultRadar({ shown }: { readonly shown: ShownLeaderboard }) {
  const { rows, columns, note, summary, numbers } = chartRows(shown);
  if (columns.length < LEAST_AXES) {
    return (
      <p className={styles['none']}>
        A radar needs three tasks or more; bars show fewer. Choose more tasks, or another view.
      </p>
    );
  }
  return (
    <div className={styles['chart']}>
      {note === '' ? null : <p className={styles['note']}>{note}</p>}
      <FigureFrame
        name="Results as a radar"
        title="Results by task"
        aside="one scale for all axes; a missing value breaks the line"
        summary={summary}
        numbers={numbers}
      >
        <RadarChart
          axes={columns.map((column) => ({ name: column.task, detail: columnDetail(column) }))}
          series={rows.map(({ model, cells }) => ({
            name: model.name,
            values: cells.map((cell) => cell?.value ?? null).slice(0, columns.length),
          }))}
        />
      </FigureFrame>
    </div>
  );
}
