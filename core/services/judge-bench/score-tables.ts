// Tables of scores as the bench reads them: which column is the document, its language, a score; nested ones and published sets too.
import { basename } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../api/errors.ts';
import { aggregateRating, type Rating } from '../../lib/statistics/ratings.ts';
import { languageKey } from '../../lib/datasets/language-codes.ts';
import { type DatasetEngine, queryOne } from '../datasets/engine.ts';
import type { DatasetLibrary } from '../datasets/library.ts';
import { type DatasetSource, relation, ROW_NUMBER } from '../datasets/source.ts';
import { sqlName } from '../datasets/sql.ts';

/** Held in memory as numbers and ids; people rate hundreds, judges up to half a million a language. */
const MAX_ROWS = 5_000_000;

export interface BenchReading {
  readonly engine: DatasetEngine;
  readonly library: DatasetLibrary;
  readonly signal?: AbortSignal | undefined;
}

export interface ScoreTable {
  readonly source: DatasetSource;
  readonly name: string;
  readonly id: string;
  readonly language: string | null;
  readonly script: string | null;
}

const idNames = ['document_id', 'id', 'doc_id', 'document', 'metadata.document_id', 'metadata.id'];
const languageNames = ['language', 'lang', 'metadata.language', 'metadata.lang'];
const scriptNames = ['language_script', 'metadata.language_script'];

/** Throws INVALID_INPUT without a column of ids: rows in the same order are no proof of the same documents. */
export async function openScoreTable(path: string, reading: BenchReading): Promise<ScoreTable> {
  const source = await reading.library.open(path, reading.signal);
  const name = basename(path);
  if (source.info.rows > MAX_ROWS) {
    throw new StudioError('TOO_LARGE', `${name} has ${source.info.rows.toLocaleString('en')} rows`, {
      hint: `At most ${MAX_ROWS.toLocaleString('en')} are compared; take a sample`,
      path,
    });
  }
  const id = findColumn(source, idNames);
  if (id === null) throw missingColumn(source, name, 'the document', idNames);
  return {
    source,
    name,
    id,
    language: findColumn(source, languageNames),
    script: findColumn(source, scriptNames),
  };
}

export function findColumn(source: DatasetSource, wanted: readonly string[]): string | null {
  for (const name of wanted) {
    const found = source.info.columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
    if (found) return found.name;
  }
  return null;
}

export function missingColumn(
  source: DatasetSource,
  file: string,
  what: string,
  wanted: readonly string[],
): StudioError {
  const known = source.info.columns.slice(0, 20).map(({ name }) => name);
  return new StudioError('INVALID_INPUT', `${file} has no column for ${what}`, {
    hint: `Call it ${wanted.slice(0, 3).join(', ')}; the columns are: ${known.join(', ')}`,
    path: source.path,
  });
}

export function typeOf(source: DatasetSource, column: string): string {
  return source.info.columns.find(({ name }) => name === column)?.type ?? '';
}

export function isList(source: DatasetSource, column: string): boolean {
  const type = typeOf(source, column);
  return type.endsWith(']') || type === 'JSON';
}

/** A number, also one that stands as text; what is none, NaN and infinite is null. */
export function numericSql(column: string): string {
  const number = `TRY_CAST(${sqlName(column)} AS DOUBLE)`;
  return `CASE WHEN isfinite(${number}) THEN ${number} END`;
}

export interface ScoreRow {
  readonly row: number;
  readonly id: string;
  /** As languageKey spells it; null where the file has no column. */
  readonly language: string | null;
  readonly cells: readonly unknown[];
}

/** Every row with `expressions` as cells; rows without an id are left out. */
export async function readRows(
  table: ScoreTable,
  expressions: readonly string[],
  { engine, signal }: BenchReading,
): Promise<readonly ScoreRow[]> {
  const { source, id, language, script } = table;
  const text = (column: string | null) => (column === null ? 'NULL' : `${sqlName(column)}::VARCHAR`);
  const columns = [`${ROW_NUMBER}::BIGINT`, text(id), text(language), text(script), ...expressions];
  const result = await queryOne(engine, {
    path: source.path,
    signal,
    statements: [`SELECT ${columns.join(', ')} FROM ${relation(source)} ORDER BY 1 LIMIT ${MAX_ROWS}`],
  });
  const [numbers = [], ids = [], own = [], scripts = [], ...cells] = result.columns;
  const keys = new Map<string, string>();
  const rows: ScoreRow[] = [];
  for (let row = 0; row < result.rows; row += 1) {
    const given = ids[row];
    if (typeof given !== 'string' || given === '') continue;
    const spelled = [own[row], scripts[row]]
      .filter((part) => typeof part === 'string' && part !== '')
      .join('_');
    const key = keys.get(spelled) ?? languageKey(spelled);
    keys.set(spelled, key);
    rows.push({
      row: Number(numbers[row]),
      id: given,
      language: language === null ? null : key,
      cells: cells.map((column) => column[row] ?? null),
    });
  }
  return rows;
}

const listValue = z.array(z.unknown());

/** `[3, null, "2"]` as ratings, from JSON text; what is no number is no rating. */
export function readRatingList(text: unknown): readonly Rating[] {
  let value: unknown;
  try {
    value = typeof text === 'string' ? JSON.parse(text) : null;
  } catch {
    return [];
  }
  // A JSON column may hold the list as text once more.
  if (typeof value === 'string') return readRatingList(value);
  // A column of numbers and texts is JSON as well.
  if (typeof value === 'number') return [value];
  const list = listValue.safeParse(value);
  return (list.success ? list.data : []).map((entry) => {
    const number = typeof entry === 'string' && entry.trim() !== '' ? Number(entry) : entry;
    return typeof number === 'number' && Number.isFinite(number) ? number : null;
  });
}

/** How a column of scores is read: one number a document, or the list of its ratings. */
export interface ScoreReading {
  readonly sql: string;
  /** Of a cell of `sql`: null for a column of single numbers. */
  readonly ratings: (cell: unknown) => readonly Rating[] | null;
  /** Of a cell of `sql`: ratings are aggregated; null where there is none. */
  readonly score: (cell: unknown) => number | null;
}

export function scoreReading(source: DatasetSource, column: string): ScoreReading {
  return isList(source, column)
    ? {
        sql: listSql(column),
        ratings: readRatingList,
        score: (cell) => aggregateRating(readRatingList(cell)),
      }
    : { sql: numericSql(column), ratings: () => null, score: numberOf };
}

export function listSql(column: string): string {
  return `to_json(${sqlName(column)})::VARCHAR`;
}

export function numberOf(cell: unknown): number | null {
  return typeof cell === 'number' ? cell : typeof cell === 'bigint' ? Number(cell) : null;
}
