// Exact histogram of a numeric column: DuckDB groups, this file proves that each group lies inside its edges.
import type { DatasetHistogram } from '../../../api/dataset-rows.ts';
import { StudioError } from '../../../api/errors.ts';
import { histogramEdges } from '../../../lib/statistics/histogram.ts';
import type { QueryResult } from '../../../../native/duckdb/protocol.ts';
import { type DatasetEngine, queryOne } from '../engine.ts';
import { type DatasetSource, relation, requireColumn } from '../source.ts';
import { sqlDouble, sqlName } from '../sql.ts';

/** The numbers of this many bins fit a byte, with room for the two that `correctedBin` adds. */
const MAX_SMALL_BINS = 250;

export interface HistogramRequest {
  readonly column: string;
  readonly bins: number;
  /** Some of the rows: a relation with the columns of the file. Absent: all of them. */
  readonly among?: { readonly relation: string; readonly rows: number } | undefined;
  /** Smallest and largest finite number, where the caller knows them. */
  readonly range?: { readonly low: number; readonly high: number; readonly isAllFinite: boolean } | undefined;
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
  const among = request.among ?? { relation: relation(source), rows: source.info.rows };
  const values = `(SELECT ${sqlName(column.name)}::DOUBLE AS value FROM ${among.relation})`;
  const finite = `${values} WHERE isfinite(value)`;
  const counted =
    (await tryQuickly(run, sqlName(column.name), among.relation, request)) ??
    (await countFinite(run, finite, bins));
  const { rows } = among;
  const nulls = rows - counted.counts.reduce((sum, count) => sum + count, 0);
  return { column: column.name, rows, nulls, edges: [...counted.edges], counts: [...counted.counts] };
}

interface Counted {
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

type Run = (sql: string) => Promise<QueryResult>;

/**
 * Range from the statistics in the file, then one pass: less than half the time of the careful way (2M rows: 47 ms against 102).
 * Null when the pass shows that the statistics or the division do not tell the whole truth (NaN, infinity, rounding).
 */
async function tryQuickly(
  run: Run,
  name: string,
  rows: string,
  { bins, range: known }: Pick<HistogramRequest, 'bins' | 'range'>,
): Promise<Counted | null> {
  if (known?.isAllFinite === false) return null;
  const range = known
    ? [known.low, known.high]
    : (await run(`SELECT min(${name})::DOUBLE, max(${name})::DOUBLE FROM ${rows}`)).columns.map(
        (column) => column[0],
      );
  const [low, high] = range;
  if (typeof low !== 'number' || typeof high !== 'number') return null;
  if (!Number.isFinite(low) || !Number.isFinite(high)) return null;
  const edges = histogramEdges(low, high, bins);
  const values = `(SELECT ${name}::DOUBLE AS value FROM ${rows} WHERE ${name} IS NOT NULL)`;
  const grouped = await run(grouping(proposedBin(edges), values));
  return isExact(grouped, edges, { low, high }) ? { edges, counts: countsOf(grouped, bins) } : null;
}

/** Range and counts of the finite values alone, each looked at. */
async function countFinite(run: Run, finite: string, bins: number): Promise<Counted> {
  const range = await run(`SELECT min(value), max(value) FROM ${finite}`);
  const [low, high] = range.columns.map((column) => column[0]);
  if (typeof low !== 'number' || typeof high !== 'number') {
    return { edges: histogramEdges(0, 1, bins), counts: Array.from({ length: bins }, () => 0) };
  }
  const edges = histogramEdges(low, high, bins);
  const proposed = proposedBin(edges);
  const grouped = await run(grouping(proposed, finite));
  const exact = isExact(grouped, edges, { low, high })
    ? grouped
    : await run(grouping(correctedBin(proposed, edges), finite));
  return { edges, counts: countsOf(exact, bins) };
}

function countsOf(grouped: QueryResult, bins: number): readonly number[] {
  const counts = Array.from({ length: bins }, () => 0);
  for (let index = 0; index < grouped.rows; index += 1) {
    counts[Number(grouped.columns[0]?.[index])] = Number(grouped.columns[1]?.[index]);
  }
  return counts;
}

function grouping(bin: string, values: string): string {
  return `SELECT ${bin} AS bin, count(*), min(value), max(value) FROM ${values} GROUP BY bin`;
}

/** Bin by division: quick, and wrong by one for a value that rounding puts across an edge. */
function proposedBin(edges: readonly number[]): string {
  const bins = edges.length - 1;
  const first = edges[0] ?? 0;
  const last = edges[bins] ?? 1;
  const span = last - first;
  // Multiplied before it is divided: whole numbers then meet their edges exactly. Halves, where the product would overflow.
  const place = Number.isFinite(span * bins)
    ? `(value - ${sqlDouble(first)}) * ${sqlDouble(bins)} / ${sqlDouble(span)}`
    : `(value / 2 - ${sqlDouble(first / 2)}) / ${sqlDouble(last / 2 - first / 2)} * ${sqlDouble(bins)}`;
  // NaN counts as the largest number: it lands in the last bin, where the check finds it. Small groups are found quicker.
  const type = bins <= MAX_SMALL_BINS ? 'UTINYINT' : 'INTEGER';
  return `least(${sqlDouble(bins - 1)}, greatest(${sqlDouble(0)}, floor(${place})))::${type}`;
}

/** The same, moved by one where the edges say so. Slower: looks up two edges for each value. */
function correctedBin(proposed: string, edges: readonly number[]): string {
  const list = `[${edges.map(sqlDouble).join(', ')}]`;
  return `CASE WHEN ${proposed} > 0 AND value < ${list}[${proposed} + 1] THEN ${proposed} - 1
    WHEN ${proposed} < ${edges.length - 2} AND value >= ${list}[${proposed} + 2] THEN ${proposed} + 1
    ELSE ${proposed} END`;
}

/** Whether every group lies inside its edges, and all together span exactly the range. */
function isExact(
  grouped: QueryResult,
  edges: readonly number[],
  range: { readonly low: number; readonly high: number },
): boolean {
  const [bin = [], , lowest = [], highest = []] = grouped.columns;
  const inside = bin.every((value, index) => {
    const position = Number(value);
    const upper = edges[position + 1] ?? 0;
    const high = Number(highest[index]);
    const below = position === edges.length - 2 ? high <= upper : high < upper;
    return below && Number(lowest[index]) >= (edges[position] ?? 0);
  });
  const low = Math.min(...lowest.map(Number));
  const high = Math.max(...highest.map(Number));
  return inside && low === range.low && high === range.high;
}
