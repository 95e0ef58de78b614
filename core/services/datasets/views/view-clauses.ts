// What a view means for DuckDB: WHERE and ORDER BY over a source. The only way there, so that SQL which a person wrote is
// never run unchecked.
import { basename } from 'node:path';
import { StudioError } from '../../../api/errors.ts';
import type { DatasetView } from '../../../lib/datasets/view.ts';
import { viewCondition, viewOrder, ViewProblem } from '../../../lib/datasets/view-sql.ts';
import type { SqlPart } from '../../../lib/datasets/sql-tree.ts';
import { checkSql, duckdbWords, sqlError } from './check-sql.ts';
import type { DatasetEngine } from '../engine.ts';
import { type DatasetSource, everyColumn, isDecodedText, ROW_NUMBER } from '../source.ts';

export interface ViewClauses {
  /** `WHERE …`, or nothing. */
  readonly where: string;
  /** `ORDER BY …`, or nothing. */
  readonly orderBy: string;
}

/** What was checked for a source stays right as long as the source does. */
const checked = new WeakMap<DatasetSource, Set<string>>();

/** Gives a relation with the numbers of the rows whose decoded text holds the words; see search-tokens.ts. */
export type FindDecoded = (words: string) => Promise<string>;

export interface ClauseWork {
  readonly signal?: AbortSignal | undefined;
  /** Without it, tokenized files cannot be searched. */
  readonly findDecoded?: FindDecoded | undefined;
}

/** Throws INVALID_INPUT for a column that is not there and for SQL that may not be used. */
export async function viewClauses(
  engine: DatasetEngine,
  source: DatasetSource,
  view: DatasetView,
  { signal, findDecoded }: ClauseWork,
): Promise<ViewClauses> {
  const isDecoded = source.info.textColumn !== null && isDecodedText(source, source.info.textColumn);
  refuseDecodedText(source, view, findDecoded !== undefined);
  for (const filter of view.filters) {
    if (filter.kind === 'sql')
      await requireSql(engine, source, { part: 'condition', text: filter.condition, signal });
  }
  if (view.sort !== null && 'sql' in view.sort)
    await requireSql(engine, source, { part: 'order', text: view.sort.sql, signal });
  try {
    const table = { ...source.info, columns: everyColumn(source) };
    const decoded = isDecoded && findDecoded && view.search !== '' ? findDecoded : null;
    const condition =
      decoded === null
        ? viewCondition(view, table)
        : withDecoded(
            viewCondition({ ...view, search: '' }, table),
            // Other files of the dataset hold their text.
            viewCondition({ ...view, filters: [] }, table) ?? 'true',
            await decoded(view.search),
          );
    const order = viewOrder(view, table, ROW_NUMBER);
    return {
      where: condition === null ? '' : `WHERE ${condition}`,
      orderBy: order === null ? '' : `ORDER BY ${order}`,
    };
  } catch (error) {
    if (!(error instanceof ViewProblem)) throw error;
    throw new StudioError('INVALID_INPUT', `${error.message}, so ${basename(source.path)} has no such view`, {
      hint: 'Remove that filter or the sorting',
      path: source.path,
      cause: error,
    });
  }
}

function withDecoded(others: string | null, stored: string, found: string): string {
  const search = `(coalesce(${stored}, false) OR ${ROW_NUMBER} IN ${found})`;
  return others === null ? search : `${others} AND ${search}`;
}

/** Texts of tokenized files exist only for the rows that are shown: only a search goes through all of them. */
function refuseDecodedText(
  source: DatasetSource,
  { filters, search, sort }: DatasetView,
  canSearch: boolean,
): void {
  if (source.files.every(({ tokens }) => tokens === undefined)) return;
  const asksText =
    (search !== '' && !canSearch) ||
    filters.some((filter) => filter.kind !== 'sql' && filter.column === 'text') ||
    (sort !== null && 'column' in sort && sort.column === 'text');
  if (!asksText) return;
  throw new StudioError(
    'INVALID_INPUT',
    `${basename(source.path)} holds token ids: its text is decoded only for the rows that are shown`,
    {
      hint: canSearch
        ? 'Filter and sort by its numbers, or search for words'
        : 'Filter and sort by its numbers, or search the text that the tokens were made from',
      path: source.path,
    },
  );
}

async function requireSql(
  engine: DatasetEngine,
  source: DatasetSource,
  { part, text, signal }: { part: SqlPart; text: string; signal: AbortSignal | undefined },
): Promise<void> {
  const known = checked.get(source) ?? new Set<string>();
  checked.set(source, known);
  const key = `${part}\n${text}`;
  if (known.has(key)) return;
  const found = await checkSql(engine, source, { part, text, signal });
  if (found.kind === 'problem') throw sqlError(part, text, found.problem, source.path);
  known.add(key);
}

/** DuckDB's words for a value that an expression cannot take, such as a text that is no number. */
const valueProblem = /^(Conversion|Out of Range|Invalid Input|Invalid|Type|Binder|Not implemented) Error/;

/** A failure while SQL of a person ran is about that SQL, not about the file. */
export function explainSql(error: unknown, view: DatasetView, path: string): unknown {
  const isSql = view.filters.some(({ kind }) => kind === 'sql') || (view.sort !== null && 'sql' in view.sort);
  if (!isSql || !(error instanceof StudioError) || !valueProblem.test(error.data.detail ?? '')) return error;
  return new StudioError('INVALID_INPUT', `The condition in SQL fails for some row: ${duckdbWords(error)}`, {
    hint: 'Use try_cast(… AS …) where a value may not fit, or filter such rows out first',
    path,
    cause: error,
  });
}
