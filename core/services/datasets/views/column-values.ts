// The values of one column with how many rows have each, among the rows that the other filters keep.
import type { ColumnValues } from '../../../api/dataset-rows.ts';
import type { ColumnPart, DatasetView } from '../../../lib/datasets/view.ts';
import { partSql } from '../../../lib/datasets/view-sql.ts';
import { cellExpression, toCell } from '../columns.ts';
import { type DatasetEngine, queryOne } from '../engine.ts';
import { type DatasetSource, relation, requireColumn, requireStoredText } from '../source.ts';
import { sqlText } from '../sql.ts';
import { explainSql, type FindDecoded, viewClauses } from './view-clauses.ts';

/** A value that is longer is no facet: it is cut and cannot be chosen. */
const MAX_VALUE_CHARACTERS = 200;

export interface ValuesRequest {
  readonly view: DatasetView;
  readonly column: string;
  /** Values of a part of the column, such as the host of an address. */
  readonly part?: ColumnPart | undefined;
  /** Only values that hold this text, upper and lower case alike; the counts of the rest stay as they are. */
  readonly search?: string | undefined;
  readonly limit: number;
  /** The rows of the view where they are known and no filter of it is about the column: saves filtering again. */
  readonly among?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly findDecoded?: FindDecoded | undefined;
}

/** Filters on the column itself do not count, so that a chosen value can be joined by others. Throws StudioError. */
export async function readColumnValues(
  engine: DatasetEngine,
  source: DatasetSource,
  request: ValuesRequest,
): Promise<ColumnValues> {
  const { view, limit, signal, part, search = '' } = request;
  const column = requireColumn(source, request.column);
  requireStoredText(source, column.name);
  const others = {
    ...view,
    sort: null,
    filters: view.filters.filter((filter) => !isAbout(filter, column.name, part)),
  };
  const { where } = await viewClauses(engine, source, others, request);
  const value =
    part === undefined
      ? cellExpression(column, MAX_VALUE_CHARACTERS + 1).value
      : `left(${partSql(column, part)}, ${MAX_VALUE_CHARACTERS + 1})`;
  const from = request.among ?? `${relation(source)} ${where}`;
  const found =
    search === '' ? 'true' : `(value IS NULL OR contains(lower(value::VARCHAR), lower(${sqlText(search)})))`;
  const result = await queryOne(engine, {
    path: source.path,
    signal,
    statements: [
      // One row of totals beside the groups: windows over them take as long again as counting, and so does a second such row.
      `WITH grouped AS MATERIALIZED (SELECT ${value} AS value, count(*) AS rows FROM ${from} GROUP BY value),
         totals AS (SELECT count(value) FILTER (${found}) AS found,
           coalesce(sum(rows) FILTER (value IS NULL), 0)::DOUBLE AS nulls, sum(rows)::DOUBLE AS rows FROM grouped)
       SELECT value, grouped.rows, totals.found, totals.nulls, totals.rows FROM grouped, totals WHERE ${found}
       ORDER BY value IS NULL, grouped.rows DESC, value LIMIT ${limit + 1}`,
    ],
  }).catch((error: unknown) => {
    throw explainSql(error, others, source.path);
  });
  const [values = [], rows = [], distinct = [], nulls = [], total = []] = result.columns;
  const known = values.flatMap((raw, index) => {
    const shown = toCell(raw);
    if (shown === null) return [];
    const truncated = typeof shown === 'string' && shown.length > MAX_VALUE_CHARACTERS;
    return [{ value: shown, rows: Number(rows[index]), truncated }];
  });
  return {
    values: known.slice(0, limit),
    distinct: Number(distinct[0] ?? 0),
    nulls: Number(nulls[0] ?? 0),
    rows: Number(total[0] ?? 0),
  };
}

/** Filters on the very column, or the very part of it. */
export function isAbout(
  filter: DatasetView['filters'][number],
  column: string,
  part: ColumnPart | undefined,
): boolean {
  if (filter.kind === 'sql' || filter.column !== column) return false;
  return (filter.kind === 'oneOf' ? filter.part : undefined) === part;
}
