// Where the points of one run stand on the x axis that is asked for, out of the columns it has logged. Pure.
import type { CurveLook } from '../dashboards/curve-look.ts';
import { TIME_COLUMN } from './extra-columns.ts';
import type { ColumnBuffer } from './column-buffer.ts';
import {
  ascending,
  secondsSinceStart,
  TOKEN_TAGS,
  tokenReference,
  type TokenReference,
  type XReference,
} from './x-values.ts';

/** By tag, and the columns beside them (core/lib/series/extra-columns.ts). */
export type Columns = ReadonlyMap<string, ColumnBuffer>;

export type CurveX = Pick<CurveLook, 'x' | 'withoutWaits'>;

/** Tokens at the steps of a run; null where nothing says them. */
export function tokensOfRun(columns: Columns, perStep: number | null): TokenReference | null {
  const tag = TOKEN_TAGS.find((candidate) => (columns.get(candidate)?.length ?? 0) > 0);
  return tokenReference(tag === undefined ? null : (columns.get(tag)?.view() ?? null), perStep);
}

/** Tokens of one step, about: for choosing a span. */
export function tokensPerStepOf(reference: TokenReference | null): number | null {
  if (!reference) return null;
  const { steps, x } = reference;
  const last = steps.length - 1;
  const step = steps[last] ?? 0;
  return step > 0 && (x[last] ?? 0) > 0 ? (x[last] as number) / step : null;
}

/** Null when the axis counts steps, or when the run does not say what is asked for: then it stands on its steps. */
export function xReferenceOf(columns: Columns, look: CurveX, perStep: number | null): XReference | null {
  if (look.x === 'steps') return null;
  if (look.x === 'tokens') return tokensOfRun(columns, perStep);
  const times = columns.get(TIME_COLUMN);
  if (!times || times.length === 0) return null;
  const { steps, values } = times.view();
  return look.x === 'time'
    ? { steps, x: ascending(values) }
    : { steps, x: secondsSinceStart(values, look.withoutWaits) };
}

/** What changes when a reference has to be made anew. */
export function referenceKey(columns: Columns, look: CurveX): string {
  if (look.x === 'steps') return '';
  const names = look.x === 'tokens' ? TOKEN_TAGS : [TIME_COLUMN];
  return names.map((name) => `${columns.get(name)?.epoch ?? 0}.${columns.get(name)?.length ?? 0}`).join(' ');
}
