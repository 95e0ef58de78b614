// What a curve is called on a chart and which colour it has: by its run; several metrics of one run have names and colours of their own.
import type { DashboardChart } from '../../../../core/lib/dashboards/dashboard.ts';
import type { ChartSeries } from '../../../charts/chart-series.ts';
import type { CurveRun } from './curve-cache.ts';

export interface NamedCurve {
  readonly run: Pick<CurveRun, 'id' | 'label' | 'color'>;
  readonly tag: string;
  /** Of the metric on the chart. */
  readonly place: number;
}

export function chartNames(
  chart: DashboardChart,
  runs: readonly unknown[],
  { run, tag, place }: NamedCurve,
): Pick<ChartSeries, 'id' | 'label' | 'color'> {
  const { id, label, color } = run;
  if (chart.tags.length === 1) return { id, label, color };
  return {
    id: `${id} ${tag}`,
    label: runs.length === 1 ? tag : `${label} · ${tag}`,
    color: runs.length === 1 ? color + place : color,
  };
}
