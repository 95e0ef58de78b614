// The values of one column with how many rows have each, among the rows that the other filters keep.
import type { ColumnValues } from '../../api/datasets.ts';
import { type DatasetView } from '../../lib/datasets/view.ts';
import { cellExpression, toCell } from './columns.ts';
import { type DatasetEngine, queryOne } from './engine.ts';
import { type DatasetSource, relation, requireColumn } from './source.ts';
import { viewClauses } from './view-rows.ts';

/** A value that is longer is no facet: it is cut and cannot be chosen. */
const MAX_VALUE_CHARACTERS = 200;

export interface ValuesRequest {
  readonly view: DatasetView;
  readonly column: string;
  readonly limit: number;
  readonly signal?: AbortSignal | undefined;
}

/** Filters on the column itself do not count, so that a chosen value can be joined by others. Throws StudioError. */
export async function readColumnValues(
  engine: DatasetEngine,
  source: DatasetSource,
  request: ValuesRequest,
): Promise<ColumnValues> {
  const { view, limit, signal } = request;
  const column = requireColumn(source, request.column);
  const others = {
    ...view,
    sort: null,
    filters: view.filters.filter((filter) => filter.column !== column.name),
  };
  const { where } = viewClauses(source, others);
  const { value } = cellExpression(column, MAX_VALUE_CHARACTERS + 1);
  const result = await queryOne(engine, {
    path: source.path,
    signal,
    statements: [
      `WITH grouped AS (
         SELECT ${value} AS value, count(*) AS rows FROM ${relation(source)} ${where} GROUP BY value)
       SELECT value, rows, count(*) FILTER (value IS NOT NULL) OVER (),
         coalesce(sum(rows) FILTER (value IS NULL) OVER (), 0)::DOUBLE
       FROM grouped ORDER BY value IS NULL, rows DESC, value LIMIT ${limit + 1}`,
    ],
  });
  const [values = [], rows = [], distinct = [], nulls = []] = result.columns;
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
  };
}
