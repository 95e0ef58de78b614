// Whether a condition or an order that a person wrote may be run over a dataset: DuckDB parses it, the tree is looked through,
// its functions are asked for in DuckDB's own list, and DuckDB binds it to the columns. Nothing of it is run.
import { basename } from 'node:path';
import { StudioError } from '../../../api/errors.ts';
import {
  type ColumnOrder,
  readSqlTree,
  type SqlNames,
  type SqlPart,
  type SqlProblem,
  SQL_PREFIX,
} from '../../../lib/datasets/sql-tree.ts';
import type { QueryResult } from '../../../../native/duckdb/protocol.ts';
import { type DatasetEngine, queryOne } from '../engine.ts';
import { type DatasetSource, everyColumn, isDecodedText, relation } from '../source.ts';
import { sqlText } from '../sql.ts';

/** Parsing and binding take milliseconds; what takes longer is nested beyond reason. */
const CHECK_LIMIT_MS = 10_000;

/** They tell about the session or the server, not about a row. */
const refusedFunctions =
  /^(current_|getvariable$|getenv$|in_search_path$|pg_|has_|inet_|error$|txid_|log_|session_user$|user$|obj_|col_description$|shobj_|get_)/;
/** Macros of DuckDB that compute from their arguments alone. */
const allowedMacros =
  /^(list_|array_|map_|split_part$|nullif$|fmod$|fdiv$|round_even$|roundbankers$|date_add$|days_in_month$|json$)/;

type Ask = (sql: string) => Promise<QueryResult>;

export type CheckedSql =
  | { readonly kind: 'ok'; readonly columnOrder: ColumnOrder | null }
  | { readonly kind: 'problem'; readonly problem: SqlProblem };

/** Throws StudioError only when the dataset itself cannot be read. */
export async function checkSql(
  engine: DatasetEngine,
  source: DatasetSource,
  request: { readonly part: SqlPart; readonly text: string; readonly signal?: AbortSignal | undefined },
): Promise<CheckedSql> {
  const { part, text } = request;
  const limit = AbortSignal.timeout(CHECK_LIMIT_MS);
  const signal = request.signal ? AbortSignal.any([request.signal, limit]) : limit;
  const ask = (sql: string) => queryOne(engine, { path: source.path, signal, statements: [sql] });
  if (text.trim() === '') return problem('There is nothing in it', null);
  const parsed = await ask(`SELECT json_serialize_sql(${sqlText(`${SQL_PREFIX[part]}${text}\n`)})`);
  const tree = readSqlTree(part, text, String(parsed.columns[0]?.[0]));
  if (tree.kind === 'problem') return tree;
  const unknown = await findUnknown(tree.names, source, engine, ask);
  if (unknown !== null) return { kind: 'problem', problem: unknown };
  try {
    const bound = await ask(
      part === 'condition'
        ? `DESCRIBE SELECT (${text}\n) AS condition FROM ${relation(source)}`
        : `EXPLAIN SELECT 1 FROM ${relation(source)} ORDER BY ${text}\n`,
    );
    const type = String(bound.columns[1]?.[0]);
    if (part === 'condition' && type !== 'BOOLEAN' && type !== '"NULL"') {
      return problem(`It gives ${type}, not true or false`, null);
    }
  } catch (error) {
    if (!(error instanceof StudioError) || error.code === 'RUNTIME_DIED' || error.code === 'CANCELLED')
      throw error;
    return problem(duckdbWords(error), null);
  }
  const order = tree.columnOrder;
  const column = source.info.columns.find(({ name }) => name.toLowerCase() === order?.column.toLowerCase());
  return { kind: 'ok', columnOrder: order && column ? { ...order, column: column.name } : null };
}

/** The first column or function that is not there, or that may not be used. */
async function findUnknown(
  names: SqlNames,
  source: DatasetSource,
  engine: DatasetEngine,
  ask: Ask,
): Promise<SqlProblem | null> {
  const known = new Map(everyColumn(source).map(({ name }) => [name.toLowerCase(), name]));
  for (const { parts, at } of names.columns) {
    const [first = '', ...rest] = parts;
    if (isDecodedText(source, first)) {
      const message = 'The text of token ids is decoded only for the rows that are shown; use the search';
      return { message, at };
    }
    if (known.has(first.toLowerCase()) || first.toLowerCase() === 'file_row_number') continue;
    const dotted = known.get(parts.join('.').toLowerCase());
    if (rest.length > 0 && dotted !== undefined) return { message: `Write this column as "${dotted}"`, at };
    const like = [...known.values()].filter((name) => isLike(name, first)).slice(0, 3);
    const hint = like.length === 0 ? '' : `; did you mean ${like.join(' or ')}?`;
    return { message: `There is no column ${parts.join('.')}${hint}`, at };
  }
  if (names.functions.length === 0) return null;
  const listed = await functionsOf(engine, ask);
  for (const { name, at } of names.functions) {
    const kinds = listed.get(name);
    if (kinds === undefined) return { message: `There is no function ${name}`, at };
    const isAllowed =
      !refusedFunctions.test(name) && (kinds.isScalar || (kinds.isMacro && allowedMacros.test(name)));
    if (!isAllowed) return { message: `The function ${name} is not possible here`, at };
  }
  return null;
}

interface FunctionKinds {
  /** Computes from its arguments, without side effects. */
  readonly isScalar: boolean;
  readonly isMacro: boolean;
}

/** The list is made of thousands of rows and does not change while a program runs. */
const functionLists = new WeakMap<DatasetEngine, ReadonlyMap<string, FunctionKinds>>();

async function functionsOf(engine: DatasetEngine, ask: Ask): Promise<ReadonlyMap<string, FunctionKinds>> {
  const known = functionLists.get(engine);
  if (known) return known;
  const listed = await ask(
    `SELECT function_name, bool_or(function_type = 'scalar' AND NOT coalesce(has_side_effects, false)), bool_or(function_type = 'macro')
     FROM duckdb_functions() GROUP BY function_name`,
  );
  const [found = [], scalar = [], macro = []] = listed.columns;
  const list = new Map(
    found.map((name, index) => [
      String(name),
      { isScalar: scalar[index] === true, isMacro: macro[index] === true },
    ]),
  );
  functionLists.set(engine, list);
  return list;
}

/** The same letters, or one within the other. */
function isLike(name: string, wanted: string): boolean {
  const [a, b] = [name.toLowerCase(), wanted.toLowerCase()];
  return b.length > 2 && (a.includes(b) || b.includes(a) || a.replaceAll('_', '') === b.replaceAll('_', ''));
}

/** "Binder Error: No function matches …\n\nLINE 1: …" → its first sentence. */
export function duckdbWords(error: StudioError): string {
  const [line = ''] = (error.data.detail ?? error.message).split('\n');
  return line.replace(/^[A-Z][A-Za-z- ]* Error: /, '').replace(/\.$/, '');
}

/** INVALID_INPUT with the place in words, for who cannot show it. */
export function sqlError(part: SqlPart, text: string, found: SqlProblem, path: string): StudioError {
  const where =
    found.at === null ? '' : `, at “${text.slice(found.at, found.at + 20).replaceAll(/\s+/g, ' ')}”`;
  const name = basename(path);
  return new StudioError(
    'INVALID_INPUT',
    `The ${part} in SQL cannot be used: ${found.message}${found.at === null || found.at >= text.length ? '' : where}`,
    {
      hint: `Write ${part === 'condition' ? 'one condition' : 'one order'} over the columns of ${name}, for example ${part === 'condition' ? 'length("text") > 500' : 'length("text") DESC'}`,
      path,
    },
  );
}

function problem(message: string, at: number | null): CheckedSql {
  return { kind: 'problem', problem: { message, at } };
}
