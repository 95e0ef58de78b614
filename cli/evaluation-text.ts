// Results of evaluations as lines of text, for the commands of `nesso eval`.
import type { ReadingProblem } from '../core/lib/evaluations/result.ts';

/** Longer lists are cut; --json has them all. */
const MAX_LINES = 20;

export function problemLines(problems: readonly ReadingProblem[]): readonly string[] {
  const lines = problems
    .slice(0, MAX_LINES)
    .map(({ path, where, text }) => `  ${path}${where === '' ? '' : ` ${where}`}: ${text}`);
  const more = problems.length - lines.length;
  return problems.length === 0
    ? []
    : ['', 'Not read or doubtful:', ...lines, ...(more > 0 ? [`  and ${more} more, see --json`] : [])];
}

/** Four digits after the point, as the harnesses print. */
export const fourDigits = (value: number): string => value.toFixed(4);

/** `0.3276 ± 0.0137`. */
export function withError(value: number, standardError: number | null): string {
  return standardError === null ? fourDigits(value) : `${fourDigits(value)} ± ${fourDigits(standardError)}`;
}

/** `p < 0.0001`, `p = 0.0312`. */
export const pText = (p: number): string => (p < 0.0001 ? 'p < 0.0001' : `p = ${p.toFixed(4)}`);
