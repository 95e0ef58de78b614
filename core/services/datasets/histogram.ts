// Exact histogram of a numeric column: DuckDB groups, this file proves that each group lies inside its edges.
import type { DatasetHistogram } from '../../api/datasets.ts';
import { StudioError } from '../../api/errors.ts';
import { histogramEdges } from '../../lib/statistics/histogram.ts';
import type { QueryResult } from '../../../native/duckdb/protocol.ts';
import { type DatasetEngine, queryOne } from './engine.ts';
import { type DatasetSource, relation, requireColumn } from './source.ts';
import { sqlDouble, sqlName } from './sql.ts';

export interface HistogramRequest {
  readonly column: string;
  readonly bins: number;
  readonly signal?: AbortSignal | undefined;
}

/** `nulls` counts every row without a finite number. Edges and counts as numpy.histogram gives them. */
export async function readHistogram(
  engine: DatasetEngine,
  source: DatasetSource,
  request: HistogramRequest,
): Promise<DatasetHistogram> {
  const { bins, signal } = request;
  const column = requireColumn(source, request.column);
  if (!column.numeric) {
    throw new StudioError('INVALID_INPUT', `The column ${column.name} holds ${column.type}, not numbers`, {
      hint: 'Choose a numeric column',
      path: source.path,
    });
  }
  const run = (sql: string): Promise<QueryResult> =>
    queryOne(engine, { path: source.path, signal, statements: [sql] });
  const finite = `(SELECT ${sqlName(column.name)}::DOUBLE AS value FROM ${relation(source)}) WHERE isfinite(value)`;
  const range = await run(`SELECT count(*), min(value), max(value) FROM ${finite}`);
  const [counted, low, high] = range.columns.map((values) => values[0]);
  const rows = source.info.rows;
  const nulls = rows - Number(counted);
  const edges =
    typeof low === 'number' && typeof high === 'number'
      ? histogramEdges(low, high, bins)
      : histogramEdges(0, 1, bins);
  const counts = Array.from({ length: bins }, () => 0);
  if (Number(counted) > 0) {
    const proposed = proposedBin(edges);
    const grouped = await run(grouping(proposed, finite));
    const exact = isExact(grouped, edges)
      ? grouped
      : await run(grouping(correctedBin(proposed, edges), finite));
    for (let index = 0; index < exact.rows; index += 1) {
      counts[Number(exact.columns[0]?.[index])] = Number(exact.columns[1]?.[index]);
    }
  }
  return { column: column.name, rows, nulls, edges: [...edges], counts };
}

function grouping(bin: string, finite: string): string {
  return `SELECT ${bin} AS bin, count(*), min(value), max(value) FROM ${finite} GROUP BY bin`;
}

/** Bin by division: quick, and wrong by one for a value that rounding puts across an edge. */
function proposedBin(edges: readonly number[]): string {
  const bins = edges.length - 1;
  const first = edges[0] ?? 0;
  const last = edges[bins] ?? 1;
  // Halves, so that the span of the whole double range does not overflow.
  const span = `${sqlDouble(last / 2)} - ${sqlDouble(first / 2)}`;
  const share = `(value / 2 - ${sqlDouble(first / 2)}) / (${span})`;
  return `least(${bins - 1}, greatest(0, floor(${share} * ${bins})::INTEGER))`;
}

/** The same, moved by one where the edges say so. Slower: looks up two edges for each value. */
function correctedBin(proposed: string, edges: readonly number[]): string {
  const list = `[${edges.map(sqlDouble).join(', ')}]`;
  return `CASE WHEN ${proposed} > 0 AND value < ${list}[${proposed} + 1] THEN ${proposed} - 1
    WHEN ${proposed} < ${edges.length - 2} AND value >= ${list}[${proposed} + 2] THEN ${proposed} + 1
    ELSE ${proposed} END`;
}

function isExact(grouped: QueryResult, edges: readonly number[]): boolean {
  const [bin = [], , low = [], high = []] = grouped.columns;
  return bin.every((value, index) => {
    const position = Number(value);
    const isLast = position === edges.length - 2;
    const upper = edges[position + 1] ?? 0;
    return Number(low[index]) >= (edges[position] ?? 0) && (isLast || Number(high[index]) < upper);
  });
}
