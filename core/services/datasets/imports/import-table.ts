// CSV and TSV into Parquet through DuckDB's reader. Lines that do not fit the table are left out, counted, the first ones shown.
import type { DatasetInfo } from '../../../api/dataset-shape.ts';
import { compressionOf, MAX_LINE_BYTES } from './broken-lines.ts';
import type { DatasetFormat } from '../detect.ts';
import type { DatasetEngine } from '../engine.ts';
import { columnsFromDescribe } from '../columns.ts';
import { sqlFile, sqlName, sqlText } from '../sql.ts';

const SHOWN_LINES = 20;
const EXCERPT_CHARACTERS = 160;
/** Each is held in memory with its text. A file with more is not a table. */
const REJECTS_LIMIT = 100_000;
/** Of the whole work: looking at every value to know the types. */
const PLAN_SHARE = 0.5;
/** `00123` is a code, not a number. */
const LEADING_ZERO = '^[+-]?0[0-9]';
/** The same, and whole numbers that a double would round. */
const LOST_DIGITS = `${LEADING_ZERO}|^[+-]?[0-9]{17,}$`;
const WORD_SEPARATOR = '\u001f';

const reasons: Readonly<Record<string, string>> = {
  CAST: 'Has a value of another type than its column',
  'MISSING COLUMNS': 'Has too few columns',
  'TOO MANY COLUMNS': 'Has too many columns',
  'UNQUOTED VALUE': 'Has a quote that does not end',
  'LINE SIZE OVER MAXIMUM': `Longer than ${MAX_LINE_BYTES / 1_048_576} MiB`,
  'INVALID ENCODING': 'Not UTF-8 text',
  'INVALID STATE': 'Has quotes in the wrong place',
};

export interface TableImport {
  readonly path: string;
  readonly format: DatasetFormat;
  /** The Parquet file to write. */
  readonly target: string;
  readonly rowGroupRows: number;
}

export interface ImportedTable {
  readonly brokenLines: DatasetInfo['brokenLines'];
  readonly notes: readonly string[];
}

export interface TableWork {
  readonly engine: DatasetEngine;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((share: number) => void) | undefined;
}

/**
 * The first line names the columns. A column is of whole numbers, numbers or true and false when every value is, words for nothing
 * aside; dates and numbers that would lose digits stay as they are written. Throws StudioError.
 */
export async function importTable(wish: TableImport, work: TableWork): Promise<ImportedTable> {
  const { path, format, target, rowGroupRows } = wish;
  const { columns, notes } = await planColumns(wish, work);
  const stored = columns.filter(({ type }) => type === 'VARCHAR').map(({ name }) => name);
  const rows = tableRelation(path, format, {
    types: stored,
    options: `store_rejects = true, rejects_limit = ${REJECTS_LIMIT}`,
  });
  const projection = columns.map(({ name, type, words }) =>
    words.length === 0
      ? sqlName(name)
      : `CASE WHEN ${sqlName(name)} NOT IN (${words.map(sqlText).join(', ')}) THEN ${sqlName(name)} END::${type} AS ${sqlName(name)}`,
  );
  const [, rejected, counted] = await work.engine.query({
    path,
    signal: work.signal,
    statements: [
      `COPY (SELECT ${projection.join(', ')} FROM ${rows}) TO ${sqlText(target)} (FORMAT parquet, ROW_GROUP_SIZE ${rowGroupRows})`,
      `SELECT line, max(error_type::VARCHAR), left(any_value(csv_line), ${EXCERPT_CHARACTERS})
       FROM reject_errors GROUP BY line ORDER BY line LIMIT ${SHOWN_LINES}`,
      'SELECT count(DISTINCT line), count(*) FROM reject_errors',
    ],
    onProgress: (statement, percent) =>
      work.onProgress?.(statement === 0 ? PLAN_SHARE + ((1 - PLAN_SHARE) * percent) / 100 : 1),
  });
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const isCut = Number(counted?.columns[1]?.[0] ?? 0) >= REJECTS_LIMIT;
  return {
    notes,
    brokenLines: {
      count: Number(counted?.columns[0]?.[0] ?? 0),
      ...(isCut ? { isCut } : {}),
      first: (rejected?.columns[0] ?? []).map((line, index) => ({
        line: Number(line),
        reason: reasons[text(rejected?.columns[1]?.[index])] ?? 'Does not fit the table',
        excerpt: text(rejected?.columns[2]?.[index]).trim(),
      })),
    },
  };
}

interface PlannedColumn {
  readonly name: string;
  /** What it is in the file to write. */
  readonly type: string;
  /** Words of this column that stand for no value. */
  readonly words: readonly string[];
}

/** What other programs write for no value. Only a column that is numbers otherwise reads them so: `NA` may be a name. */
const NULL_WORDS = ['NULL', 'null', 'NA', 'N/A', 'n/a', 'None', 'NaN', 'nan', '\\N', '-'];

/** The types of the columns by every value of them. */
async function planColumns(
  { path, format }: TableImport,
  { engine, signal, onProgress }: TableWork,
): Promise<{ readonly columns: readonly PlannedColumn[]; readonly notes: readonly string[] }> {
  const describe = (types: readonly string[]) =>
    `DESCRIBE SELECT * FROM ${tableRelation(path, format, { types, options: 'ignore_errors = true' })}`;
  const [described] = await engine.query({ path, signal, statements: [describe([])] });
  const found = columnsFromDescribe(described ?? { names: [], types: [], columns: [], rows: 0 });
  const looked = found.filter(({ type }) => type !== 'BOOLEAN');
  onProgress?.(PLAN_SHARE / 2);
  const facts = await engine.query({
    path,
    signal,
    statements:
      looked.length === 0
        ? []
        : [
            `SELECT ${looked.flatMap(({ name, type }) => factsSql(sqlName(name), type)).join(', ')}
             FROM ${tableRelation(path, format, { types: found.map(({ name }) => name), options: 'ignore_errors = true' })}`,
          ],
    onProgress: (_, percent) => onProgress?.((PLAN_SHARE * (1 + percent / 100)) / 2),
  });
  const notes: string[] = [];
  const columns = found.map((column): PlannedColumn => {
    const at = looked.indexOf(column);
    const [first, second] = at < 0 ? [] : [2 * at, 2 * at + 1].map((index) => facts[0]?.columns[index]?.[0]);
    const { name, type } = column;
    if (type !== 'VARCHAR') return { name, type: first === true ? 'VARCHAR' : type, words: [] };
    const numbers = typeof first === 'string' ? first : null;
    const words = typeof second === 'string' ? second.split(WORD_SEPARATOR).sort() : [];
    if (numbers === null || words.length === 0) return { name, type, words: [] };
    notes.push(`${name} holds numbers and ${words.join(', ')}, read as no value`);
    return { name, type: numbers, words };
  });
  return { columns, notes };
}

/** For numbers: whether they must stay text. For text: the type of its numbers, and the words for nothing among them. */
function factsSql(name: string, type: string): readonly [string, string] {
  if (type !== 'VARCHAR') {
    return [
      `bool_or(regexp_matches(${name}, ${sqlText(type === 'DOUBLE' ? LOST_DIGITS : LEADING_ZERO)}))`,
      'NULL',
    ];
  }
  const words = NULL_WORDS.map(sqlText).join(', ');
  const value = `CASE WHEN ${name} NOT IN (${words}) THEN ${name} END`;
  return [
    `CASE WHEN count(${value}) = 0 OR bool_or(regexp_matches(${value}, ${sqlText(LOST_DIGITS)})) THEN NULL
       WHEN count(${value}) = count(CASE WHEN regexp_matches(${value}, '^[+-]?[0-9]+$') THEN TRY_CAST(${value} AS BIGINT) END) THEN 'BIGINT'
       WHEN count(${value}) = count(TRY_CAST(${value} AS DOUBLE)) THEN 'DOUBLE' END`,
    `string_agg(DISTINCT CASE WHEN ${name} IN (${words}) THEN ${name} END, ${sqlText(WORD_SEPARATOR)})`,
  ];
}

function tableRelation(
  path: string,
  format: DatasetFormat,
  { types, options }: { readonly types: readonly string[]; readonly options: string },
): string {
  const delimiter = format.startsWith('tsv') ? `delim = '\t',` : '';
  const asText = types.map((name) => `${sqlText(name)}: 'VARCHAR'`).join(', ');
  return `read_csv(${sqlFile(path)}, header = true, ${delimiter} sample_size = -1,
    auto_type_candidates = ['BOOLEAN', 'BIGINT', 'DOUBLE', 'VARCHAR'], max_line_size = ${MAX_LINE_BYTES},
    compression = '${compressionOf(format)}', ${types.length === 0 ? '' : `types = {${asText}},`} ${options})`;
}
