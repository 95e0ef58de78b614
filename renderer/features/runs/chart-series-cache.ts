// Turns feeds into what charts draw. Smoothing is computed on all raw points and only again when points were added.
import { smooth } from '../../../core/lib/series/smoothing.ts';
import type { ColumnBuffer } from '../../../core/lib/series/column-buffer.ts';
import type { ChartSeries } from '../../charts/chart-series.ts';

export interface FeedOfRun {
  readonly id: string;
  readonly label: string;
  readonly color: number;
  readonly columns: ReadonlyMap<string, ColumnBuffer>;
}

interface Smoothed {
  readonly length: number;
  readonly span: number;
  readonly values: Float64Array;
}

export interface ChartSeriesCache {
  seriesOf(tag: string, feeds: readonly FeedOfRun[], smoothingSteps: number): readonly ChartSeries[];
}

export function createChartSeriesCache(): ChartSeriesCache {
  const smoothed = new WeakMap<ColumnBuffer, Smoothed>();
  const smoothedOf = (column: ColumnBuffer, span: number): Float64Array => {
    const known = smoothed.get(column);
    if (known && known.length === column.length && known.span === span) return known.values;
    const { steps, values } = column.view();
    const fresh = smooth(steps, values, span);
    smoothed.set(column, { length: column.length, span, values: fresh });
    return fresh;
  };
  return {
    seriesOf: (tag, feeds, smoothingSteps) =>
      feeds.flatMap((feed) => {
        const column = feed.columns.get(tag);
        if (!column || column.length === 0) return [];
        return [
          {
            id: feed.id,
            label: feed.label,
            color: feed.color,
            ...column.view(),
            smoothed: smoothingSteps > 0 ? smoothedOf(column, smoothingSteps) : null,
          },
        ];
      }),
  };
}
