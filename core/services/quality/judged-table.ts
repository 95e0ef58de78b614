// The score table with a filter's judgement beside each row, as SQL: what the board counts and samples are drawn from.
import type { Filter } from '../../lib/quality/recipe.ts';
import { sqlFile, sqlText } from '../datasets/sql.ts';
import type { Corpus } from './corpus.ts';
import { passSql, sqlThreshold } from './keep-sql.ts';
import type { TableHead } from './summarise-scores.ts';
import { requireTableHead } from './thresholds.ts';

export interface JudgedTable {
  /** SELECT … with file, row, language, tokens, reason, `fw2` (true, false, or NULL for all), `jql`, the scores and `t0`, `t1`, … */
  readonly sql: string;
  readonly heads: readonly TableHead[];
}

/** Of a table that is saved. Thresholds come by a join: a lookup in the query text per row would cost more than reading the table. */
export function judgedTable(corpus: Corpus, filter: Filter, language: string | null): JudgedTable {
  const { table } = corpus;
  const heads = filter.heads.map(({ column }) => requireTableHead(corpus, column));
  const limits = table.languages.map(({ name }) => {
    const own = filter.heads.map((head) => sqlThreshold(filter, name, head.name));
    return `(${[sqlText(name), ...own].join(', ')})`;
  });
  // A table without rows still needs columns.
  if (limits.length === 0) limits.push(`(${["''", ...heads.map(() => 'NULL::DOUBLE')].join(', ')})`);
  const names = heads.map((_, index) => `t${index}`);
  const fw2 = table.facts.keptSource === null ? 'NULL::BOOLEAN' : 'coalesce(kept, false)';
  const pass = passSql(
    filter,
    heads.map(({ field }) => field),
    names,
  );
  const only = language === null ? '' : `WHERE language = ${sqlText(language)}`;
  const sql = `SELECT file, row, language, tokens, reason, ${fw2} AS fw2, ${pass} AS jql,
      ${[...new Set(heads.map(({ field }) => field)), ...names].join(', ')}
    FROM (SELECT * FROM read_parquet(${sqlFile(table.path)}) ${only})
    JOIN (VALUES ${limits.join(', ')}) limits(${['language', ...names].join(', ')}) USING (language)`;
  return { sql, heads };
}
