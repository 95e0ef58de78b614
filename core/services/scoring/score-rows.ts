// The texts of a file through an embedder and its heads, into a table of the DuckDB child. Texts come from that child some
// thousands at a time; the arithmetic runs here, a little at a time, so that a cancel is heard.
import { setImmediate } from 'node:timers/promises';
import type { Embedder } from '../../lib/jql/builtin-embedder.ts';
import { MAX_FEATURE_CHARACTERS } from '../../lib/jql/hashed-ngrams.ts';
import { scoreDocuments } from '../../lib/jql/head.ts';
import type { DatasetEngine } from '../datasets/engine.ts';
import { type DatasetSource, relation } from '../datasets/source.ts';
import { sqlName, sqlText } from '../datasets/sql.ts';
import type { LoadedHead } from './head-sources.ts';

/** Between two of these a cancel is heard: 32 long documents and three heads take about 0.2 s. */
const BATCH_DOCUMENTS = 32;
/** Rates are shown this often. */
const PROGRESS_INTERVAL_MS = 500;
export interface ScoreProgress {
  readonly doneRows: number;
  readonly totalRows: number;
  /** Since the first document; 0 before there is one. */
  readonly documentsPerMinute: number;
}

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
  readonly heads: readonly LoadedHead[];
  readonly embedder: Embedder;
  /** A table of the DuckDB child: `row`, and one `s<n>` a head. */
  readonly table: string;
  readonly engine: DatasetEngine;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ScoreProgress) => void) | undefined;
}

/** Fills the table in the order of the file. Throws StudioError, and AbortError when `signal` aborts. */
export async function scoreRows(work: ScoreWork): Promise<ScoreTotals> {
  const { source, heads, embedder, engine, signal, table, onProgress } = work;
  const totalRows = source.info.rows;
  const totals = heads.map(() => ({
    sum: 0,
    low: Number.POSITIVE_INFINITY,
    high: Number.NEGATIVE_INFINITY,
  }));
  const startMs = performance.now();
  let notedMs = startMs;
  let doneRows = 0;
  let scored = 0;
  // The embedder looks at code units, left() counts code points: never fewer than it looks at.
  const text = `left(${sqlName(work.textColumn)}, ${MAX_FEATURE_CHARACTERS})`;
  const statement = `SELECT file_row_number, ${text} FROM ${relation(source)}`;
  for await (const { columns, rows } of engine.rows(statement, { path: source.path, signal })) {
    const [rowNumbers = [], texts = []] = columns;
    const scores = heads.map(() => Array.from({ length: rows }, (): number | null => null));
    for (let first = 0; first < rows; first += BATCH_DOCUMENTS) {
      const places: number[] = [];
      for (let row = first; row < Math.min(rows, first + BATCH_DOCUMENTS); row += 1) {
        const own = texts[row];
        if (typeof own === 'string' && own.trim() !== '') places.push(row);
      }
      const features = new Float32Array(places.length * embedder.dimensions);
      for (const [index, row] of places.entries()) {
        const target = features.subarray(index * embedder.dimensions, (index + 1) * embedder.dimensions);
        embedder.embed(texts[row] as string, target);
      }
      for (const [index, { head }] of heads.entries()) {
        const values = scoreDocuments(head, features);
        const total = totals[index] as HeadTotals;
        for (const [position, row] of places.entries()) {
          const value = values[position] as number;
          (scores[index] as (number | null)[])[row] = value;
          total.sum += value;
          total.low = Math.min(total.low, value);
          total.high = Math.max(total.high, value);
        }
      }
      scored += places.length;
      doneRows += Math.min(rows, first + BATCH_DOCUMENTS) - first;
      await setImmediate();
      signal?.throwIfAborted();
      const nowMs = performance.now();
      if (nowMs - notedMs < PROGRESS_INTERVAL_MS && doneRows < totalRows) continue;
      notedMs = nowMs;
      onProgress?.({ doneRows, totalRows, documentsPerMinute: perMinute(doneRows, nowMs - startMs) });
    }
    const lists = [rowNumbers.map(Number), ...scores].map(
      (values, index) => `unnest(${sqlText(listText(values))}::${index === 0 ? 'BIGINT' : 'FLOAT'}[])`,
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

export function perMinute(documents: number, durationMs: number): number {
  return durationMs === 0 ? 0 : Math.round((documents / durationMs) * 60_000);
}
