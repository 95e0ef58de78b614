// Finds the lines of a JSON-lines file that are not JSON objects: all counted, the first ones shown with their numbers.
import { z } from 'zod';
import type { DatasetInfo } from '../../../api/dataset-shape.ts';
import type { QueryResult } from '../../../../native/duckdb/protocol.ts';
import type { DatasetFormat } from '../detect.ts';
import { sqlFile } from '../sql.ts';

/** Longer lines are skipped and counted: no document of a text corpus is larger, and each is held in memory whole. */
export const MAX_LINE_BYTES = 16_777_216;
const SHOWN_LINES = 20;
const EXCERPT_CHARACTERS = 160;
/** Lines DuckDB itself refuses (encoding, length) are kept whole in memory by it. */
const REJECTS_LIMIT = 1000;

/** As DuckDB's readers call it. */
export function compressionOf(format: DatasetFormat): string {
  if (format.endsWith('.gz')) return 'gzip';
  return format.endsWith('.zst') ? 'zstd' : 'uncompressed';
}

/** SQL relation with one row a line (`line`, null when empty), in order. Refused lines are left out. */
export function linesRelation(path: string, format: DatasetFormat, storeRejects: boolean): string {
  const rejects = storeRejects
    ? `store_rejects = true, rejects_limit = ${REJECTS_LIMIT}`
    : 'ignore_errors = true';
  return `read_csv(${sqlFile(path)}, columns = {'line': 'VARCHAR'}, auto_detect = false, delim = '', quote = '',
    escape = '', comment = '', header = false, strict_mode = false, max_line_size = ${MAX_LINE_BYTES},
    compression = '${compressionOf(format)}', ${rejects})`;
}

/** A buffer of two lines: 9 ms to the first rows of a zstd file, where the one that `linesRelation` needs takes 450 (measured). */
export const HEAD_LINE_BYTES = 1_048_576;

/** The same for a look at the beginning alone: reads little ahead, and leaves out longer lines. */
export function headLinesRelation(path: string, format: DatasetFormat): string {
  return `read_csv(${sqlFile(path)}, columns = {'line': 'VARCHAR'}, auto_detect = false, delim = '', quote = '',
    escape = '', comment = '', header = false, strict_mode = false, max_line_size = ${HEAD_LINE_BYTES},
    buffer_size = ${2 * HEAD_LINE_BYTES}, compression = '${compressionOf(format)}', ignore_errors = true)`;
}

/**
 * SQL condition: the line holds a JSON object. CASE, because AND does not keep json_type away from broken text; a valid line that
 * begins with a brace needs no second parsing.
 */
export const isObjectLine =
  "CASE WHEN NOT json_valid(line) THEN false WHEN starts_with(line, '{') THEN true ELSE json_type(line) = 'OBJECT' END";

/** Trimming every line takes longer than parsing it (200,000 documents: 1.0 s against 0.1 s of processor time), so only the others are looked at for being empty. */
const isBrokenLine = `CASE WHEN line IS NULL OR ${isObjectLine} THEN false ELSE trim(line, ' \t\r') <> '' END`;

/** Two statements for one connection: the second reads what the first refused. */
export function brokenLinesStatements(path: string, format: DatasetFormat): readonly string[] {
  return [
    `SELECT count(*), to_json(min_by({'line': n, 'valid': json_valid(line), 'excerpt': left(line, ${EXCERPT_CHARACTERS})},
       n, ${SHOWN_LINES}))::VARCHAR
     FROM (SELECT row_number() OVER () AS n, line FROM ${linesRelation(path, format, true)})
     WHERE ${isBrokenLine}`,
    `SELECT line, error_type::VARCHAR, left(csv_line, ${EXCERPT_CHARACTERS}) FROM reject_errors ORDER BY line`,
  ];
}

const foundLines = z.array(z.object({ line: z.number(), valid: z.boolean(), excerpt: z.string() }));

const reasons: Readonly<Record<string, string>> = {
  'INVALID ENCODING': 'Not UTF-8 text',
  'LINE SIZE OVER MAXIMUM': `Longer than ${MAX_LINE_BYTES / 1_048_576} MiB`,
};

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** From the results of both statements. Line numbers count from 1, as an editor shows them. */
export function readBrokenLines(results: readonly QueryResult[]): DatasetInfo['brokenLines'] {
  const [found, refused] = results;
  const refusedLines = (refused?.columns[0] ?? []).map((line, index) => ({
    line: Number(line),
    reason: reasons[textOf(refused?.columns[1]?.[index])] ?? 'Unreadable',
    excerpt: textOf(refused?.columns[2]?.[index]).trim(),
  }));
  const json = found?.columns[1]?.[0];
  const invalid = foundLines.parse(typeof json === 'string' ? JSON.parse(json) : []).map((entry) => {
    // Refused lines are missing from the numbering of the others.
    let line = entry.line;
    for (const earlier of refusedLines) if (earlier.line <= line) line += 1;
    return { line, reason: entry.valid ? 'Not a JSON object' : 'Not valid JSON', excerpt: entry.excerpt };
  });
  const first = [...invalid, ...refusedLines].sort((a, b) => a.line - b.line).slice(0, SHOWN_LINES);
  return { count: Number(found?.columns[0]?.[0] ?? 0) + refusedLines.length, first };
}
