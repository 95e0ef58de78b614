// Beside the cursor: the value of every series there, the largest first, with its colour.
import { nearestIndex } from '../../core/lib/series/search.ts';
import { seriesVariable } from './chart-colors.ts';
import { type ChartSeries, xOf } from './chart-series.ts';
import styles from './cursor-values.module.css';
import type { Hover } from './line-chart-controller.ts';
import type { PlotBox } from './paint-plot.ts';
import { readout } from './number-labels.ts';

/** More lines would cover the chart. */
const MAX_ROWS = 14;

export interface CursorValue {
  readonly series: ChartSeries;
  readonly value: number | undefined;
  readonly smoothed: number | undefined;
}

/** The values nearest to x, largest first, what is not a number last; series that end before or begin after are left out. */
export function valuesAt(series: readonly ChartSeries[], x: number): readonly CursorValue[] {
  return series
    .flatMap((one): CursorValue[] => {
      const column = xOf(one);
      const index = nearestIndex(column, x);
      const count = column.length;
      if (index < 0) return [];
      const room =
        count > 1 ? ((column[count - 1] as number) - (column[0] as number)) / 50 : Math.abs(x) * 0.01 + 1;
      if (x < (column[0] as number) - room || x > (column[count - 1] as number) + room) return [];
      return [{ series: one, value: one.values[index], smoothed: one.smoothed?.[index] }];
    })
    .toSorted((a, b) => keyOf(b) - keyOf(a));
}

function keyOf({ value, smoothed }: CursorValue): number {
  const key = smoothed !== undefined && Number.isFinite(smoothed) ? smoothed : (value ?? Number.NaN);
  return Number.isNaN(key) ? Number.NEGATIVE_INFINITY : key;
}

export function CursorValues({
  at,
  hover,
  plot,
  series,
}: {
  /** What the x axis says there. */
  readonly at: string;
  readonly hover: Hover;
  readonly plot: PlotBox;
  readonly series: readonly ChartSeries[];
}) {
  const values = valuesAt(series, hover.x);
  if (values.length === 0) return null;
  const isRight = hover.left > plot.width / 2;
  const place = isRight
    ? { right: `calc(100% - ${plot.left + hover.left - 12}px)` }
    : { left: plot.left + hover.left + 12 };
  return (
    <div className={styles['box']} style={{ ...place, top: plot.top + 8 }} aria-hidden="true">
      <div className={styles['at']}>{at}</div>
      {values.slice(0, MAX_ROWS).map(({ series: one, value, smoothed }) => (
        <div key={one.id} className={styles['row']}>
          <span className={styles['dot']} style={{ background: `var(${seriesVariable(one.color)})` }} />
          <span className={styles['name']}>{one.label}</span>
          <b>{readout(value)}</b>
          {smoothed === undefined ? null : (
            <span className={styles['smooth']}>{`~ ${readout(smoothed)}`}</span>
          )}
        </div>
      ))}
      {values.length > MAX_ROWS ? (
        <div className={styles['at']}>{`and ${values.length - MAX_ROWS} more`}</div>
      ) : null}
    </div>
  );
}
