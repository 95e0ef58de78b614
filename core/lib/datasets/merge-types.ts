// The type that a column has in a dataset of several files, when it has another type in each. Type names as DuckDB writes them;
// text in, text out.
import { structFields } from '../quality/duckdb-types.ts';
import { sqlName, sqlText } from './quoting.ts';

const signed = ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'HUGEINT'];
const unsigned = ['UTINYINT', 'USMALLINT', 'UINTEGER', 'UBIGINT', 'UHUGEINT'];

export function isNumericType(type: string): boolean {
  return isIntegerType(type) || type === 'FLOAT' || type === 'DOUBLE' || type.startsWith('DECIMAL');
}

export function isIntegerType(type: string): boolean {
  return signed.includes(type) || unsigned.includes(type);
}

/** Lists, structs, maps, unions and JSON: shown as JSON text. */
export function isNestedType(type: string): boolean {
  return /\[\d*\]$/.test(type) || /^(STRUCT|MAP|UNION|JSON)/.test(type);
}

/** Numbers widen, structs get the fields of both, everything else that differs becomes text (JSON where one is nested). */
export function mergeTypes(left: string, right: string): string {
  if (left === right) return left;
  const [fieldsOfLeft, fieldsOfRight] = [structFields(left), structFields(right)];
  if (fieldsOfLeft && fieldsOfRight) return mergedStruct([...fieldsOfLeft, ...fieldsOfRight]);
  if (isNumericType(left) && isNumericType(right)) return widened(left, right);
  return isNestedType(left) || isNestedType(right) ? 'JSON' : 'VARCHAR';
}

function mergedStruct(fields: readonly { readonly name: string; readonly type: string }[]): string {
  // DuckDB's field names ignore case.
  const merged = new Map<string, { name: string; type: string }>();
  for (const { name, type } of fields) {
    const known = merged.get(name.toLowerCase());
    if (known) known.type = mergeTypes(known.type, type);
    else merged.set(name.toLowerCase(), { name, type });
  }
  return `STRUCT(${[...merged.values()].map(({ name, type }) => `${sqlName(name)} ${type}`).join(', ')})`;
}

function widened(left: string, right: string): string {
  if (!isIntegerType(left) || !isIntegerType(right)) return 'DOUBLE';
  const sizeOf = (type: string): number => Math.max(signed.indexOf(type), unsigned.indexOf(type));
  const bothSigned = signed.includes(left) && signed.includes(right);
  const bothUnsigned = unsigned.includes(left) && unsigned.includes(right);
  const size = Math.max(sizeOf(left), sizeOf(right));
  if (bothSigned) return signed[size] ?? 'HUGEINT';
  if (bothUnsigned) return unsigned[size] ?? 'UHUGEINT';
  const sizeOfUnsigned = sizeOf(unsigned.includes(left) ? left : right);
  // A signed type holds the next smaller unsigned one; nothing holds UHUGEINT and a sign.
  return signed[Math.max(size, sizeOfUnsigned + 1)] ?? 'DOUBLE';
}

/** SQL that turns an expression of one type into a merged type. */
export function convertSql(expression: string, from: string, to: string): string {
  if (from === to) return expression;
  const fields = structFields(to);
  const own = structFields(from);
  if (fields && own) {
    const parts = fields.map(({ name, type }) => {
      const found = own.find((field) => field.name.toLowerCase() === name.toLowerCase());
      const value = found
        ? convertSql(`struct_extract(${expression}, ${sqlText(found.name)})`, found.type, type)
        : `NULL::${type}`;
      return `${sqlName(name)} := ${value}`;
    });
    return `CASE WHEN ${expression} IS NULL THEN NULL ELSE struct_pack(${parts.join(', ')}) END`;
  }
  if (to === 'JSON') return `to_json(${expression})`;
  if (to === 'VARCHAR' && from === 'BLOB') return `(octet_length(${expression})::VARCHAR || ' bytes')`;
  return `(${expression})::${to}`;
}
