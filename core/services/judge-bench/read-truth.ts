// People's scores: a file with one score or several ratings a document, or a campaign of the workspace.
import { basename } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import { ratedDocuments } from '../../lib/annotations/campaign-state.ts';
import { requireUnique, type TruthDocument } from '../../lib/judge-bench/bench-input.ts';
import { aggregateRating, type Rating } from '../../lib/statistics/ratings.ts';
import { readAnnotators } from '../annotations/annotator-files.ts';
import { campaignFolder, readCampaign } from '../annotations/campaign-files.ts';
import { resolveInside } from '../files/resolve-inside.ts';
import {
  type BenchReading,
  findColumn,
  listSql,
  missingColumn,
  numberOf,
  numericSql,
  openScoreTable,
  readRatingList,
  readRows,
  scoreReading,
  type ScoreReading,
  type ScoreRow,
  type ScoreTable,
} from './score-tables.ts';

export interface TruthRow extends TruthDocument {
  readonly row: number | null;
}

export interface Truth {
  readonly name: string;
  /** Of the file; null for a campaign whose data set is gone. */
  readonly path: string | null;
  readonly textColumn: string | null;
  /** The column that holds the truth: never a prediction. */
  readonly scoreColumns: readonly string[];
  readonly documents: readonly TruthRow[];
  readonly notes: readonly string[];
}

const scoreNames = ['truth', 'rating', 'label', 'gold', 'human_score', 'score', 'metadata.score'];
const listNames = ['ratings', 'scores', 'educational_value_labels'];
const annotatorNames = ['annotator', 'annotator_id', 'rater', 'user'];
const tokenNames = ['token_count', 'tokens', 'n_tokens', 'metadata.token_count'];

/** Throws INVALID_INPUT when nothing in it is a score, or one document has two. `given` names the column. */
export async function readTruthFile(
  path: string,
  given: string | null,
  reading: BenchReading,
): Promise<Truth> {
  const table = await openScoreTable(path, reading);
  const { source, name } = table;
  const annotator = findColumn(source, annotatorNames);
  const list = given === null ? findColumn(source, listNames) : null;
  const score = findColumn(source, given === null ? scoreNames : [given]) ?? list;
  if (score === null) {
    throw missingColumn(source, name, given ?? 'the score of people', given === null ? scoreNames : [given]);
  }
  const tokens = findColumn(source, tokenNames);
  const own = scoreReading(source, score);
  const rows = await readRows(
    table,
    [own.sql, list === null ? 'NULL' : listSql(list), tokens === null ? 'NULL' : numericSql(tokens)],
    reading,
  );
  const read = annotator === null ? oneRowEach(rows, own) : oneRowRating(rows);
  requireUnique(read, name);
  const documents = withoutRepeats(read);
  if (documents.length === 0) {
    throw new StudioError('INVALID_INPUT', `No document of ${name} has a score in ${score}`, {
      hint: 'Name another column, or choose the file with people’s scores',
      path,
    });
  }
  return {
    name,
    path,
    textColumn: source.info.textColumn,
    scoreColumns: [score, ...(list === null ? [] : [list])],
    documents,
    notes: notesOf(table, rows, documents),
  };
}

function oneRowEach(rows: readonly ScoreRow[], own: ScoreReading): TruthRow[] {
  return rows.flatMap(({ row, id, language, cells: [cell, list, tokens] }) => {
    const score = own.score(cell);
    if (score === null) return [];
    const ratings = own.ratings(cell) ?? (list === null ? null : readRatingList(list));
    return [{ row, id, language: language ?? '', score, ratings, tokens: numberOf(tokens) }];
  });
}

/** One row a rating: those of a document are aggregated. */
function oneRowRating(rows: readonly ScoreRow[]): TruthRow[] {
  const found = new Map<string, { readonly first: ScoreRow; readonly ratings: Rating[] }>();
  for (const row of rows) {
    const key = `${row.language ?? ''}\u0000${row.id}`;
    const known = found.get(key) ?? { first: row, ratings: [] };
    known.ratings.push(numberOf(row.cells[0]));
    found.set(key, known);
  }
  return [...found.values()].flatMap(({ first, ratings }) => {
    const score = aggregateRating(ratings);
    if (score === null) return [];
    const { row, id, language, cells } = first;
    return [{ row, id, language: language ?? '', score, ratings, tokens: numberOf(cells[2]) }];
  });
}

function withoutRepeats(documents: readonly TruthRow[]): readonly TruthRow[] {
  const seen = new Set<string>();
  return documents.filter(({ id, language }) => {
    const key = `${language}\u0000${id}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function notesOf(table: ScoreTable, rows: readonly ScoreRow[], documents: readonly TruthRow[]): string[] {
  const { name, source, language } = table;
  const total = source.info.rows;
  const notes: string[] = [];
  if (total > rows.length)
    notes.push(`${name}: ${total - rows.length} rows without a document id are left out`);
  const scored = new Set(documents.map(({ id, language: own }) => `${own}\u0000${id}`)).size;
  const known = new Set(rows.map(({ id, language: own }) => `${own ?? ''}\u0000${id}`)).size;
  if (known > scored) notes.push(`${name}: ${known - scored} documents without a score are left out`);
  if (language === null) notes.push(`${name} names no languages: everything is one`);
  return notes;
}

/** The aggregated ratings of a campaign; languages and texts come from its data set. */
export async function readTruthCampaign(root: string, name: string, reading: BenchReading): Promise<Truth> {
  const folder = await campaignFolder(root, name);
  const campaign = await readCampaign(folder, name);
  const rated = ratedDocuments(campaign, await readAnnotators(folder));
  const path = await resolveInside(root, campaign.dataset);
  const facts = await datasetFacts(path, campaign.idColumn, reading).catch((error: unknown) => {
    reading.signal?.throwIfAborted();
    return error instanceof StudioError && error.code === 'NOT_FOUND' ? null : Promise.reject(error);
  });
  const documents = rated.documents.flatMap(({ id, ratings }) => {
    const score = aggregateRating(ratings);
    const known = facts?.get(id);
    if (score === null) return [];
    return [{ id, language: known?.language ?? '', score, ratings, tokens: null, row: known?.row ?? null }];
  });
  if (documents.length === 0) {
    throw new StudioError('INVALID_INPUT', `Nobody has rated a document of ${name} yet`, {
      hint: 'Annotate some documents first, or choose a file with people’s scores',
    });
  }
  return {
    name: campaign.name,
    path: facts === null ? null : path,
    textColumn: campaign.textColumn,
    scoreColumns: [],
    documents,
    notes: facts === null ? [`${basename(campaign.dataset)} is gone: languages and texts are not known`] : [],
  };
}

async function datasetFacts(path: string, idColumn: string | null, reading: BenchReading) {
  const table = await openScoreTable(path, reading);
  const rows = await readRows({ ...table, id: idColumn ?? table.id }, [], reading);
  return new Map(
    rows.map((row) => [
      idColumn === null ? `row ${row.row}` : row.id,
      { row: row.row, language: row.language ?? '' },
    ]),
  );
}
