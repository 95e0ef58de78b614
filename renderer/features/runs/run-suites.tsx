// The suites and benchmarks that a run's checkpoints answered, below its curves and on their axis of steps.
import { Suspense, useMemo } from 'react';
import type { Run } from '../../../core/api/runs.ts';
import { TAGS } from '../../../core/lib/derived/known-tags.ts';
import { EvaluationsOfRun, SuitesOfRun } from '../evaluations/index.tsx';
import type { CurveSettings } from './curves/curve-settings.ts';
import type { SeriesFeed } from './series-feed.ts';

export interface RunSuitesProps {
  readonly run: Run;
  readonly feed: SeriesFeed | null;
  readonly version: number;
  readonly settings: CurveSettings;
}

export function RunSuites({ run, feed, version, settings }: RunSuitesProps) {
  const extent = useMemo(() => {
    void version;
    const tag = TAGS.loss.find((one) => feed?.columns.has(one));
    const steps = tag === undefined ? undefined : feed?.columns.get(tag)?.view().steps;
    const [min, max] = [steps?.[0], steps?.at(-1)];
    return settings.x !== 'steps' || min === undefined || max === undefined ? null : { min, max };
  }, [feed, version, settings.x]);
  return (
    <Suspense fallback={null}>
      {/* Charts in tokens or time have another x: only steps are aligned with them. */}
      <EvaluationsOfRun run={run.id} extent={extent} syncKey={settings.x === 'steps' ? 'runs' : 'suites'} />
      <SuitesOfRun run={run.id} extent={extent} syncKey={settings.x === 'steps' ? 'runs' : 'suites'} />
    </Suspense>
  );
}
