// A corpus of scored documents made by DuckDB in the test's own process: several languages, scores in the steps of bfloat16 so
// that many tie, and one way to ask the same questions in plain SQL.
import { DuckDBInstance } from '@duckdb/node-api';

export interface Sql {
  run(sql: string): Promise<void>;
  rows(sql: string): Promise<readonly (readonly unknown[])[]>;
  [Symbol.dispose](): void;
}

export async function openSql(): Promise<Sql> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  return {
    run: async (sql) => {
      await connection.run(sql);
    },
    rows: async (sql) => (await connection.runAndReadAll(sql)).getRows(),
    [Symbol.dispose]: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** Documents `first` to `first + count`, as a SELECT. Three heads that agree mostly, in steps of 1/64. */
export function documentsSql(first: number, count: number): string {
  const noise = (seed: number): string => `(hash(range, ${seed}) % 1000000) / 1000000.0`;
  const head = (seed: number): string => `round((5 * ${noise(1)} + 1.5 * ${noise(seed)} - 0.9) * 64) / 64`;
  return `SELECT 'doc-' || range AS id, 'Text number ' || range || repeat(' word', (hash(range, 9) % 50)::INTEGER) AS text,
      ['deu', 'fra', 'ita', 'hrv'][1 + (hash(range, 2) % 4)::INTEGER] AS language, 'Latn' AS language_script,
      (20 + hash(range, 3) % 900)::BIGINT AS token_count, hash(range, 4) % 10 < 4 AS fw2_kept,
      CASE WHEN hash(range, 4) % 10 < 4 THEN NULL ELSE ['short', 'list', 'dup'][1 + (hash(range, 5) % 3)::INTEGER] END
        AS filter_reason,
      0.9 AS language_score, ${head(6)} AS score_a, (${head(7)})::FLOAT AS score_b, ${head(8)} AS score_c
    FROM range(${first}, ${first + count})`;
}
