// The texts of a dataset through an embedder and its heads, into a table of the DuckDB child. Texts come from that child some
// thousands at a time; models and large heads compute in a process of their own.
import { type EmbedProgress, embedRows } from '../embedders/embed-rows.ts';
import type { TextEmbedder } from '../embedders/text-embedder.ts';
import type { DatasetEngine } from '../datasets/engine.ts';
import { type DatasetSource, relation } from '../datasets/source.ts';
import { sqlName, sqlText } from '../datasets/sql.ts';
import type { HeadScorer } from './head-scorer.ts';

export type ScoreProgress = EmbedProgress;

export interface HeadTotals {
  sum: number;
  low: number;
  high: number;
}

export interface ScoreTotals {
  readonly scored: number;
  readonly heads: readonly HeadTotals[];
}

export interface ScoreWork {
  readonly source: DatasetSource;
  readonly textColumn: string;
  /** Of the heads, in the order of the table's columns. */
  readonly scorer: HeadScorer;
  readonly embedder: TextEmbedder;
  /** A table of the DuckDB child: `row`, and one `s<n>` a head. */
  readonly table: string;
  readonly engine: DatasetEngine;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ScoreProgress) => void) | undefined;
}

/** Fills the table in the order of the file. Throws StudioError, and AbortError when `signal` aborts. */
export async function scoreRows(work: ScoreWork): Promise<ScoreTotals> {
  const { source, scorer, embedder, engine, signal, table, onProgress } = work;
  const totals = Array.from({ length: scorer.heads }, () => ({
    sum: 0,
    low: Number.POSITIVE_INFINITY,
    high: Number.NEGATIVE_INFINITY,
  }));
  let scored = 0;
  // The embedder looks at code units, left() counts code points: never fewer than it looks at.
  const text = `left(${sqlName(work.textColumn)}, ${embedder.maxCharacters})`;
  const chunks = embedRows({
    engine,
    embedder,
    statement: `SELECT file_row_number, ${text} FROM ${relation(source)}`,
    textPlace: 1,
    path: source.path,
    totalRows: source.info.rows,
    signal,
    onProgress,
  });
  for await (const { columns, rows, places, vectors } of chunks) {
    const [rowNumbers = []] = columns;
    const values = places.length === 0 ? new Float32Array() : await scorer.score(vectors);
    const scores = totals.map((total, index) => {
      const own = Array.from({ length: rows }, (): number | null => null);
      for (const [position, row] of places.entries()) {
        const value = values[index * places.length + position] as number;
        own[row] = value;
        total.sum += value;
        total.low = Math.min(total.low, value);
        total.high = Math.max(total.high, value);
      }
      return own;
    });
    scored += places.length;
    const lists = [rowNumbers.map(Number), ...scores].map(
      (list, index) => `unnest(${sqlText(listText(list))}::${index === 0 ? 'BIGINT' : 'FLOAT'}[])`,
    );
    await engine.query({
      path: source.path,
      signal,
      statements: [`INSERT INTO ${table} SELECT ${lists.join(', ')}`],
    });
  }
  return { scored, heads: totals };
}

/** The shortest text of a double that is a float32 reads back as that float32. */
function listText(values: readonly (number | null)[]): string {
  return `[${values.map((value) => (value === null ? 'NULL' : String(value))).join(',')}]`;
}
