// What is said of how curves are drawn: on buttons, beside charts, in exported figures. Pure.
import type { SmoothingSpan } from '../../../../core/lib/dashboards/curve-look.ts';
import type { TokenSource } from '../../../../core/lib/series/x-values.ts';
import { axisValue } from '../../../charts/number-labels.ts';

/** "20 steps", "40k tokens". */
export function spanWords(span: SmoothingSpan): string {
  return `${axisValue(span.amount)} ${span.unit}`;
}

export function smoothingNote(span: SmoothingSpan | null): string {
  return span ? `smoothed over ${spanWords(span)}, raw behind` : 'raw';
}

/** Nothing for counts that the run logged or its config says. */
export function tokenNote(source: TokenSource | null): string {
  return source === 'estimated' ? 'tokens estimated from a rounded log' : '';
}

export const X_WORDS = {
  steps: 'Steps',
  tokens: 'Tokens',
  time: 'Wall time',
  relative: 'Time since start',
} as const;

export const DERIVATIVE_WORDS = {
  steps: 'per 1,000 steps',
  tokens: 'per 1B tokens',
  time: 'per hour',
  relative: 'per hour',
} as const;
