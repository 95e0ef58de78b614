// How curves are drawn: what the x axis counts, scales, smoothing. The same for a window and for a dashboard that is kept in a file.
import { z } from 'zod';

/** How curves are smoothed unless somebody says otherwise. */
export const automaticSmoothing = { kind: 'auto' } as const;

/** A large run sees some 10^13 tokens. */
const MAX_SPAN = 1e15;

export const smoothingLook = z.discriminatedUnion('kind', [
  /** Over a fixed small number of steps' tokens: see `spanOf`. */
  z.object({ kind: z.literal('auto') }),
  z.object({ kind: z.literal('off') }),
  /** Distance after which a point's weight has fallen to 1/e. */
  z.object({ kind: z.literal('tokens'), amount: z.number().positive().max(MAX_SPAN) }),
  z.object({ kind: z.literal('steps'), amount: z.number().positive().max(MAX_SPAN) }),
]);
export type SmoothingLook = z.infer<typeof smoothingLook>;

export const curveLook = z.object({
  x: z.enum(['steps', 'tokens', 'time', 'relative']).default('steps'),
  /** On an axis of time since start: the waits between attempts are left out. */
  withoutWaits: z.boolean().default(false),
  logarithmicX: z.boolean().default(false),
  logarithmicY: z.boolean().default(false),
  /** `robust`: the middle 98 % decides the value axis. */
  y: z.enum(['all', 'robust']).default('all'),
  smoothing: smoothingLook.default(automaticSmoothing),
});
export type CurveLook = z.infer<typeof curveLook>;

export const defaultLook: CurveLook = curveLook.parse({});

/** Steps whose tokens `auto` smooths over. */
const AUTO_STEPS = 20;

export interface SmoothingSpan {
  readonly unit: 'tokens' | 'steps';
  readonly amount: number;
}

/**
 * What to smooth over; null for not at all. `tokensPerStep` is that of the first run shown, null where nobody knows: the span depends
 * on it alone, never on how much of a run is there, so that a curve does not change while it grows.
 */
export function spanOf(smoothing: SmoothingLook, tokensPerStep: number | null): SmoothingSpan | null {
  if (smoothing.kind === 'off') return null;
  if (smoothing.kind !== 'auto') return { unit: smoothing.kind, amount: smoothing.amount };
  return tokensPerStep === null
    ? { unit: 'steps', amount: AUTO_STEPS }
    : { unit: 'tokens', amount: AUTO_STEPS * tokensPerStep };
}

const STEP_CHOICES = [5, 20, 100, 500, 2000, 10_000] as const;

/** Spans to choose from: tokens of as many steps in round numbers where they are known. */
export function spanChoices(tokensPerStep: number | null): readonly SmoothingSpan[] {
  if (tokensPerStep === null) return STEP_CHOICES.map((amount) => ({ unit: 'steps', amount }));
  return STEP_CHOICES.map((steps) => ({
    unit: 'tokens',
    amount: Number((steps * tokensPerStep).toPrecision(1)),
  }));
}
