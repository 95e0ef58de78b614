// The fields inside nested columns, as columns with dotted names: STRUCT columns of Parquet, and columns of JSON objects.
// Says which SQL reads each; DuckDB then reads the asked fields of a struct alone, and prunes by them (seen in its profile).
import { z } from 'zod';
import { structFields } from '../quality/duckdb-types.ts';
import { isNumericType } from './merge-types.ts';
import { sqlName, sqlText } from './quoting.ts';

/** metadata.scores.head: nothing that is published nests deeper. What lies deeper is shown as JSON. */
const MAX_DEPTH = 4;
/** An object used as a map has thousands of keys; it stays one column. */
const MAX_FIELDS = 200;

export interface NestedColumn {
  /** `metadata.language` */
  readonly name: string;
  /** `metadata`, `language`; one part for a column of its own. */
  readonly path: readonly string[];
  readonly type: string;
  /** Over the columns of the file. */
  readonly expression: string;
  /** A column that says it holds nothing but nulls: its type means nothing. */
  readonly isNull?: boolean;
}

export function wholeColumn(name: string, type: string): NestedColumn {
  return { name, path: [name], type, expression: sqlName(name) };
}

/** The fields at the ends of a STRUCT, in its order; empty when there are none, or too many. */
export function structLeaves(parent: NestedColumn): readonly NestedColumn[] {
  const found = insideStruct(parent);
  return found.length > MAX_FIELDS ? [] : found;
}

function insideStruct(parent: NestedColumn): readonly NestedColumn[] {
  return (structFields(parent.type) ?? []).flatMap(({ name, type }) => {
    const field: NestedColumn = {
      name: `${parent.name}.${name}`,
      path: [...parent.path, name],
      type,
      expression: `struct_extract(${parent.expression}, ${sqlText(name)})`,
    };
    const inside = field.path.length < MAX_DEPTH ? insideStruct(field) : [];
    return inside.length > 0 ? inside : [field];
  });
}

const structure = z.record(z.string(), z.unknown());

/**
 * The same for a column of JSON objects, from what `json_group_structure` says of its rows; empty when they are no objects.
 * `isWhole`: it looked at every row, so that whole numbers are such in all of them.
 */
export function jsonLeaves(
  column: NestedColumn,
  groupStructure: string | null,
  isWhole: boolean,
): readonly NestedColumn[] {
  const parsed = structure.safeParse(groupStructure === null ? null : JSON.parse(groupStructure));
  if (!parsed.success) return [];
  const found = insideJson(column, parsed.data, { pointer: '$', path: column.path, isWhole });
  return found.length > MAX_FIELDS ? [] : withDistinctNames(found);
}

/** SQL names ignore case, JSON keys do not: the second of two gets a number. */
function withDistinctNames(columns: readonly NestedColumn[]): readonly NestedColumn[] {
  const taken = new Set<string>();
  return columns.map((column) => {
    let { name } = column;
    for (let number = 1; taken.has(name.toLowerCase()); number += 1) name = `${column.name}_${number}`;
    taken.add(name.toLowerCase());
    return { ...column, name };
  });
}

function insideJson(
  column: NestedColumn,
  fields: Readonly<Record<string, unknown>>,
  place: { readonly pointer: string; readonly path: readonly string[]; readonly isWhole: boolean },
): readonly NestedColumn[] {
  const { pointer, path, isWhole } = place;
  return Object.entries(fields).flatMap(([name, type]): readonly NestedColumn[] => {
    // A pointer cannot name a key with a quote or a backslash in it.
    if (name === '' || /["\\]/.test(name)) return [];
    const own = `${pointer}."${name}"`;
    const ownPath = [...path, name];
    const inner = structure.safeParse(type);
    if (inner.success && ownPath.length < MAX_DEPTH && Object.keys(inner.data).length > 0) {
      return insideJson(column, inner.data, { pointer: own, path: ownPath, isWhole });
    }
    const leaf = { name: ownPath.join('.'), path: ownPath };
    const text = `json_extract_string(${column.expression}, ${sqlText(own)})`;
    if (typeof type !== 'string' || type === 'JSON') {
      return [{ ...leaf, type: 'JSON', expression: `json_extract(${column.expression}, ${sqlText(own)})` }];
    }
    if (type === 'BOOLEAN') return [{ ...leaf, type, expression: `TRY_CAST(${text} AS BOOLEAN)` }];
    // A double would round numbers above 2^53, such as ids.
    if (isWhole && /^U?BIGINT$/.test(type))
      return [{ ...leaf, type, expression: `TRY_CAST(${text} AS ${type})` }];
    // Where only some rows were looked at, a later one may hold a fraction.
    if (isNumericType(type)) return [{ ...leaf, type: 'DOUBLE', expression: `TRY_CAST(${text} AS DOUBLE)` }];
    return [{ ...leaf, type: 'VARCHAR', expression: text, ...(type === 'NULL' ? { isNull: true } : {}) }];
  });
}
