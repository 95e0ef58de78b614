// React's view of first pictures: which charts need one, and when points stand in their place.
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { MAX_OVERVIEW_CURVES } from '../../../../core/api/series.ts';
import type { SmoothingSpan } from '../../../../core/lib/dashboards/curve-look.ts';
import type { DashboardChart } from '../../../../core/lib/dashboards/dashboard.ts';
import { useClient } from '../../../app/session.ts';
import type { ChartSeries } from '../../../charts/chart-series.ts';
import type { FeedPool } from '../feed-pool.ts';
import { LONG_POINTS } from '../series-feed.ts';
import { chartNames } from './chart-names.ts';
import type { CurveRun } from './curve-cache.ts';
import type { CurveSettings } from './curve-settings.ts';
import { areAllThere, createOverviewFeed, type PictureOrder } from './overview-feed.ts';

export interface OverviewsInput {
  readonly runs: readonly CurveRun[];
  readonly charts: readonly DashboardChart[];
  readonly settings: CurveSettings;
  readonly spanOf: (chart: DashboardChart) => SmoothingSpan | null;
  /** From points that are there. */
  readonly drawn: ReadonlyMap<string, readonly ChartSeries[]>;
  readonly version: number;
  readonly pool: FeedPool;
}

export interface Overviews {
  /** What is to be drawn of a chart right now. */
  readonly seriesOf: (chart: DashboardChart) => readonly ChartSeries[];
  readonly onColumns: (chart: DashboardChart, columns: number) => void;
}

const noSeries: readonly ChartSeries[] = [];

export function useOverviews(input: OverviewsInput): Overviews {
  const { runs, charts, settings, spanOf, drawn, version, pool } = input;
  const client = useClient();
  const [feed] = useState(() => createOverviewFeed());
  const [widths, setWidths] = useState<ReadonlyMap<string, number>>(() => new Map());
  const pictures = useSyncExternalStore(feed.subscribe, () => feed.version);
  useEffect(() => () => feed.dispose(), [feed]);

  const needing = useMemo(() => {
    void version;
    void pictures;
    return charts.filter((chart) => {
      const curves = curvesOf(chart, runs);
      if (chart.shape !== 'value' || curves.length > MAX_OVERVIEW_CURVES) return false;
      const picture = feed.pictureOf(chart.id);
      if (picture) return !areAllThere(picture, drawn.get(chart.id) ?? noSeries);
      return curves.some(({ run, tag }) => {
        // Of what is only added later there is a curve already.
        const isEmpty = (run.columns.get(tag)?.length ?? 0) === 0;
        return isEmpty && (run.isReading || run.pointsOf(tag) >= LONG_POINTS);
      });
    });
  }, [charts, runs, drawn, version, feed, pictures]);

  useEffect(() => {
    const orders = needing.flatMap((chart): PictureOrder[] => {
      const columns = widths.get(chart.id);
      return columns === undefined ? [] : [orderOf(chart, { runs, settings, columns, span: spanOf(chart) })];
    });
    feed.sync(client, orders);
    // Charts of a folded section have no width: one that has is enough to know that the others are laid out.
    pool.expectPictures((orders.length === 0 && needing.length > 0) || feed.isWaiting, version);
  }, [client, feed, pool, needing, widths, runs, settings, spanOf, version, pictures]);

  const onColumns = useCallback((chart: DashboardChart, columns: number) => {
    setWidths((old) => (old.get(chart.id) === columns ? old : new Map([...old, [chart.id, columns]])));
  }, []);

  const shown = useMemo(() => {
    void pictures;
    const inNeed = new Set(needing.map(({ id }) => id));
    return (chart: DashboardChart): readonly ChartSeries[] => {
      const picture = inNeed.has(chart.id) ? feed.pictureOf(chart.id) : null;
      return picture ?? drawn.get(chart.id) ?? noSeries;
    };
  }, [needing, drawn, feed, pictures]);
  return { seriesOf: shown, onColumns };
}

function curvesOf(chart: DashboardChart, runs: readonly CurveRun[]) {
  return chart.tags.flatMap((tag, place) =>
    runs.filter((run) => run.pointsOf(tag) > 0).map((run) => ({ run, tag, place })),
  );
}

function orderOf(
  chart: DashboardChart,
  way: {
    readonly runs: readonly CurveRun[];
    readonly settings: CurveSettings;
    readonly columns: number;
    readonly span: SmoothingSpan | null;
  },
): PictureOrder {
  const { runs, settings, columns, span } = way;
  const { x, withoutWaits, logarithmicX, logarithmicY, y } = settings;
  const curves = curvesOf(chart, runs);
  return {
    chartId: chart.id,
    request: {
      curves: curves.map(({ run, tag }) => ({ source: run.source, tag, tokensPerStep: run.tokensPerStep })),
      look: {
        x,
        withoutWaits,
        logarithmicX,
        logarithmicY: chart.logarithmicY ?? logarithmicY,
        y: chart.y ?? y,
      },
      span,
      columns,
    },
    labels: curves.map(({ run, tag, place }) => chartNames(chart, runs, { run, tag, place })),
    points: curves.reduce((sum, { run, tag }) => sum + run.pointsOf(tag), 0),
    isReading: curves.some(({ run }) => run.isReading),
  };
}
