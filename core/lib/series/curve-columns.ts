// One metric of a run as it is drawn, whole: where its points stand on the axis, smoothed values, points of earlier attempts. The window
// makes the same in slices and while a run grows (renderer/features/runs/curves/curve-cache.ts). Pure.
import type { SmoothingSpan } from '../dashboards/curve-look.ts';
import { replacedTag } from './extra-columns.ts';
import { type Columns, type CurveX, xReferenceOf } from './run-x.ts';
import { smooth } from './smoothing.ts';
import { xAtSteps } from './x-values.ts';

export interface CurveOrder {
  readonly tag: string;
  readonly look: CurveX;
  /** What to smooth over; null for not at all. */
  readonly span: SmoothingSpan | null;
  /** From the run's config; null where nobody knows. */
  readonly tokensPerStep: number | null;
}

export interface CurveColumns {
  readonly steps: Float64Array;
  /** The steps themselves on an axis of steps. */
  readonly x: Float64Array;
  readonly values: Float64Array;
  readonly smoothed: Float64Array | null;
  readonly replaced: readonly { readonly x: Float64Array; readonly values: Float64Array }[];
}

/** Null without points, and for a run that does not say where its points stand on the axis. */
export function curveColumns(columns: Columns, order: CurveOrder): CurveColumns | null {
  const { tag, look, span, tokensPerStep } = order;
  const column = columns.get(tag);
  if (!column || column.length === 0) return null;
  const { steps, values } = column.view();
  const reference = xReferenceOf(columns, look, tokensPerStep);
  if (look.x !== 'steps' && reference === null) return null;
  const tokens = xReferenceOf(columns, { x: 'tokens', withoutWaits: false }, tokensPerStep);
  const along = span?.unit === 'steps' ? steps : tokens && xAtSteps(steps, tokens);
  const replaced = [...columns].flatMap(([name, earlier]) => {
    // On a clock nobody knows when steps were done that were done again.
    if (replacedTag(name) !== tag || earlier.length === 0 || isClock(look)) return [];
    const view = earlier.view();
    return [{ x: reference ? xAtSteps(view.steps, reference) : view.steps, values: view.values }];
  });
  return {
    steps,
    x: reference ? xAtSteps(steps, reference) : steps,
    values,
    smoothed: span && along ? smooth(along, values, span.amount) : null,
    replaced,
  };
}

export function isClock({ x }: CurveX): boolean {
  return x === 'time' || x === 'relative';
}
