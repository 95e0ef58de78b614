// React's view of the curve cache: the series of every chart of the runs that are shown, made a slice a frame.
import { useCallback, useEffect, useMemo, useState } from 'react';
import { spanOf, type SmoothingSpan } from '../../../../core/lib/dashboards/curve-look.ts';
import type { DashboardChart } from '../../../../core/lib/dashboards/dashboard.ts';
import { tokensOfRun, tokensPerStepOf, xReferenceOf } from '../../../../core/lib/series/run-x.ts';
import { type ChartAxes, type ChartSeries, stepExtent } from '../../../charts/chart-series.ts';
import { createZoomGroup, type ZoomGroup } from '../../../charts/zoom-group.ts';
import type { FeedPool } from '../feed-pool.ts';
import { isSmoothed } from '../tags.ts';
import { chartNames } from './chart-names.ts';
import { createCurveCache, type CurveCache, type CurveOrder, type CurveRun } from './curve-cache.ts';
import type { CurveSettings } from './curve-settings.ts';
import { tokenNote } from './look-words.ts';
import { useOverviews } from './use-overviews.ts';

export interface Curves {
  readonly seriesOf: (chart: DashboardChart) => readonly ChartSeries[];
  readonly spanOf: (chart: DashboardChart) => SmoothingSpan | null;
  /** How many pixel columns the plot of a chart has. */
  readonly onColumns: (chart: DashboardChart, columns: number) => void;
  /** What is to be known about the x axis: an estimate, or runs that cannot stand on it. Empty when all is well. */
  readonly note: string;
  /** What all charts of the view have in common. */
  readonly shared: {
    readonly version: number;
    readonly axes: ChartAxes;
    readonly syncKey: string;
    readonly zoom?: ZoomGroup;
    readonly pinned: number | null;
    readonly onPin: (x: number) => void;
  };
}

export interface CurvesInput {
  /** Those that are drawn. Memoised. */
  readonly runs: readonly CurveRun[];
  /** The charts on screen. Memoised. */
  readonly charts: readonly DashboardChart[];
  readonly version: number;
  readonly settings: CurveSettings;
  readonly pool: FeedPool;
}

export function useCurves({ runs, charts, version, settings, pool }: CurvesInput): Curves {
  const cache = useMemo(() => createCurveCache(), []);
  const zoom = useMemo(() => createZoomGroup(), []);
  const [round, setRound] = useState(0);
  const [pin, setPin] = useState<{ readonly axis: string; readonly x: number } | null>(null);
  const { withoutWaits, logarithmicX, logarithmicY, y, smoothing, isZoomLinked } = settings;
  const { x, note } = useXAxis(runs, version, settings);
  const perStep = useTokensPerStep(runs, version);
  const axes = useMemo<ChartAxes>(
    () => ({ logarithmicX, logarithmicY, x, y }),
    [logarithmicX, logarithmicY, x, y],
  );
  const spanOfChart = useCallback(
    (chart: DashboardChart) => {
      const isPlain = chart.shape === 'value' && !chart.tags.some(isSmoothed);
      return isPlain ? null : spanOf(chart.smoothing ?? smoothing, perStep);
    },
    [smoothing, perStep],
  );

  const drawn = useMemo(() => {
    // The columns grow in place: `version` says that they have, `round` that the last one left something undone.
    void version;
    void round;
    cache.startRound();
    return new Map(
      charts.map((chart) => [
        chart.id,
        seriesOfChart(cache, runs, chart, { look: { x, withoutWaits }, span: spanOfChart(chart) }),
      ]),
    );
  }, [cache, runs, charts, version, round, x, withoutWaits, spanOfChart]);

  const settingsHere = useMemo(() => ({ ...settings, x }), [settings, x]);
  const overviews = useOverviews({
    runs,
    charts,
    settings: settingsHere,
    spanOf: spanOfChart,
    drawn,
    version,
    pool,
  });

  useEffect(() => {
    if (!cache.isBehind) return;
    const frame = requestAnimationFrame(() => setRound((last) => last + 1));
    return () => cancelAnimationFrame(frame);
  }, [cache, drawn]);

  const pinned = pin?.axis === x ? pin.x : null;
  return {
    seriesOf: overviews.seriesOf,
    onColumns: overviews.onColumns,
    spanOf: spanOfChart,
    note,
    shared: {
      version,
      axes,
      syncKey: 'runs',
      ...(isZoomLinked ? { zoom } : {}),
      pinned,
      // A second click near the pin takes it away.
      onPin: (at) =>
        setPin((old) =>
          old !== null && old.axis === x && Math.abs(old.x - at) < reachOf(drawn) ? null : { axis: x, x: at },
        ),
    },
  };
}

/** One line a run and metric; several metrics of one run have colours of their own. */
function seriesOfChart(
  cache: CurveCache,
  runs: readonly CurveRun[],
  chart: DashboardChart,
  way: Pick<CurveOrder, 'look' | 'span'>,
): readonly ChartSeries[] {
  const { shape, tags } = chart;
  if (tags.length === 1) return cache.seriesOf(runs, { ...way, shape, tag: tags[0] ?? '' });
  return tags.flatMap((tag, place) =>
    cache
      .seriesOf(runs, { ...way, shape, tag })
      .map((series) => ({ ...series, ...chartNames(chart, runs, { run: series, tag, place }) })),
  );
}

/** How far from a pin a click still means it: a hundredth of what there is. */
function reachOf(drawn: ReadonlyMap<string, readonly ChartSeries[]>): number {
  const all = stepExtent([...drawn.values()].flat());
  return all ? (all.max - all.min) / 100 : 0;
}

/** The axis that can be had: where no run knows its tokens or times, steps, and the reason. */
function useXAxis(
  runs: readonly CurveRun[],
  version: number,
  { x, withoutWaits }: CurveSettings,
): { readonly x: CurveSettings['x']; readonly note: string } {
  return useMemo(() => {
    void version;
    if (x === 'steps') return { x, note: '' };
    const word = x === 'tokens' ? 'tokens' : 'times';
    const known = runs.filter((run) => xReferenceOf(run.columns, { x, withoutWaits }, run.tokensPerStep));
    const missing = runs.length - known.length;
    if (known.length === 0 && runs.some((run) => run.columns.size > 0))
      return {
        x: 'steps',
        note: `no ${word} in ${runs.length === 1 ? 'this log' : 'these logs'}: steps are shown`,
      };
    if (missing > 0) return { x, note: `${missing} of ${runs.length} runs have no ${word} and are left out` };
    const isEstimated =
      x === 'tokens' &&
      runs.some((run) => tokensOfRun(run.columns, run.tokensPerStep)?.source === 'estimated');
    return { x, note: isEstimated ? tokenNote('estimated') : '' };
  }, [runs, version, x, withoutWaits]);
}

/** Tokens of a step of the first run shown, to three digits so that it does not change with every point. */
export function useTokensPerStep(runs: readonly CurveRun[], version: number): number | null {
  return useMemo(() => {
    void version;
    const [first] = runs;
    if (!first) return null;
    const perStep = first.tokensPerStep ?? tokensPerStepOf(tokensOfRun(first.columns, null));
    return perStep === null ? null : Number(perStep.toPrecision(3));
  }, [runs, version]);
}
