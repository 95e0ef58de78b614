// Where the curves of compared runs part from the first one: worked out when a window has time, and again when points were added.
import { useEffect, useState } from 'react';
import { type Parting, partingOf } from '../../../../core/lib/series/parting.ts';
import type { Curve } from '../../../../core/lib/series/derived-curves.ts';
import { tokensOfRun } from '../../../../core/lib/series/run-x.ts';
import { xAtSteps } from '../../../../core/lib/series/x-values.ts';
import type { CurveRun } from '../curves/curve-cache.ts';

export interface RunParting {
  readonly id: string;
  readonly unit: 'tokens' | 'steps';
  readonly parting: Parting | null;
  /** Step of the first run at which they part. */
  readonly step: number | null;
}

/** More points than this are thinned evenly: the answer is then as exact as their distance. */
const MAX_POINTS = 100_000;
const SETTLE_MS = 400;

/** Of the other runs against the first, by the given metric. */
export function usePartings(
  runs: readonly CurveRun[],
  tag: string | null,
  version: number,
): readonly RunParting[] {
  const [partings, setPartings] = useState<readonly RunParting[]>(none);
  const key = runs
    .map((run) => `${run.id} ${run.columns.get(tag ?? '')?.length ?? 0} ${run.tokensPerStep}`)
    .join('\n');
  useEffect(() => {
    void version;
    if (tag === null || runs.length < 2) {
      setPartings(none);
      return;
    }
    const timer = setTimeout(() => setPartings(partingsOf(runs, tag)), SETTLE_MS);
    return () => clearTimeout(timer);
    // The key says when there are other points.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [key, tag]);
  return partings;
}

const none: readonly RunParting[] = [];

export function partingsOf(runs: readonly CurveRun[], tag: string): readonly RunParting[] {
  const [base, ...others] = runs;
  if (!base) return none;
  return others.map((run) => {
    const unit = tokensOf(base) && tokensOf(run) ? 'tokens' : 'steps';
    const own = curveOf(base, tag, unit);
    const other = curveOf(run, tag, unit);
    const parting = own && other ? partingOf(own.curve, other.curve) : null;
    const step = own && parting?.index !== null && parting ? (own.steps[parting.index ?? 0] ?? null) : null;
    return { id: run.id, unit, parting, step };
  });
}

function tokensOf(run: CurveRun) {
  return tokensOfRun(run.columns, run.tokensPerStep);
}

function curveOf(
  run: CurveRun,
  tag: string,
  unit: 'tokens' | 'steps',
): { readonly curve: Curve; readonly steps: Float64Array } | null {
  const column = run.columns.get(tag);
  if (!column || column.length === 0) return null;
  const { steps, values } = column.view();
  const stride = Math.ceil(steps.length / MAX_POINTS);
  const thin = (whole: Float64Array) =>
    stride === 1 ? whole : whole.filter((_, index) => index % stride === 0);
  const thinSteps = thin(steps);
  const tokens = unit === 'tokens' ? tokensOf(run) : null;
  const x = tokens ? xAtSteps(thinSteps, tokens) : thinSteps;
  return { curve: { x, values: thin(values) }, steps: thinSteps };
}
