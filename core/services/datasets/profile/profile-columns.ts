// What is asked about one column in the scan of a profile, by its type, and how the answer reads.
import type { ColumnProfile } from '../../../api/dataset-profile.ts';
import type { DatasetColumn } from '../../../api/dataset-shape.ts';
import type { QueryResult } from '../../../../native/duckdb/protocol.ts';
import { sqlName } from '../sql.ts';

export interface ColumnPlan {
  readonly column: DatasetColumn;
  readonly kind: 'number' | 'text' | 'boolean' | 'time' | 'list' | 'other';
  /** SQL for the value and, where lengths count, for the length. */
  readonly value: string;
  readonly length: string | null;
  readonly isExact: boolean;
  /** Different values are counted, not estimated. */
  readonly countsAll: boolean;
}

/** 10, 15, 20, 30, 50, 70, 100 … up to texts of a hundred million characters: known before anything is read. */
export const LENGTH_EDGES: readonly number[] = [
  0,
  1,
  2,
  3,
  5,
  7,
  ...Array.from({ length: 7 }, (_, power) =>
    [10, 15, 20, 30, 50, 70].map((step) => step * 10 ** power),
  ).flat(),
  100_000_000,
];

/** Up to here values are told apart exactly: by a hash of 64 bits, which two of them share once in a thousand million files. */
const MAX_EXACT_DISTINCT_ROWS = 200_000;

export function planColumn(column: DatasetColumn, rows: number, isExact: boolean): ColumnPlan {
  const name = sqlName(column.name);
  const { type } = column;
  const shared = { column, isExact, countsAll: rows <= MAX_EXACT_DISTINCT_ROWS };
  if (column.numeric) {
    const isFloat = type === 'FLOAT' || type === 'DOUBLE';
    return { ...shared, kind: 'number', value: isFloat ? name : `${name}::DOUBLE`, length: null };
  }
  if (type === 'BOOLEAN') return { ...shared, kind: 'boolean', value: name, length: null };
  if (/\[\d*\]$/.test(type))
    return { ...shared, kind: 'list', value: `(${name} IS NOT NULL OR NULL)`, length: `len(${name})` };
  if (/^(VARCHAR|ENUM|UUID|JSON)/.test(type)) {
    const text = type === 'VARCHAR' ? name : `${name}::VARCHAR`;
    return { ...shared, kind: 'text', value: text, length: `length(${text})` };
  }
  if (/^(DATE|TIME|TIMESTAMP|INTERVAL)/.test(type))
    return { ...shared, kind: 'time', value: name, length: null };
  return { ...shared, kind: 'other', value: `(${name} IS NOT NULL OR NULL)`, length: null };
}

interface Aggregate {
  readonly name: string;
  readonly sql: string;
}

export function aggregatesOf(plan: ColumnPlan, index: number): readonly Aggregate[] {
  const v = `v${index}`;
  const of = (name: string, sql: string): Aggregate => ({ name: `${name}${index}`, sql });
  const present = of('present', `count(${v})`);
  const distinct = of(
    'distinct',
    plan.countsAll
      ? `count(DISTINCT CASE WHEN ${v} IS NOT NULL THEN hash(${v}) END)`
      : `approx_count_distinct(${v})`,
  );
  switch (plan.kind) {
    case 'number': {
      const isFloat = plan.column.type === 'FLOAT' || plan.column.type === 'DOUBLE';
      const finite = isFloat ? ` FILTER (isfinite(${v}))` : '';
      return [
        present,
        distinct,
        ...(isFloat ? [of('finite', `count(*) FILTER (isfinite(${v}))`)] : []),
        ...spreadOf(v, index, plan.isExact, finite),
      ];
    }
    case 'text':
      return [present, distinct, ...spreadOf(`l${index}`, index, plan.isExact, ''), lengthsOf(index)];
    case 'list':
      return [present, ...spreadOf(`l${index}`, index, plan.isExact, ''), lengthsOf(index)];
    case 'boolean':
      return [present, of('true', `count(*) FILTER (${v})`)];
    case 'time':
      return [present, distinct, of('first', `min(${v})::VARCHAR`), of('last', `max(${v})::VARCHAR`)];
    case 'other':
      return [present];
  }
}

function spreadOf(value: string, index: number, isExact: boolean, filter: string): readonly Aggregate[] {
  const at = '[0.25, 0.5, 0.75]';
  return [
    { name: `min${index}`, sql: `min(${value})${filter}` },
    { name: `max${index}`, sql: `max(${value})${filter}` },
    { name: `mean${index}`, sql: `avg(${value})${filter}` },
    {
      name: `quartiles${index}`,
      sql: `to_json((${isExact ? 'quantile_cont' : 'approx_quantile'}(${value}, ${at})${filter})::DOUBLE[])::VARCHAR`,
    },
  ];
}

/** DuckDB closes intervals on the right, so each edge less one bounds whole numbers below the edge. */
function lengthsOf(index: number): Aggregate {
  const bounds = LENGTH_EDGES.slice(1).map((edge) => edge - 1);
  return { name: `lengths${index}`, sql: `to_json(histogram(l${index}, [${bounds.join(', ')}]))::VARCHAR` };
}

/** Without the histogram of numbers, which needs their range first. */
export function readAggregates(
  plan: ColumnPlan,
  index: number,
  scanned: QueryResult | undefined,
  { rows, isExact }: { readonly rows: number; readonly isExact: boolean },
): ColumnProfile {
  const raw = (name: string): unknown => {
    const at = scanned?.names.indexOf(`${name}${index}`) ?? -1;
    return at < 0 ? null : scanned?.columns[at]?.[0];
  };
  const number = (name: string): number => Number(raw(name) ?? 0);
  const { name, type } = plan.column;
  const present = number('present');
  const base: ColumnProfile = {
    name,
    type,
    nulls: rows - present,
    distinct:
      plan.kind === 'list' || plan.kind === 'other'
        ? null
        : { count: Math.min(present, number('distinct')), isExact: plan.countsAll },
    numbers: null,
    lengths: null,
    range: null,
    values: [],
  };
  const quartiles = parseQuartiles(raw('quartiles'));
  switch (plan.kind) {
    case 'number': {
      const finite = raw('finite') === null ? present : number('finite');
      if (quartiles === null) return base;
      const spread = { min: number('min'), max: number('max'), mean: number('mean'), quartiles, isExact };
      const histogram = { edges: [], counts: [] };
      return { ...base, numbers: { ...spread, notFinite: present - finite, histogram } };
    }
    case 'text':
    case 'list': {
      if (quartiles === null) return base;
      const spread = { min: number('min'), max: number('max'), mean: number('mean'), quartiles, isExact };
      const unit = plan.kind === 'text' ? 'characters' : 'items';
      return { ...base, lengths: { ...spread, unit, histogram: parseLengths(raw('lengths')) } };
    }
    case 'boolean': {
      const yes = number('true');
      const values = [
        { value: true, rows: yes },
        { value: false, rows: present - yes },
      ];
      const count = values.filter((value) => value.rows > 0).length;
      return { ...base, distinct: { count, isExact: true }, values };
    }
    case 'time': {
      const [first, last] = [raw('first'), raw('last')];
      return {
        ...base,
        range: typeof first === 'string' && typeof last === 'string' ? { first, last } : null,
      };
    }
    case 'other':
      return base;
  }
}

function parseQuartiles(json: unknown): [number, number, number] | null {
  if (typeof json !== 'string') return null;
  const [first, second, third] = JSON.parse(json) as readonly (number | null)[];
  return typeof first === 'number' && typeof second === 'number' && typeof third === 'number'
    ? [first, second, third]
    : null;
}

/** From `{"0":12,"1":3,…}` by upper bound; empty intervals at both ends are left out. */
function parseLengths(json: unknown): { edges: number[]; counts: number[] } {
  const byBound: Record<string, number> =
    typeof json === 'string' ? (JSON.parse(json) as Record<string, number>) : {};
  const all = LENGTH_EDGES.slice(1).map((edge) => Number(byBound[String(edge - 1)] ?? 0));
  const first = all.findIndex((count) => count > 0);
  const last = all.findLastIndex((count) => count > 0);
  if (first < 0) return { edges: [], counts: [] };
  return { edges: LENGTH_EDGES.slice(first, last + 2), counts: all.slice(first, last + 1) };
}

export function valuesSql(value: string, from: string, limit: number): string {
  return `WITH grouped AS (SELECT ${value} AS value, count(*) AS rows FROM ${from} GROUP BY value)
    SELECT value, rows, count(*) OVER () FROM grouped WHERE value IS NOT NULL ORDER BY rows DESC, value LIMIT ${limit}`;
}
