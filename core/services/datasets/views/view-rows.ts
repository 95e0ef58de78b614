// Views that are open: the row numbers each one keeps, in order, as a table in the memory of the DuckDB child. Pages read
// them by position. A table that went with its child, or made room for others, is made again on its next use.
import { randomBytes } from 'node:crypto';
import type { DatasetHistogram, ViewPage, ViewPlace } from '../../../api/dataset-rows.ts';
import { StudioError } from '../../../api/errors.ts';
import type { DatasetView } from '../../../lib/datasets/view.ts';
import type { QueryResult } from '../../../../native/duckdb/protocol.ts';
import { cellExpression, PREVIEW_CHARACTERS, toCell } from '../columns.ts';
import { type DatasetEngine, queryOne } from '../engine.ts';
import { readHistogram } from './histogram.ts';
import { preview } from '../page.ts';
import { type DatasetSource, relation, requireColumn, ROW_NUMBER } from '../source.ts';
import { sqlName } from '../sql.ts';
import { type TokenSearch } from '../tokenized/search-tokens.ts';
import { explainSql, type FindDecoded, viewClauses } from './view-clauses.ts';

/** Ten million rows take about 160 MB as a table; a person looks at one view and comes from another. */
const MAX_TABLES = 4;
/** Definitions are small; older ones are asked to be opened again. */
const MAX_VIEWS = 200;

export interface OpenedView {
  readonly viewId: string;
  readonly rows: number;
}

export interface ViewWork {
  /** Decodes tokenized files that are searched: absolute. Null: as their metadata have it. */
  readonly tokenizer?: string | null | undefined;
  readonly signal?: AbortSignal | undefined;
  /** 0–100, as DuckDB estimates it. */
  readonly onProgress?: ((percent: number) => void) | undefined;
}

export interface ViewRows {
  /** Throws INVALID_INPUT for a column that is not there, CANCELLED, and what reading the file throws. */
  open(source: DatasetSource, view: DatasetView, work: ViewWork): Promise<OpenedView>;
  /** The file of a view, as it was opened. Throws NOT_FOUND. */
  sourceOf(viewId: string): DatasetSource;
  page(
    viewId: string,
    request: { readonly first: number; readonly limit: number; readonly columns: readonly string[] },
    signal?: AbortSignal,
  ): Promise<ViewPage>;
  place(viewId: string, row: number, signal?: AbortSignal): Promise<ViewPlace>;
  /** Some of its rows as a relation with the columns of the file: all of them, or the first `limit` in its order. */
  among<T>(
    viewId: string,
    limit: number | null,
    signal: AbortSignal | undefined,
    work: (rows: AmongRows) => Promise<T>,
  ): Promise<T>;
  histogram(
    viewId: string,
    request: { readonly column: string; readonly bins: number },
    signal?: AbortSignal,
  ): Promise<DatasetHistogram>;
  close(viewId: string): Promise<void>;
}

export interface AmongRows {
  readonly source: DatasetSource;
  readonly relation: string;
  readonly rows: number;
  /** Of the view. */
  readonly totalRows: number;
}

interface Held {
  readonly id: string;
  readonly source: DatasetSource;
  readonly view: DatasetView;
  readonly table: string;
  readonly tokenizer: string | null;
  rows: number;
  /** The child that holds the table; null when none does. */
  pid: number | null;
  making: Promise<void> | null;
}

/** Without `search`, words cannot be looked for in tokenized files. */
export function createViewRows(engine: DatasetEngine, search?: TokenSearch): ViewRows {
  const views = new Map<string, Held>();

  const find = (viewId: string): Held => {
    const held = views.get(viewId);
    if (!held)
      throw new StudioError('NOT_FOUND', 'This view is not open any more', { hint: 'Open the view again' });
    return held;
  };

  const drop = async (held: Held): Promise<void> => {
    const isThere = held.pid !== null && held.pid === engine.pid;
    held.pid = null;
    if (!isThere) return;
    await engine.query({ path: held.source.path, statements: [`DROP TABLE IF EXISTS ${held.table}`] });
  };

  const makeRoom = async (newest: Held): Promise<void> => {
    const others = [...views.values()].filter((held) => held !== newest && held.pid !== null);
    for (const held of others.slice(0, Math.max(0, others.length - (MAX_TABLES - 1)))) {
      // A table that cannot be dropped went with its child.
      await drop(held).catch(() => undefined);
    }
  };

  const make = async (held: Held, { signal, onProgress }: ViewWork): Promise<void> => {
    const { source, tokenizer } = held;
    const find: FindDecoded | undefined =
      search && ((words) => search.find(source, words, { tokenizer, signal, onProgress }));
    const { where, orderBy } = await viewClauses(engine, source, held.view, { signal, findDecoded: find });
    const rows = `SELECT ${ROW_NUMBER} AS number FROM ${relation(held.source)} ${where} ${orderBy}`;
    const results = await engine
      .query({
        path: held.source.path,
        signal,
        // Answers with the number of rows it made.
        statements: [
          `CREATE OR REPLACE TABLE ${held.table} AS SELECT row_number() OVER () - 1 AS position, number FROM (${rows})`,
        ],
        ...(onProgress ? { onProgress: (_, percent) => onProgress(percent) } : {}),
      })
      .catch((error: unknown) => {
        throw explainSql(error, held.view, held.source.path);
      });
    held.rows = Number(results[0]?.columns[0]?.[0] ?? 0);
    held.pid = engine.pid;
    await makeRoom(held);
  };

  /** Runs a query over the table of a view, which is made first where it is missing. */
  const withTable = async <T>(
    viewId: string,
    signal: AbortSignal | undefined,
    work: (held: Held) => Promise<T>,
  ): Promise<T> => {
    const held = find(viewId);
    views.delete(viewId);
    views.set(viewId, held);
    if (held.pid === null || held.pid !== engine.pid) {
      // Shared by everyone who waits, so no single caller's signal may end it.
      held.making ??= make(held, {}).finally(() => {
        held.making = null;
      });
      await held.making;
      signal?.throwIfAborted();
    }
    return work(held);
  };

  const run = (held: Held, sql: string, signal: AbortSignal | undefined): Promise<QueryResult> =>
    queryOne(engine, { path: held.source.path, signal, statements: [sql] });

  return {
    async open(source, view, work) {
      const id = randomBytes(9).toString('hex');
      const own = { tokenizer: work.tokenizer ?? null, table: `view_${id}` };
      const held: Held = { ...own, id, source, view, rows: 0, pid: null, making: null };
      await make(held, work);
      views.set(id, held);
      const oldest = views.values().next().value;
      if (views.size > MAX_VIEWS && oldest) {
        views.delete(oldest.id);
        await drop(oldest);
      }
      return { viewId: id, rows: held.rows };
    },

    sourceOf: (viewId) => find(viewId).source,

    page: (viewId, { first, limit, columns }, signal) =>
      withTable(viewId, signal, async (held) => {
        const expressions = columns.map(
          (name) => cellExpression(requireColumn(held.source, name), PREVIEW_CHARACTERS + 1).value,
        );
        const found = await run(
          held,
          `SELECT number FROM ${held.table} WHERE position BETWEEN ${first} AND ${first + limit - 1} ORDER BY position`,
          signal,
        );
        const rowNumbers = (found.columns[0] ?? []).map(Number);
        if (rowNumbers.length === 0 || columns.length === 0) {
          return { first, columns: [...columns], rowNumbers, rows: rowNumbers.map(() => []) };
        }
        const read = await run(
          held,
          `SELECT ${[ROW_NUMBER, ...expressions].join(', ')}
           FROM ${relation(held.source, { kind: 'list', rows: rowNumbers })}`,
          signal,
        );
        const places = new Map((read.columns[0] ?? []).map((number, index) => [Number(number), index]));
        const values = read.columns.slice(1);
        const rows = rowNumbers.map((number) => {
          const index = places.get(number) ?? -1;
          return values.map((column) => preview(toCell(column[index])));
        });
        return { first, columns: [...columns], rowNumbers, rows };
      }),

    place: (viewId, row, signal) =>
      withTable(viewId, signal, async (held) => {
        const found = await run(held, `SELECT position FROM ${held.table} WHERE number = ${row}`, signal);
        const position = found.rows === 0 ? null : Number(found.columns[0]?.[0]);
        if (position === null) return { position, previousRow: null, nextRow: null };
        const beside = await run(
          held,
          `SELECT position, number FROM ${held.table} WHERE position IN (${position - 1}, ${position + 1})`,
          signal,
        );
        const [positions = [], numbers = []] = beside.columns;
        const at = (wanted: number): number | null => {
          const index = positions.findIndex((value) => Number(value) === wanted);
          return index < 0 ? null : Number(numbers[index]);
        };
        return { position, previousRow: at(position - 1), nextRow: at(position + 1) };
      }),

    among: (viewId, limit, signal, work) =>
      withTable(viewId, signal, (held) =>
        work({
          source: held.source,
          rows: limit === null ? held.rows : Math.min(limit, held.rows),
          totalRows: held.rows,
          relation: `(SELECT * FROM ${relation(held.source)} WHERE ${ROW_NUMBER} IN (SELECT number FROM ${held.table}${
            limit === null ? '' : ` WHERE position < ${limit}`
          }))`,
        }),
      ),

    histogram: (viewId, { column, bins }, signal) =>
      withTable(viewId, signal, (held) =>
        readHistogram(engine, held.source, {
          column,
          bins,
          signal,
          among: {
            rows: held.rows,
            relation: `(SELECT ${sqlName(requireColumn(held.source, column).name)} FROM ${relation(held.source)}
              WHERE ${ROW_NUMBER} IN (SELECT number FROM ${held.table}))`,
          },
        }),
      ),

    async close(viewId) {
      const held = views.get(viewId);
      views.delete(viewId);
      if (held) await drop(held);
    },
  };
}
