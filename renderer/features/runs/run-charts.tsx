// The charts of one source and the runs laid over it: the main metric large, the others in a grid below.
import type { SeriesSource } from '../../../core/api/series.ts';
import { describeError } from '../../app/describe-error.ts';
import { LineChart } from '../../charts/line-chart.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import type { CurveSettings } from './curves/curve-settings.ts';
import { smoothingNote } from './curves/look-words.ts';
import type { CurveRun } from './curves/curve-cache.ts';
import { useCurves } from './curves/use-curves.ts';
import { marksOfTag, useRunMarks } from './curves/use-run-marks.ts';
import type { FeedPool } from './feed-pool.ts';
import styles from './run-charts.module.css';
import type { SeriesFeed } from './series-feed.ts';
import { titleOf } from './tags.ts';

export interface ChartedSource {
  readonly id: string;
  readonly label: string;
  readonly color: number;
  readonly source: SeriesSource;
  /** From the run's config; null where nobody knows. */
  readonly tokensPerStep: number | null;
}

export interface RunChartsProps {
  /** The shown source first, then what is laid over it. Memoised. */
  readonly sources: readonly [ChartedSource, ...ChartedSource[]];
  readonly pool: FeedPool;
  readonly version: number;
  readonly settings: CurveSettings;
  readonly runs: readonly CurveRun[];
}

export function RunCharts({ sources, pool, version, settings, runs }: RunChartsProps) {
  const feed = pool.feedOf(sources[0].source);
  const { charts, span, note, shared } = useCurves({ runs, version, settings });
  const marks = useRunMarks(sources);
  const [first, ...others] = charts;
  return (
    <div className={styles['charts']}>
      {feed?.problem ? <FeedProblem problem={feed.problem} /> : null}
      {first ? (
        <div className={styles['main']}>
          <LineChart
            {...shared}
            title={titleOf(first.tag)}
            series={first.series}
            marks={marksOfTag(marks, first.tag)}
            height="fill"
            note={[smoothingNote(span), note].filter((part) => part !== '').join(' · ')}
          />
        </div>
      ) : (
        <Waiting feed={feed} />
      )}
      <div className={styles['grid']}>
        {others.map(({ tag, series }) => (
          <LineChart
            {...shared}
            key={tag}
            title={titleOf(tag)}
            series={series}
            marks={marksOfTag(marks, tag)}
            height={140}
          />
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
