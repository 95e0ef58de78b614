// The columns of one file with the fields inside them, and the SQL that reads each: STRUCT columns of Parquet, JSON columns of
// imported JSON lines.
import { z } from 'zod';
import type { Leaf } from '../../lib/quality/recognise-columns.ts';
import { structFields } from '../../lib/quality/duckdb-types.ts';
import { isNumericType } from '../datasets/columns.ts';
import { type DatasetEngine, queryOne } from '../datasets/engine.ts';
import { type DatasetSource, relation } from '../datasets/source.ts';
import { sqlName, sqlText } from '../datasets/sql.ts';

/** metadata.scores.head: nothing that is published nests deeper. */
const MAX_DEPTH = 4;
/** Fields of JSON objects are looked for in this many rows; what appears later only is not offered. */
const JSON_ROWS = 1000;

export interface SqlLeaf extends Leaf {
  readonly expression: string;
  readonly type: string;
}

function kindOf(type: string): Leaf['kind'] {
  if (type === 'VARCHAR') return 'text';
  if (type === 'BOOLEAN') return 'boolean';
  return isNumericType(type) ? 'number' : 'other';
}

/** Columns first, then what lies inside them. */
export async function leavesOf(
  engine: DatasetEngine,
  source: DatasetSource,
  signal?: AbortSignal,
): Promise<readonly SqlLeaf[]> {
  const top = source.info.columns.map(({ name, type }) => ({
    name,
    path: [name],
    kind: kindOf(type),
    type,
    expression: sqlName(name),
  }));
  const nested = top.flatMap((leaf) => insideStruct(leaf, 1));
  const json = top.filter((leaf) => leaf.type === 'JSON');
  return [...top, ...nested, ...(await insideJson(engine, source, json, signal))];
}

function insideStruct(parent: SqlLeaf, depth: number): readonly SqlLeaf[] {
  if (depth >= MAX_DEPTH) return [];
  return (structFields(parent.type) ?? []).flatMap(({ name, type }) => {
    const leaf: SqlLeaf = {
      name: `${parent.name}.${name}`,
      path: [...parent.path, name],
      kind: kindOf(type),
      type,
      expression: `struct_extract(${parent.expression}, ${sqlText(name)})`,
    };
    return [leaf, ...insideStruct(leaf, depth + 1)];
  });
}

const structure = z.record(z.string(), z.unknown());

async function insideJson(
  engine: DatasetEngine,
  source: DatasetSource,
  columns: readonly SqlLeaf[],
  signal: AbortSignal | undefined,
): Promise<readonly SqlLeaf[]> {
  if (columns.length === 0) return [];
  const fields = columns.map(({ expression }) => `json_group_structure(${expression})::VARCHAR`).join(', ');
  const result = await queryOne(engine, {
    path: source.path,
    signal,
    statements: [`SELECT ${fields} FROM (SELECT * FROM ${relation(source)} LIMIT ${JSON_ROWS})`],
  });
  return columns.flatMap((column, index) => {
    const text = result.columns[index]?.[0];
    const parsed = structure.safeParse(typeof text === 'string' ? JSON.parse(text) : null);
    return parsed.success ? jsonLeaves(column, parsed.data, '$', column.path) : [];
  });
}

function jsonLeaves(
  column: SqlLeaf,
  fields: Readonly<Record<string, unknown>>,
  pointer: string,
  path: readonly string[],
): readonly SqlLeaf[] {
  if (path.length >= MAX_DEPTH) return [];
  return Object.entries(fields).flatMap(([name, type]): readonly SqlLeaf[] => {
    const own = `${pointer}."${name.replaceAll('"', '\\"')}"`;
    const inner = structure.safeParse(type);
    if (inner.success) return jsonLeaves(column, inner.data, own, [...path, name]);
    if (typeof type !== 'string') return [];
    const text = `json_extract_string(${column.expression}, ${sqlText(own)})`;
    const kind = kindOf(type);
    return [
      {
        name: [...path, name].join('.'),
        path: [...path, name],
        kind,
        type,
        expression: kind === 'text' ? text : `TRY_CAST(${text} AS ${kind === 'number' ? 'DOUBLE' : type})`,
      },
    ];
  });
}
