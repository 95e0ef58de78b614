// The tree DuckDB's parser makes of a condition or an order: what in it is allowed, and what is not, at its place. A condition
// may compute from the columns of one row and nothing else: no other rows, no files, no settings, no side effects.
// Knows trees, not DuckDB's functions: which names are harmless is asked by the caller.

/** What is wrong with a text, and where: UTF-16 offsets into it, null when DuckDB does not say. */
export interface SqlProblem {
  readonly message: string;
  readonly at: number | null;
}

export interface UsedName {
  readonly name: string;
  readonly at: number | null;
}

export interface SqlNames {
  /** Columns, each as the parts between its dots. */
  readonly columns: readonly { readonly parts: readonly string[]; readonly at: number | null }[];
  readonly functions: readonly UsedName[];
}

export type SqlTree =
  | { readonly kind: 'problem'; readonly problem: SqlProblem }
  | { readonly kind: 'tree'; readonly names: SqlNames; readonly columnOrder: ColumnOrder | null };

/** An order by nothing but one column. */
export interface ColumnOrder {
  readonly column: string;
  readonly descending: boolean;
}

export type SqlPart = 'condition' | 'order';

/** What the text is parsed behind; offsets count from its end. */
export const SQL_PREFIX = {
  condition: 'SELECT * FROM t WHERE ',
  order: 'SELECT * FROM t ORDER BY ',
} as const;

const harmless = new Set([
  'COMPARISON',
  'CONJUNCTION',
  'CONSTANT',
  'COLUMN_REF',
  'FUNCTION',
  'OPERATOR',
  'CAST',
  'CASE',
  'BETWEEN',
  'LAMBDA',
  'LAMBDA_REF',
  'COLLATE',
]);

const refused: Readonly<Record<string, string>> = {
  SUBQUERY: 'A query inside it is not possible: only the columns of this dataset count',
  WINDOW: 'A window function looks at other rows; only the columns of one row count',
  STAR: '* and COLUMNS stand for several columns; name one',
  PARAMETER: 'A placeholder has no value here',
  DEFAULT: 'DEFAULT has no meaning here',
};

type Node = Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

/** Reads what `json_serialize_sql(prefix || text)` answered. */
export function readSqlTree(part: SqlPart, text: string, serialized: string): SqlTree {
  const place = placeIn(text, SQL_PREFIX[part].length);
  const answer: unknown = JSON.parse(serialized);
  if (!isNode(answer)) return problem('It could not be understood', null);
  if (answer['error'] === true) {
    const words = answer['error_message'];
    return problem(
      typeof words === 'string' ? capital(words) : 'It could not be understood',
      place(answer['position']),
    );
  }
  const statements = answer['statements'];
  const [statement, ...more] = Array.isArray(statements) ? (statements as readonly unknown[]) : [];
  const node = isNode(statement) && isNode(statement['node']) ? statement['node'] : null;
  if (more.length > 0) return problem('Only one expression is possible: there is something after a ;', null);
  if (node === null || node['type'] !== 'SELECT_NODE')
    return problem(`It is more than ${nameOf(part)}`, null);
  const table = node['from_table'];
  const isPlain =
    isNode(table) &&
    table['type'] === 'BASE_TABLE' &&
    table['table_name'] === 't' &&
    isEmpty(node['group_expressions']) &&
    node['having'] === null &&
    node['sample'] === null &&
    node['qualify'] === null &&
    table['sample'] === null;
  const orders = ordersOf(node['modifiers']);
  const fits =
    part === 'condition'
      ? isNode(node['where_clause']) && isEmpty(node['modifiers'])
      : node['where_clause'] === null && orders !== null && orders.length > 0;
  if (!isPlain || !fits) return problem(`Only ${nameOf(part)} is possible, nothing after it`, null);
  const found: Found = { columns: [], functions: [], lambda: new Set(), problem: null };
  walk(part === 'condition' ? node['where_clause'] : orders, place, found);
  if (found.problem !== null) return { kind: 'problem', problem: found.problem };
  const columns = found.columns.filter(({ parts }) => !found.lambda.has(parts[0] ?? ''));
  return {
    kind: 'tree',
    names: { columns, functions: found.functions },
    columnOrder: orders === null ? null : columnOrder(orders),
  };
}

interface Found {
  readonly columns: { parts: readonly string[]; at: number | null }[];
  readonly functions: UsedName[];
  readonly lambda: Set<string>;
  problem: SqlProblem | null;
}

function walk(value: unknown, place: (at: unknown) => number | null, found: Found): void {
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) walk(item, place, found);
    return;
  }
  if (!isNode(value) || found.problem !== null) return;
  const at = place(value['query_location']);
  const kind = value['class'];
  if (typeof kind === 'string' && !harmless.has(kind)) {
    found.problem = { message: refused[kind] ?? `${kind.toLowerCase()} is not possible here`, at };
    return;
  }
  // A node that is a query by another name.
  if (value['type'] === 'SELECT_NODE' || 'subquery' in value || 'from_table' in value) {
    found.problem = { message: refused['SUBQUERY'] ?? '', at };
    return;
  }
  if (kind === 'COLUMN_REF') found.columns.push({ parts: texts(value['column_names']), at });
  if (kind === 'FUNCTION') found.functions.push({ name: String(value['function_name']).toLowerCase(), at });
  if (kind === 'LAMBDA') for (const name of lambdaNames(value['lhs'])) found.lambda.add(name);
  for (const inner of Object.values(value)) if (isNode(inner)) walk(inner, place, found);
}

/** `x` or `(x, i)` before the arrow. */
function lambdaNames(value: unknown): readonly string[] {
  if (!isNode(value)) return [];
  if (value['class'] === 'COLUMN_REF') return texts(value['column_names']);
  const children = value['children'];
  return Array.isArray(children) ? (children as readonly unknown[]).flatMap(lambdaNames) : [];
}

function ordersOf(modifiers: unknown): readonly unknown[] | null {
  const [only, ...more] = Array.isArray(modifiers) ? (modifiers as readonly unknown[]) : [];
  if (more.length > 0 || !isNode(only) || only['type'] !== 'ORDER_MODIFIER') return null;
  return Array.isArray(only['orders']) ? (only['orders'] as readonly unknown[]) : null;
}

function columnOrder(orders: readonly unknown[]): ColumnOrder | null {
  const [only, ...more] = orders;
  if (more.length > 0 || !isNode(only) || only['null_order'] !== 'ORDER_DEFAULT') return null;
  const { expression } = only;
  if (!isNode(expression) || expression['class'] !== 'COLUMN_REF') return null;
  const [column, ...parts] = texts(expression['column_names']);
  if (column === undefined || parts.length > 0) return null;
  return { column, descending: only['type'] === 'DESCENDING' };
}

/** DuckDB counts UTF-8 bytes of the whole statement. */
function placeIn(text: string, prefixBytes: number): (at: unknown) => number | null {
  const bytes = new TextEncoder().encode(text);
  return (value) => {
    const offset = Number(value) - prefixBytes;
    // The end of the input lies behind the line end that is put after the text.
    if (!Number.isSafeInteger(offset) || offset < 0 || offset > bytes.length + 1) return null;
    return new TextDecoder().decode(bytes.subarray(0, offset)).length;
  };
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function nameOf(part: SqlPart): string {
  return part === 'condition' ? 'a condition' : 'an order';
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

function problem(message: string, at: number | null): SqlTree {
  return { kind: 'problem', problem: { message, at } };
}
