// Reads small tables of ratings and predictions (JSON lines, CSV, Parquet) into memory, whatever their columns are called.
import { basename } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../api/errors.ts';
import { ratedDocuments } from '../../lib/annotations/campaign-state.ts';
import type { JudgedDocument } from '../../lib/quality/prediction-report.ts';
import type { RatedDocuments } from '../../lib/quality/rating-report.ts';
import { aggregateRating, type Rating } from '../../lib/statistics/ratings.ts';
import type { QueryResult } from '../../../native/duckdb/protocol.ts';
import { readAnnotators } from '../annotations/annotator-files.ts';
import { isCampaignFolder, readCampaign } from '../annotations/campaign-files.ts';
import { columnsFromDescribe } from '../datasets/columns.ts';
import { type DatasetEngine, queryOne } from '../datasets/engine.ts';
import type { DatasetLibrary } from '../datasets/library.ts';
import { relation } from '../datasets/source.ts';
import { sqlFile, sqlName } from '../datasets/sql.ts';

/** Held in memory as numbers and ids; people rate hundreds, judges up to half a million a language. */
const MAX_ROWS = 5_000_000;

const names = {
  document: ['document_id', 'document', 'doc_id', 'id'],
  annotator: ['annotator', 'annotator_id', 'rater', 'judge', 'user'],
  rating: ['rating', 'score', 'label', 'value'],
  list: ['ratings', 'scores', 'educational_value_labels'],
  prediction: ['prediction', 'predicted', 'pred', 'score'],
  truth: ['truth', 'rating', 'label', 'gold', 'score'],
  language: ['language', 'lang'],
} as const;

export interface Reading {
  readonly engine: DatasetEngine;
  readonly library: DatasetLibrary;
  readonly signal?: AbortSignal | undefined;
}

interface Table {
  readonly path: string;
  readonly sql: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

async function openTable(path: string, { engine, library, signal }: Reading): Promise<Table> {
  if (/\.[ct]sv$/i.test(path)) {
    const sql = `read_csv(${sqlFile(path)}, header = true, all_varchar = true)`;
    const described = await queryOne(engine, { path, signal, statements: [`DESCRIBE SELECT * FROM ${sql}`] });
    return { path, sql, columns: columnsFromDescribe(described) };
  }
  const source = await library.open(path, signal);
  if (source.info.rows > MAX_ROWS) {
    throw new StudioError(
      'TOO_LARGE',
      `${basename(path)} has ${source.info.rows.toLocaleString('en')} rows`,
      {
        hint: `At most ${MAX_ROWS.toLocaleString('en')} are compared; take a sample`,
        path,
      },
    );
  }
  return { path, sql: relation(source), columns: source.info.columns };
}

function findColumn({ columns }: Table, wanted: readonly string[], given?: string): string | null {
  for (const name of given === undefined ? wanted : [given]) {
    const found = columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
    if (found) return found.name;
  }
  return null;
}

function missingColumn({ path, columns }: Table, what: string, wanted: readonly string[]): StudioError {
  const known = columns.slice(0, 20).map(({ name }) => name);
  return new StudioError('INVALID_INPUT', `${basename(path)} has no column for ${what}`, {
    hint: `Call it ${wanted.slice(0, 3).join(', ')}, or name it; the columns are: ${known.join(', ')}`,
    path,
  });
}

/** A number, NaN and text as null. */
const numeric = (column: string): string =>
  `CASE WHEN isnan(TRY_CAST(${column} AS DOUBLE)) THEN NULL ELSE TRY_CAST(${column} AS DOUBLE) END`;
const listText = (column: string): string => `to_json(${column})::VARCHAR`;

async function readColumns(
  table: Table,
  expressions: readonly string[],
  { engine, signal }: Reading,
): Promise<QueryResult> {
  return queryOne(engine, {
    path: table.path,
    signal,
    statements: [`SELECT ${expressions.join(', ')} FROM ${table.sql} LIMIT ${MAX_ROWS}`],
  });
}

const listValue = z.array(z.unknown());

/** `[3, null, "2"]` as ratings; what is no number is no rating. */
function readList(text: unknown): readonly Rating[] {
  let value: unknown;
  try {
    value = typeof text === 'string' ? JSON.parse(text) : null;
  } catch {
    return [];
  }
  // A JSON column may hold the list as text once more.
  if (typeof value === 'string') return readList(value);
  const list = listValue.safeParse(value);
  return (list.success ? list.data : []).map((entry) => {
    const number = typeof entry === 'string' && entry.trim() !== '' ? Number(entry) : entry;
    return typeof number === 'number' && Number.isFinite(number) ? number : null;
  });
}

const text = (value: unknown, otherwise: string): string =>
  typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'bigint'
      ? String(value)
      : otherwise;
const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);

/**
 * The folder of a campaign; or one row a document with a list of ratings (raters by their place), or one row a rating with
 * annotator and document. An annotator's later rating of a document replaces the earlier one.
 */
export async function readRatings(path: string, reading: Reading): Promise<RatedDocuments> {
  if (await isCampaignFolder(path)) {
    return ratedDocuments(await readCampaign(path, basename(path)), await readAnnotators(path));
  }
  const table = await openTable(path, reading);
  const document = findColumn(table, names.document);
  const annotator = findColumn(table, names.annotator);
  const list = findColumn(table, names.list);
  if (annotator === null && list !== null) return readLists(table, list, document, reading);
  const rating = findColumn(table, names.rating);
  if (document === null) throw missingColumn(table, 'the document', names.document);
  if (rating === null) throw missingColumn(table, 'the rating', names.rating);
  if (annotator === null) throw missingColumn(table, 'the annotator', names.annotator);
  const result = await readColumns(
    table,
    [`${sqlName(annotator)}::VARCHAR`, `${sqlName(document)}::VARCHAR`, numeric(sqlName(rating))],
    reading,
  );
  const annotators = [...new Set((result.columns[0] ?? []).map((value) => text(value, '')))].sort();
  const place = new Map(annotators.map((name, index) => [name, index]));
  const documents = new Map<string, Rating[]>();
  for (let row = 0; row < result.rows; row += 1) {
    const id = text(result.columns[1]?.[row], '');
    const ratings = documents.get(id) ?? annotators.map(() => null);
    ratings[place.get(text(result.columns[0]?.[row], '')) ?? 0] = number(result.columns[2]?.[row]);
    documents.set(id, ratings);
  }
  return { annotators, documents: [...documents].map(([id, ratings]) => ({ id, ratings })) };
}

async function readLists(
  table: Table,
  list: string,
  document: string | null,
  reading: Reading,
): Promise<RatedDocuments> {
  const id = document === null ? 'NULL' : sqlName(document);
  const result = await readColumns(table, [`${id}::VARCHAR`, listText(sqlName(list))], reading);
  const documents = (result.columns[1] ?? []).map((value, row) => ({
    id: text(result.columns[0]?.[row], `row ${row}`),
    ratings: readList(value),
  }));
  const raters = documents.reduce((most, { ratings }) => Math.max(most, ratings.length), 0);
  return {
    annotators: Array.from({ length: raters }, (_, index) => `rater ${index + 1}`),
    documents: documents.map(({ id: own, ratings }) => ({
      id: own,
      ratings: Array.from({ length: raters }, (_, index) => ratings[index] ?? null),
    })),
  };
}

export interface Joined {
  readonly documents: readonly JudgedDocument[];
  /** Documents of one file that the other does not have, or has without a truth. */
  readonly onlyPredicted: number;
  readonly onlyTrue: number;
  readonly predictionColumn: string;
  readonly truthColumn: string;
}

export interface JoinColumns {
  readonly prediction?: string | undefined;
  readonly truth?: string | undefined;
}

/** Joined on the document id, and on the language where both files have one: translations share an id. */
export async function joinPredictions(
  predictionsPath: string,
  truthPath: string,
  columns: JoinColumns,
  reading: Reading,
): Promise<Joined> {
  const predictions = await openTable(predictionsPath, reading);
  const truths = await openTable(truthPath, reading);
  const languages = [predictions, truths].map((table) => findColumn(table, names.language));
  const withLanguage = languages.every((language) => language !== null);
  const predicted = await readScores(
    predictions,
    scoreColumn(predictions, names.prediction, columns.prediction),
    withLanguage,
    reading,
  );
  const known = await readScores(
    truths,
    scoreColumn(truths, names.truth, columns.truth),
    withLanguage,
    reading,
  );
  const documents: JudgedDocument[] = [];
  let onlyTrue = 0;
  for (const [key, { language, score: truth }] of known.scores) {
    if (truth === null) continue;
    const own = predicted.scores.get(key);
    if (!own) onlyTrue += 1;
    else documents.push({ language, truth, prediction: own.score });
  }
  const onlyPredicted = predicted.scores.size - documents.length;
  if (documents.length === 0) {
    throw new StudioError('INVALID_INPUT', 'The two files have no document in common', {
      hint: 'Both need a column id or document_id with the same values',
      path: predictionsPath,
    });
  }
  return {
    documents,
    onlyPredicted,
    onlyTrue,
    predictionColumn: predicted.column,
    truthColumn: known.column,
  };
}

interface ScoreColumn {
  readonly name: string;
  readonly list: boolean;
}

/** The given column, else one of the usual names, else the only one called a score, else a list of ratings. */
function scoreColumn(table: Table, wanted: readonly string[], given: string | undefined): ScoreColumn {
  const single = findColumn(table, wanted, given);
  if (single !== null) return { name: single, list: isList(table, single) };
  if (given !== undefined) throw missingColumn(table, given, [given]);
  const scores = table.columns.filter(
    ({ name }) => /score/i.test(name) && !/^language_score$|lid_score$/i.test(name),
  );
  const [only] = scores;
  if (only && scores.length === 1) return { name: only.name, list: isList(table, only.name) };
  const list = findColumn(table, names.list);
  if (list !== null) return { name: list, list: true };
  throw missingColumn(table, 'the score', wanted);
}

function isList({ columns }: Table, name: string): boolean {
  const type = columns.find((column) => column.name === name)?.type ?? '';
  return type.endsWith(']') || type === 'JSON';
}

async function readScores(table: Table, column: ScoreColumn, withLanguage: boolean, reading: Reading) {
  const id = findColumn(table, names.document);
  if (id === null) throw missingColumn(table, 'the document', names.document);
  const language = findColumn(table, names.language);
  const result = await readColumns(
    table,
    [
      `${sqlName(id)}::VARCHAR`,
      language === null ? 'NULL' : `${sqlName(language)}::VARCHAR`,
      column.list ? listText(sqlName(column.name)) : numeric(sqlName(column.name)),
    ],
    reading,
  );
  // One row an annotator: a document's ratings are aggregated. Without annotators a later row replaces an earlier one.
  const several = !column.list && findColumn(table, names.annotator) !== null;
  const found = new Map<string, { readonly language: string | null; readonly ratings: Rating[] }>();
  for (let row = 0; row < result.rows; row += 1) {
    const own = text(result.columns[1]?.[row], '');
    const key = JSON.stringify([text(result.columns[0]?.[row], `row ${row}`), withLanguage ? own : '']);
    const value = result.columns[2]?.[row];
    const known = several ? found.get(key) : undefined;
    if (known) known.ratings.push(number(value));
    else {
      const ratings = column.list ? [...readList(value)] : [number(value)];
      found.set(key, { language: own === '' ? null : own, ratings });
    }
  }
  const scores = new Map(
    [...found].map(([key, { language: own, ratings }]) => [
      key,
      { language: own, score: aggregateRating(ratings) },
    ]),
  );
  return { column: column.name, scores };
}
