// The keep rule as SQL: the same for the score table and for the documents themselves.
import type { Filter } from '../../lib/quality/recipe.ts';
import { sqlDouble, sqlText } from '../datasets/sql.ts';
import { requireNeeded } from './thresholds.ts';

const COMPARISON = { gte: '>=', gt: '>' } as const;

/** A threshold as SQL; NULL (nothing passes) where there is none. */
export function sqlThreshold(filter: Filter, language: string, head: string): string {
  const own = Object.hasOwn(filter.thresholds, language) ? filter.thresholds[language] : undefined;
  const value = own !== undefined && Object.hasOwn(own, head) ? own[head] : undefined;
  return value === null || value === undefined ? 'NULL::DOUBLE' : sqlDouble(value);
}

/** Condition over expressions that are NULL for a missing score or threshold: never NULL itself. */
export function passSql(filter: Filter, scores: readonly string[], thresholds: readonly string[]): string {
  const needed = requireNeeded(filter.rule, filter.heads.length);
  const passes = filter.heads.map(
    (_, index) =>
      `coalesce(${scores[index] ?? 'NULL'} ${COMPARISON[filter.operator]} ${thresholds[index] ?? 'NULL'}, false)::INTEGER`,
  );
  return `(${passes.join(' + ')} >= ${needed})`;
}

/** One threshold a head, looked up by the language of the row; a language the filter does not know has none. */
export function thresholdsByLanguage(filter: Filter, language: string): readonly string[] {
  const names = Object.keys(filter.thresholds);
  return filter.heads.map(({ name: head }) => {
    if (names.length === 0) return 'NULL::DOUBLE';
    const cases = names.map((name) => `WHEN ${sqlText(name)} THEN ${sqlThreshold(filter, name, head)}`);
    return `(CASE ${language} ${cases.join(' ')} END)`;
  });
}
