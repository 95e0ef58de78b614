// The points of a chart as CSV. Pure, so that it runs anywhere.
import type { ChartSeries } from './chart-series.ts';

/** One row a point: series, step, value. Long form, so that series with different steps need no holes. */
export function toCsv(series: readonly ChartSeries[], stepLabel: string): string {
  const rows = [`series,${quoted(stepLabel.toLowerCase())},value`];
  for (const { label, steps, values } of series) {
    const name = quoted(label);
    for (let index = 0; index < steps.length; index += 1)
      rows.push(`${name},${steps[index]},${values[index]}`);
  }
  return `${rows.join('\n')}\n`;
}

function quoted(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
