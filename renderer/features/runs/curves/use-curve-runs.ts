// Follows the runs that are drawn and gives their columns, with the names and colours they have here.
import { useMemo } from 'react';
import type { Run } from '../../../../core/api/runs.ts';
import type { ShownRun } from '../compare/use-run-choice.ts';
import type { FeedPool } from '../feed-pool.ts';
import { labelOf, sourceOf } from '../source.ts';
import { useFeedPool } from '../use-feed-pool.ts';
import type { CurveRun } from './curve-cache.ts';
import type { RunConfig } from './use-run-configs.ts';

export interface CurveRunsInput {
  /** Followed even where it is hidden: its log is on the page. */
  readonly shown: string | null;
  /** Memoised. */
  readonly shownRuns: readonly ShownRun[];
  readonly runs: readonly Run[];
  readonly configs: ReadonlyMap<string, RunConfig>;
}

export function useCurveRuns({ shown, shownRuns, runs, configs }: CurveRunsInput): {
  readonly pool: FeedPool;
  readonly version: number;
  /** Those not hidden, in order. */
  readonly curveRuns: readonly CurveRun[];
} {
  const names = runs.map((run) => `${run.id}=${run.name}`).join('\n');
  const drawn = useMemo(() => {
    // Runs change with every point; only their names matter here.
    void names;
    return shownRuns
      .filter(({ isHidden }) => !isHidden)
      .map(({ id, color }) => ({
        id,
        color,
        label: labelOf(id, runs),
        tokensPerStep: configs.get(id)?.tokensPerStep ?? null,
      }));
    // oxlint-disable-next-line react/exhaustive-deps
  }, [shownRuns, names, configs]);
  const wanted = useMemo(() => {
    const ids = [...new Set([...(shown === null ? [] : [shown]), ...drawn.map(({ id }) => id)])];
    return ids.map(sourceOf);
  }, [shown, drawn]);
  const { pool, version } = useFeedPool(wanted);
  const curveRuns = useMemo(() => {
    void version;
    return drawn.flatMap((run): CurveRun[] => {
      const source = sourceOf(run.id);
      const feed = pool.feedOf(source);
      if (!feed) return [];
      const { columns, pointsOf } = feed;
      return [{ ...run, source, columns, pointsOf, isReading: feed.state?.isReading ?? true }];
    });
  }, [drawn, pool, version]);
  return { pool, version, curveRuns };
}
