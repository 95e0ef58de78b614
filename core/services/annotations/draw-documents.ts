// Draws the documents of a campaign from a data set, the same ones for the same seed, and reads one of them.
import { StudioError } from '../../api/errors.ts';
import type { Campaign } from '../../lib/annotations/campaign.ts';
import { leafOf, recogniseColumns } from '../../lib/quality/recognise-columns.ts';
import { type DatasetEngine, queryOne } from '../datasets/engine.ts';
import { type DatasetSource, relation, requireColumn, requireStoredText } from '../datasets/source.ts';
import { sqlName, sqlText } from '../datasets/sql.ts';

/** Half an hour of reading; what is longer is cut and says so. */
export const MAX_TEXT_CHARACTERS = 200_000;

export interface Reading {
  readonly engine: DatasetEngine;
  readonly signal?: AbortSignal | undefined;
}

export interface DocumentColumns {
  readonly idColumn: string | null;
  readonly textColumn: string;
}

/** Throws INVALID_INPUT when no column holds text. */
export function documentColumns(source: DatasetSource): DocumentColumns {
  const { columns, textColumn } = source.info;
  const { id } = recogniseColumns(columns.map(leafOf));
  if (textColumn !== null) {
    requireStoredText(source, textColumn);
    return { idColumn: id, textColumn };
  }
  throw new StudioError('INVALID_INPUT', 'No column of this dataset is recognised as the text', {
    hint: 'Call the column with the documents text or content',
    path: source.path,
  });
}

const idOf = (idColumn: string | null): string =>
  idColumn === null ? `('row ' || file_row_number)` : `${sqlName(idColumn)}::VARCHAR`;

/**
 * In shuffled order. An id that occurs twice counts once, a document without id not at all. Texts are not read, so that a large
 * file costs its ids only. The order is that of MD5 over
 * seed and id, which no version of a database changes. With `stratifyBy`, one document of every class 0–5 (half-up) in turn until
 * enough are drawn. Throws INVALID_INPUT when nothing can be drawn.
 */
export async function drawDocuments(
  source: DatasetSource,
  wish: {
    readonly idColumn: string | null;
    readonly documents: number;
    readonly seed: number;
    readonly stratifyBy: string | null;
  },
  { engine, signal }: Reading,
): Promise<Campaign['documents']> {
  const { idColumn, documents, seed, stratifyBy } = wish;
  if (stratifyBy !== null && !requireColumn(source, stratifyBy).numeric) {
    throw new StudioError('INVALID_INPUT', `${stratifyBy} is not a column of numbers`, {
      hint: 'Choose a score column, or draw from all documents alike',
      path: source.path,
    });
  }
  const score = stratifyBy === null ? '0' : `${sqlName(stratifyBy)}::DOUBLE`;
  const rank = (salt: string): string => `md5(${sqlText(`${seed}:${salt}:`)} || id)`;
  const result = await queryOne(engine, {
    path: source.path,
    signal,
    statements: [
      `WITH found AS (
         SELECT ${idOf(idColumn)} AS id, min(file_row_number) AS row, arg_min(${score}, file_row_number) AS score
         FROM ${relation(source)}
         GROUP BY ALL HAVING id IS NOT NULL AND id <> '' AND score IS NOT NULL AND NOT isnan(score::DOUBLE)),
       placed AS (
         SELECT id, row, row_number() OVER (
           PARTITION BY greatest(0, least(5, floor(score + 0.5))) ORDER BY ${rank('draw')}) AS place
         FROM found),
       drawn AS (SELECT id, row FROM placed ORDER BY place, ${rank('tie')} LIMIT ${documents})
       SELECT id, row::BIGINT FROM drawn ORDER BY ${rank('order')}, id`,
    ],
  });
  const [ids = [], rows = []] = result.columns;
  if (result.rows === 0) {
    throw new StudioError('INVALID_INPUT', 'There is no document to draw', {
      hint:
        stratifyBy === null
          ? 'The dataset has no row with an id'
          : `No row has both an id and a number in ${stratifyBy}`,
      path: source.path,
    });
  }
  return ids.map((id, index) => ({ id: String(id), row: Number(rows[index]) }));
}

/** The text where the campaign found it, or wherever the id is now. Throws NOT_FOUND when the data set lost it. */
export async function readText(
  source: DatasetSource,
  campaign: Campaign,
  document: Campaign['documents'][number],
  { engine, signal }: Reading,
): Promise<{ readonly text: string; readonly truncated: boolean }> {
  const { idColumn, textColumn } = campaign;
  requireColumn(source, textColumn);
  requireStoredText(source, textColumn);
  if (idColumn !== null) requireColumn(source, idColumn);
  const text = `${sqlName(textColumn)}::VARCHAR`;
  const id = idOf(idColumn);
  const ask = (rows: string) =>
    queryOne(engine, {
      path: source.path,
      signal,
      statements: [
        `SELECT left(${text}, ${MAX_TEXT_CHARACTERS}), length(${text}) > ${MAX_TEXT_CHARACTERS}
         FROM ${rows} WHERE ${id} = ${sqlText(document.id)} LIMIT 1`,
      ],
    });
  const there = await ask(relation(source, { kind: 'list', rows: [document.row] }));
  const result = there.rows > 0 || idColumn === null ? there : await ask(relation(source));
  if (result.rows === 0) {
    throw new StudioError('NOT_FOUND', `Document ${document.id} is not in the dataset any more`, {
      hint: 'Bring back the file the campaign was made from, or skip the document',
      path: source.path,
    });
  }
  const found = result.columns[0]?.[0];
  return { text: typeof found === 'string' ? found : '', truncated: result.columns[1]?.[0] === true };
}
