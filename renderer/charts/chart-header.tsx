// The line above a chart: its title, each series with its colour and the value under the cursor, a note, buttons.
import type { ReactNode } from 'react';
import { nearestIndex } from '../../core/lib/series/search.ts';
import { seriesVariable } from './chart-colors.ts';
import { type ChartSeries, xOf } from './chart-series.ts';
import styles from './line-chart.module.css';
import { readout } from './number-labels.ts';

/** More names do not fit; the box at the cursor has them all. */
const MAX_LABELS = 4;

export function ChartHeader({
  lead,
  title,
  series,
  readX,
  note,
  children,
}: {
  readonly lead?: ReactNode;
  readonly title: string;
  readonly series: readonly ChartSeries[];
  readonly readX: number | null;
  readonly note: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <header className={styles.header}>
      <div className={styles.headerRow}>
        {lead}
        <h3 className={styles.title} title={title}>
          {title}
        </h3>
        <ul className={styles.labels}>
          {series.slice(0, MAX_LABELS).map((one) => (
            <li key={one.id} className={styles.label}>
              <span className={styles.dot} style={{ background: `var(${seriesVariable(one.color)})` }} />
              <span className={series.length > 1 ? styles.name : 'visually-hidden'} title={one.label}>
                {one.label}
              </span>
              <b className={styles.value}>{readout(valueAt(one, readX))}</b>
            </li>
          ))}
          {series.length > MAX_LABELS ? (
            <li className={styles.more}>{`and ${series.length - MAX_LABELS} more`}</li>
          ) : null}
        </ul>
        <span className={styles.note}>{note}</span>
        {children}
      </div>
    </header>
  );
}

/** The value nearest to the cursor, or the newest one. */
function valueAt(series: ChartSeries, x: number | null): number | undefined {
  const index = x === null ? series.steps.length - 1 : nearestIndex(xOf(series), x);
  return series.values[index];
}
