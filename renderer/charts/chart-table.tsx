// The numbers behind a chart: the newest points of each series, exact, ready to copy as a Markdown table.
import { trueMinus } from '../../core/lib/format/signs.ts';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import type { ChartSeries } from './chart-series.ts';
import styles from './chart-table.module.css';
import { downloadText } from './save-file.ts';
import { toCsv } from './series-csv.ts';

/** More rows than this help nobody to read and cost a second to lay out. */
const MAX_ROWS = 200;

export interface ChartTableProps {
  readonly title: string;
  readonly series: readonly ChartSeries[];
  /** Name of the x axis: a column of the saved file where it is not the step. */
  readonly axis: string;
  readonly height: number | string;
}

export function ChartTable({ title, series, axis, height }: ChartTableProps) {
  const rows = newestRows(series);
  return (
    <div className={styles.frame} style={{ height }}>
      <div className={styles.actions}>
        <CopyButton text={asMarkdown(series)} label="Copy as Markdown" />
        <Button onPress={() => downloadText(toCsv(series, axis), 'text/csv', title)}>Save all as CSV</Button>
      </div>
      <table className={styles.table}>
        <caption className={styles.caption}>Newest {Math.min(rows.length, MAX_ROWS)} points</caption>
        <thead>
          <tr>
            <th scope="col">Step</th>
            {series.map((one) => (
              <th key={one.id} scope="col">
                {one.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.step}>
              <th scope="row">{row.step.toLocaleString('en-US')}</th>
              {row.values.map((value, index) => (
                <td key={series[index]?.id ?? index}>{value === null ? '' : trueMinus(String(value))}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface Row {
  readonly step: number;
  readonly values: readonly (number | null)[];
}

function newestRows(series: readonly ChartSeries[]): readonly Row[] {
  const byStep = new Map<number, (number | null)[]>();
  series.forEach((one, place) => {
    const from = Math.max(0, one.steps.length - MAX_ROWS);
    for (let index = one.steps.length - 1; index >= from; index -= 1) {
      const step = one.steps[index] as number;
      const row = byStep.get(step) ?? series.map(() => null);
      row[place] = one.values[index] as number;
      byStep.set(step, row);
    }
  });
  return [...byStep]
    .sort(([a], [b]) => b - a)
    .slice(0, MAX_ROWS)
    .map(([step, values]) => ({ step, values }));
}

/** The newest points, exact. */
export function asMarkdown(series: readonly ChartSeries[]): string {
  const head = ['Step', ...series.map((one) => one.label)];
  const rows = newestRows(series).map((row) => [row.step, ...row.values.map((value) => value ?? '')]);
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
