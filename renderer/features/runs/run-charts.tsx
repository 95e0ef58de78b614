// The charts of one source and the runs laid over it: the main metric large, the others in a grid below.
import { useMemo, useState } from 'react';
import type { SeriesSource } from '../../../core/api/series.ts';
import { describeError } from '../../app/describe-error.ts';
import { LineChart } from '../../charts/line-chart.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { createChartSeriesCache } from './chart-series-cache.ts';
import type { ChartSettings } from './chart-settings.ts';
import type { FeedPool } from './feed-pool.ts';
import styles from './run-charts.module.css';
import type { SeriesFeed } from './series-feed.ts';
import { chartedTags, isSmoothed, titleOf } from './tags.ts';

export interface ChartedSource {
  readonly id: string;
  readonly label: string;
  readonly color: number;
  readonly source: SeriesSource;
}

export interface RunChartsProps {
  /** The shown source first, then what is laid over it. Memoised. */
  readonly sources: readonly [ChartedSource, ...ChartedSource[]];
  readonly pool: FeedPool;
  readonly version: number;
  readonly settings: ChartSettings;
}

export function RunCharts({ sources, pool, version, settings }: RunChartsProps) {
  const [pinnedStep, setPinnedStep] = useState<number | null>(null);
  const cache = useMemo(() => createChartSeriesCache(), []);
  const { logarithmicX, logarithmicY, smoothingSteps } = settings;
  const axes = useMemo(() => ({ logarithmicX, logarithmicY }), [logarithmicX, logarithmicY]);
  const feed = pool.feedOf(sources[0].source);
  const charts = useMemo(() => {
    // The columns grow in place: `version` says that they have.
    void version;
    const feeds = sources.flatMap((source) => {
      const columns = pool.feedOf(source.source)?.columns;
      return columns ? [{ ...source, columns }] : [];
    });
    const tags = chartedTags(pool.feedOf(sources[0].source)?.columns.keys() ?? []);
    return tags.map((tag) => ({
      tag,
      series: cache.seriesOf(tag, feeds, isSmoothed(tag) ? smoothingSteps : 0),
    }));
  }, [cache, pool, sources, smoothingSteps, version]);

  const [first, ...others] = charts;
  const shared = {
    version,
    axes,
    syncKey: 'runs',
    stepLabel: 'Step',
    pinnedStep,
    // A second click near the pin takes it away.
    onPin: (step: number) =>
      setPinnedStep((pinned) =>
        pinned !== null && Math.abs(pinned - step) < Math.max(1, pinned * 0.01) ? null : step,
      ),
  } as const;
  return (
    <div className={styles['charts']}>
      {feed?.problem ? <FeedProblem problem={feed.problem} /> : null}
      {first ? (
        <div className={styles['main']}>
          <LineChart
            {...shared}
            title={titleOf(first.tag)}
            series={first.series}
            height="fill"
            note={smoothingSteps > 0 ? `smoothed over ${smoothingSteps} steps, raw behind` : 'raw'}
          />
        </div>
      ) : (
        <Waiting feed={feed} />
      )}
      <div className={styles['grid']}>
        {others.map(({ tag, series }) => (
          <LineChart {...shared} key={tag} title={titleOf(tag)} series={series} height={140} />
        ))}
      </div>
    </div>
  );
}

function FeedProblem({ problem }: { readonly problem: unknown }) {
  const { title, hint, path, details } = describeError(problem);
  return <ErrorState compact title={title} hint={hint} path={path} details={details} />;
}

function Waiting({ feed }: { readonly feed: SeriesFeed | null }) {
  if (!feed?.state) return <Skeleton label="Reading the points" rows={4} />;
  return (
    <p className={styles['waiting']}>
      {feed.state.ended
        ? 'No metric lines were found in this file'
        : 'No points yet. The first ones appear here as soon as they are written'}
    </p>
  );
}
