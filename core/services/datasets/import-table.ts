// CSV and TSV into Parquet through DuckDB's reader. Lines that do not fit the table are left out, counted, the first ones shown.
import type { DatasetInfo } from '../../api/datasets.ts';
import { compressionOf, MAX_LINE_BYTES } from './broken-lines.ts';
import type { DatasetFormat } from './detect.ts';
import type { DatasetEngine } from './engine.ts';
import { sqlFile, sqlText } from './sql.ts';

const SHOWN_LINES = 20;
const EXCERPT_CHARACTERS = 160;
/** Each is held in memory with its text. A file with more is not a table. */
const REJECTS_LIMIT = 100_000;

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

/**
 * The first line names the columns. A column is of whole numbers, numbers or true and false when every value is; dates stay as they
 * are written. Throws StudioError.
 */
export async function importTable(
  { path, format, target, rowGroupRows }: TableImport,
  options: {
    readonly engine: DatasetEngine;
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: ((share: number) => void) | undefined;
  },
): Promise<DatasetInfo['brokenLines']> {
  const delimiter = format.startsWith('tsv') ? `delim = '\t',` : '';
  const rows = `read_csv(${sqlFile(path)}, header = true, ${delimiter} sample_size = -1,
    auto_type_candidates = ['BOOLEAN', 'BIGINT', 'DOUBLE', 'VARCHAR'], max_line_size = ${MAX_LINE_BYTES},
    compression = '${compressionOf(format)}', store_rejects = true, rejects_limit = ${REJECTS_LIMIT})`;
  const [, rejected, counted] = await options.engine.query({
    path,
    signal: options.signal,
    statements: [
      `COPY (SELECT * FROM ${rows}) TO ${sqlText(target)} (FORMAT parquet, ROW_GROUP_SIZE ${rowGroupRows})`,
      `SELECT line, max(error_type::VARCHAR), left(any_value(csv_line), ${EXCERPT_CHARACTERS})
       FROM reject_errors GROUP BY line ORDER BY line LIMIT ${SHOWN_LINES}`,
      'SELECT count(DISTINCT line) FROM reject_errors',
    ],
    onProgress: (statement, percent) => options.onProgress?.(statement === 0 ? percent / 100 : 1),
  });
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return {
    count: Number(counted?.columns[0]?.[0] ?? 0),
    first: (rejected?.columns[0] ?? []).map((line, index) => ({
      line: Number(line),
      reason: reasons[text(rejected?.columns[1]?.[index])] ?? 'Does not fit the table',
      excerpt: text(rejected?.columns[2]?.[index]).trim(),
    })),
  };
}
