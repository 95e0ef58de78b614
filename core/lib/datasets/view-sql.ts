// A view as SQL for DuckDB: conditions and order over the columns of one file. Every name and text in it is quoted here.
import { sqlDouble, sqlName, sqlText } from './quoting.ts';
import { type ColumnPart, type DatasetView, type FilterValue, type RowFilter } from './view.ts';

export interface ViewColumn {
  readonly name: string;
  /** As DuckDB names it. */
  readonly type: string;
  readonly numeric: boolean;
  /** Of a field inside a nested column: where it lies. */
  readonly path?: readonly string[] | undefined;
  /** How it is written in SQL; its quoted name when absent. */
  readonly sql?: string;
}

export interface ViewTable {
  readonly columns: readonly ViewColumn[];
  readonly textColumn: string | null;
}

/** What keeps a view from being read: a column that is not there, numbers where there are none. */
export class ViewProblem extends Error {
  override readonly name = 'ViewProblem';
}

/** The condition without WHERE; null when every row is wanted. Throws ViewProblem. */
export function viewCondition(view: DatasetView, table: ViewTable): string | null {
  const conditions = conditionsOf(view, table);
  return conditions.length === 0 ? null : conditions.join(' AND ');
}

function conditionsOf(view: DatasetView, table: ViewTable): readonly string[] {
  const conditions = view.filters.map((filter) => filterSql(filter, table));
  if (view.search !== '') {
    if (table.textColumn === null) throw new ViewProblem('There is no text column to search in');
    conditions.push(containsSql(textOf(findColumn(table, table.textColumn)), view.search));
  }
  return conditions;
}

/** The order without ORDER BY, or null for the order of the file. `rowNumber` decides between equal values. Throws ViewProblem. */
export function viewOrder(view: DatasetView, table: ViewTable, rowNumber: string | null): string | null {
  if (view.sort === null) return null;
  // The line end closes a comment that the order may end with.
  if ('sql' in view.sort) return rowNumber === null ? view.sort.sql : `${view.sort.sql}\n, ${rowNumber}`;
  const column = findColumn(table, view.sort.column);
  const name = nameSql(column);
  const value = isNested(column)
    ? textOf(column)
    : isFloat(column)
      ? `CASE WHEN NOT isnan(${name}) THEN ${name} END`
      : name;
  const order = `${value} ${view.sort.descending ? 'DESC' : 'ASC'} NULLS LAST`;
  return rowNumber === null ? order : `${order}, ${rowNumber}`;
}

/** The files of a dataset as a DuckDB of one's own reads them. */
export interface StatementSource {
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'glob';
  readonly files: readonly { readonly name: string; readonly format: string }[];
}

/** A whole statement for a person to copy into a DuckDB of their own. Throws ViewProblem. */
export function viewStatement(view: DatasetView, table: ViewTable, source: StatementSource): string {
  const columns = table.columns.map((column) =>
    column.path && column.path.length > 1 ? { ...column, sql: column.path.map(sqlName).join('.') } : column,
  );
  const conditions = conditionsOf(view, { ...table, columns });
  const order = viewOrder(view, { ...table, columns }, null);
  return [
    `SELECT * FROM ${fromSql(source)}`,
    ...(conditions.length === 0 ? [] : [`WHERE ${conditions.join('\n  AND ')}`]),
    ...(order === null ? [] : [`ORDER BY ${order}`]),
  ].join('\n');
}

const readers: readonly (readonly [RegExp, string, string])[] = [
  [/^parquet$/, 'read_parquet', 'parquet'],
  [/^jsonl/, 'read_json', 'jsonl*'],
  [/^[ct]sv/, 'read_csv', '[ct]sv*'],
];

/** Several files of one format by their pattern; of several formats, one after the other. */
function fromSql({ path, kind, files }: StatementSource): string {
  if (kind === 'file') return sqlText(path);
  const used = readers.filter(([format]) => files.some((file) => format.test(file.format)));
  const parts = used.map(([, reader, ending]) => {
    const pattern = kind === 'glob' ? path : `${path}/**/*.${ending}`;
    return `${reader}(${sqlText(pattern)}, union_by_name = true)`;
  });
  const [only = sqlText(path)] = parts;
  if (parts.length < 2) return only;
  return `(${parts.map((part) => `FROM ${part}`).join(' UNION ALL BY NAME ')})`;
}

function nameSql({ name, sql }: ViewColumn): string {
  return sql ?? sqlName(name);
}

function findColumn(table: ViewTable, name: string): ViewColumn {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column) return column;
  throw new ViewProblem(`There is no column ${name}`);
}

function isFloat({ type }: ViewColumn): boolean {
  return type === 'FLOAT' || type === 'DOUBLE';
}

function isNested({ type }: ViewColumn): boolean {
  return /\[\d*\]$/.test(type) || /^(STRUCT|MAP|UNION|JSON)/.test(type);
}

/** The value as the grid shows it. */
function textOf(column: ViewColumn): string {
  const name = nameSql(column);
  if (column.type === 'VARCHAR') return name;
  return isNested(column) ? `to_json(${name})::VARCHAR` : `${name}::VARCHAR`;
}

/** Always in parentheses. A negated filter keeps exactly the other rows, those without a value too. */
function filterSql(filter: RowFilter, table: ViewTable): string {
  const plain =
    filter.kind === 'sql'
      ? // The line end closes a comment that the condition may end with.
        `(${filter.condition}\n)`
      : plainSql(filter, findColumn(table, filter.column));
  return filter.negated ? `(NOT coalesce(${plain}, false))` : plain;
}

function plainSql(filter: Exclude<RowFilter, { kind: 'sql' }>, column: ViewColumn): string {
  const name = nameSql(column);
  switch (filter.kind) {
    case 'range': {
      if (!column.numeric)
        throw new ViewProblem(`The column ${column.name} holds ${column.type}, not numbers`);
      const { from, to, includesTo } = filter;
      const parts = [
        ...(isFloat(column) ? [`NOT isnan(${name})`] : [`${name} IS NOT NULL`]),
        ...(from === null ? [] : [`${name} >= ${sqlDouble(from)}`]),
        ...(to === null ? [] : [`${name} ${includesTo ? '<=' : '<'} ${sqlDouble(to)}`]),
      ];
      return `(${parts.join(' AND ')})`;
    }
    case 'equals':
      return `(${equalsSql([filter.value], column)})`;
    case 'oneOf':
      return filter.part === undefined
        ? `(${equalsSql(filter.values, column)})`
        : `(${partSql(column, filter.part)} IN (${filter.values.map((value) => sqlText(String(value))).join(', ')}))`;
    case 'contains':
      return containsSql(textOf(column), filter.text);
    case 'isNull':
      return `(${name} IS NULL)`;
    case 'isNotNull':
      return `(${name} IS NOT NULL)`;
  }
}

/** Numbers compare as numbers where both are, everything else as the text the grid shows. */
function equalsSql(values: readonly FilterValue[], column: ViewColumn): string {
  const numbers = values.filter((value) => typeof value === 'number' && column.numeric);
  const texts = values.filter((value) => !(typeof value === 'number' && column.numeric));
  const parts = [
    ...(numbers.length === 0
      ? []
      : [`${nameSql(column)} IN (${numbers.map((value) => sqlDouble(Number(value))).join(', ')})`]),
    ...(texts.length === 0
      ? []
      : [`${textOf(column)} IN (${texts.map((value) => sqlText(String(value))).join(', ')})`]),
  ];
  return parts.join(' OR ');
}

/** Text of a part of a column; null where it has none. The host is in lower case, without user, port and a leading "www.". */
export function partSql(column: ViewColumn, part: ColumnPart): string {
  switch (part) {
    case 'host':
      return `nullif(regexp_extract(lower(${textOf(column)}), '^[a-z][a-z0-9+.-]*://(?:[^/?#@]*@)?(?:www\\.)?([^/:?#]+)', 1), '')`;
  }
}

function containsSql(text: string, part: string): string {
  return `(contains(lower(${text}), lower(${sqlText(part)})))`;
}
