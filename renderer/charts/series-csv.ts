// The points of a chart as CSV. Pure, so that it runs anywhere.
import { csvField } from '../../core/lib/figures/csv-field.ts';
import { type ChartSeries, xOf } from './chart-series.ts';

/**
 * One row a point: series, step, value. Long form, so that series with different steps need no holes. An axis that is not the step
 * has a column of its own before the value; how sure a value is stands after it where a series says so.
 */
export function toCsv(series: readonly ChartSeries[], axis: string): string {
  const withX = axis !== 'Step';
  const withErrors = series.some(({ errors }) => errors !== undefined);
  const rows = [
    `series,step,${withX ? `${csvField(axis.toLowerCase())},` : ''}value${withErrors ? ',half_width' : ''}`,
  ];
  for (const one of series) {
    const { label, steps, values, errors } = one;
    const name = csvField(label);
    const x = xOf(one);
    for (let index = 0; index < values.length; index += 1) {
      const error = errors?.[index] ?? Number.NaN;
      const known = withErrors ? `,${Number.isFinite(error) ? error : ''}` : '';
      rows.push(`${name},${steps[index]},${withX ? `${x[index]},` : ''}${values[index]}${known}`);
    }
  }
  return `${rows.join('\n')}\n`;
}
