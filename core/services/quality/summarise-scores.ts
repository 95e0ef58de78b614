// What is in a score table: how much of each language, and how much and how large each head. One pass over the rows.
import { z } from 'zod';
import type { DatasetEngine } from '../datasets/engine.ts';

export const tableHead = z.object({
  column: z.string(),
  /** Column of the table: `s0`, `s1`, … */
  field: z.string(),
  /** False when half-size floats hold every score exactly. */
  wide: z.boolean(),
  scored: z.number(),
  missing: z.number(),
  infinite: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});
export type TableHead = z.infer<typeof tableHead>;

export const tableLanguage = z.object({
  name: z.string(),
  documents: z.number(),
  keptDocuments: z.number(),
  /** Documents whose kept flag is known. */
  flagged: z.number(),
  tokens: z.number(),
  /** Documents without a token count; they count as 0 tokens. */
  withoutTokens: z.number(),
});
export type TableLanguage = z.infer<typeof tableLanguage>;

export interface ScoreSummary {
  readonly heads: TableHead[];
  /** Sorted by name. */
  readonly languages: TableLanguage[];
}

export interface SummaryRequest {
  readonly engine: DatasetEngine;
  readonly headColumns: readonly string[];
  /** Per head: whether half-size floats are known to hold every score. */
  readonly halves: readonly boolean[];
  /** What a failure is about. */
  readonly shown: string;
  readonly signal?: AbortSignal | undefined;
}

/** Columns before those of the heads. */
const OF_LANGUAGE = 6;
const OF_HEAD = 4;

/** `table` is SQL after FROM. Throws StudioError. */
export async function summariseScores(table: string, request: SummaryRequest): Promise<ScoreSummary> {
  const { engine, headColumns, halves: known, shown, signal } = request;
  const perHead = headColumns.map(
    (_, index) =>
      `, count(s${index}), min(s${index}), max(s${index}), ${
        known[index] === true
          ? 'true'
          : `coalesce(bool_and(coalesce(TRY_CAST(s${index} AS FLOAT)::DOUBLE = s${index}, s${index} IS NULL)), true)`
      }`,
  );
  const [found] = await engine.query({
    path: shown,
    signal,
    statements: [
      `SELECT language, count(*), count(*) FILTER (kept), count(kept), coalesce(sum(tokens), 0)::DOUBLE,
         count(*) - count(tokens)${perHead.join('')} FROM ${table} GROUP BY language ORDER BY language`,
    ],
  });
  const columns = found?.columns ?? [];
  const languages = Array.from({ length: found?.rows ?? 0 }, (_, row) => {
    const [name = '', ...counts] = columns.slice(0, OF_LANGUAGE).map((column) => column[row]);
    const [documents = 0, keptDocuments = 0, flagged = 0, tokens = 0, withoutTokens = 0] = counts.map(Number);
    return { name: String(name), documents, keptDocuments, flagged, tokens, withoutTokens };
  });
  const documents = languages.reduce((sum, language) => sum + language.documents, 0);
  const heads: TableHead[] = [];
  for (const [index, column] of headColumns.entries()) {
    const first = OF_LANGUAGE + OF_HEAD * index;
    const [counts = [], lows = [], highs = [], halves = []] = columns.slice(first, first + OF_HEAD);
    const scored = counts.reduce<number>((sum, count) => sum + Number(count), 0);
    const bounds = [...lows, ...highs].filter((value) => typeof value === 'number');
    const spread = bounds.every(Number.isFinite)
      ? { infinite: 0, ...rangeOf(bounds) }
      : await finiteSpread(table, `s${index}`, request);
    const wide = halves.some((isHalf) => isHalf !== true);
    heads.push({ column, field: `s${index}`, wide, scored, missing: documents - scored, ...spread });
  }
  return { languages, heads };
}

type Spread = Pick<TableHead, 'infinite' | 'low' | 'high'>;

function rangeOf(values: readonly number[]): Pick<Spread, 'low' | 'high'> {
  if (values.length === 0) return { low: null, high: null };
  return { low: Math.min(...values), high: Math.max(...values) };
}

/** A pass of its own, for the few columns that hold an infinity. */
async function finiteSpread(
  table: string,
  field: string,
  { engine, shown, signal }: SummaryRequest,
): Promise<Spread> {
  const [found] = await engine.query({
    path: shown,
    signal,
    statements: [
      `SELECT count(*) FILTER (isinf(${field})), min(${field}) FILTER (isfinite(${field})),
         max(${field}) FILTER (isfinite(${field})) FROM ${table}`,
    ],
  });
  const [infinite, low, high] = (found?.columns ?? []).map((column) => column[0]);
  const numberOrNull = (value: unknown): number | null => (typeof value === 'number' ? value : null);
  return { infinite: Number(infinite ?? 0), low: numberOrNull(low), high: numberOrNull(high) };
}
