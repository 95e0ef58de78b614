// The leaderboard as bars: one group a task, one bar a model, with standard errors and the line of guessing.
import type { ShownLeaderboard } from '../../../../core/lib/evaluations/leaderboard.ts';
import { FigureFrame } from '../../../charts/figure-frame.tsx';
import { GroupedBars } from '../../../charts/grouped-bars.tsx';
import { chartRows, columnDetail } from './chart-rows.ts';
import styles from './leaderboard-view.module.css';

export function ResultBars({ shown }: { readonly shown: ShownLeaderboard }) {
  const { rows, columns, note, summary, numbers } = chartRows(shown);
  return (
    <div className={styles['chart']}>
      {note === '' ? null : <p className={styles['note']}>{note}</p>}
      <FigureFrame
        name="Results as bars"
        title="Results by task"
        aside="bars: standard errors; dashed: guessing"
        summary={summary}
        numbers={numbers}
      >
        <GroupedBars
          series={rows.map(({ model }) => model.name)}
          groups={columns.map((column, place) => ({
            name: column.task,
            detail: columnDetail(column),
            mark: column.chance,
            values: rows.map(({ cells }) => {
              const cell = cells[place] ?? null;
              return cell === null ? null : { value: cell.value, error: cell.standardError };
            }),
          }))}
        />
      </FigureFrame>
    </div>
  );
}
