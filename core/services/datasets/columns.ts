// Columns of a dataset: their types, which one holds the text, and how a value is shown without reading too much of it.
import type { Cell } from '../../api/dataset-rows.ts';
import type { DatasetColumn } from '../../api/dataset-shape.ts';
import { isIntegerType, isNestedType, isNumericType } from '../../lib/datasets/merge-types.ts';
import type { QueryResult } from '../../../native/duckdb/protocol.ts';
import { sqlName } from './sql.ts';

/** Characters of a text shown in a grid cell; the rest stays in the file until the reader pane asks. */
export const PREVIEW_CHARACTERS = 2048;

/** A list with more numbers is an embedding: nobody reads it, and it would be most of a page. */
const MAX_LISTED_NUMBERS = 32;

/** From the result of DESCRIBE: names in its first column, types in the second. */
export function columnsFromDescribe(described: QueryResult): readonly DatasetColumn[] {
  const [names = [], types = []] = described.columns;
  return names.map((name, index) => {
    const type = String(types[index]);
    return { name: String(name), type, numeric: isNumericType(type) };
  });
}

/** `FLOAT[768]` → FLOAT, `DOUBLE[][]` → DOUBLE; null when it is no list of numbers, or of lists of numbers. */
function listedNumber(type: string): { readonly nested: boolean } | null {
  const found = /^([A-Z]+)(\[\d*\])(\[\d*\])?$/.exec(type);
  return found && isNumericType(found[1] ?? '') ? { nested: found[3] !== undefined } : null;
}

/** SQL for the value of a column with at most `limit` characters, and SQL that says whether it was cut. */
export function cellExpression(column: DatasetColumn, limit: number): { value: string; cut: string } {
  const name = sqlName(column.name);
  if (column.type === 'BOOLEAN' || isIntegerType(column.type)) return { value: name, cut: 'false' };
  if (column.numeric) return { value: `${name}::DOUBLE`, cut: 'false' };
  if (column.type === 'BLOB') return { value: `octet_length(${name})::VARCHAR || ' bytes'`, cut: 'false' };
  const text = isNestedType(column.type) ? `to_json(${name})::VARCHAR` : `${name}::VARCHAR`;
  const listed = listedNumber(column.type);
  if (listed) {
    const total = listed.nested ? `list_sum(list_transform(${name}, part -> len(part)))` : `len(${name})`;
    const many = listed.nested
      ? `len(${name}) || CASE WHEN len(${name}) = 1 THEN ' list of ' ELSE ' lists of ' END || len(${name}[1]) || ' numbers'`
      : `len(${name}) || ' numbers'`;
    const value = `CASE WHEN ${total} > ${MAX_LISTED_NUMBERS} THEN ${many} ELSE left(${text}, ${limit}) END`;
    return { value, cut: `coalesce(${total} > ${MAX_LISTED_NUMBERS}, false)` };
  }
  return { value: `left(${text}, ${limit})`, cut: `coalesce(length(${text}) > ${limit}, false)` };
}

/** A value as it travels: numbers that JSON or a double cannot hold become text. */
export function toCell(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value.toString();
  }
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  return JSON.stringify(value);
}
