// The first rows of a dataset before it is indexed: read from the beginning of its first file alone, so that there is something to
// see within a second, however large the files are.
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetHead } from '../../api/dataset-rows.ts';
import { convertArrow } from '../../../native/arrow/client.ts';
import type { QueryResult } from '../../../native/duckdb/protocol.ts';
import { makeFolder } from '../files/make-folder.ts';
import { compressionOf, HEAD_LINE_BYTES, headLinesRelation } from './imports/broken-lines.ts';
import { toCell } from './columns.ts';
import type { DataFile } from './data-files.ts';
import { type DatasetFormat, detectDataset, looksLikeDataset } from './detect.ts';
import { type DatasetEngine, queryOne } from './engine.ts';
import type { DatasetLibrary } from './library.ts';
import { sqlFile } from './sql.ts';

const HEAD_ROWS = 50;
/** Characters of a cell; the whole comes when the file is open. */
const HEAD_CHARACTERS = 300;
/** Columns that fit beside each other are seen first. */
const HEAD_COLUMNS = 30;
/** Files that cannot be read are passed over; the opening says what is wrong with them. */
const MAX_TRIED = 5;

export interface HeadReading {
  readonly engine: DatasetEngine;
  readonly library: Pick<DatasetLibrary, 'files'>;
  readonly cacheFolder: () => Promise<string>;
  /** Starts the process that reads Arrow. */
  readonly spawnArrow: () => ChildProcess;
}

/** Null for formats that need no index. Throws StudioError. */
export async function readHeadRows(
  reading: HeadReading,
  path: string,
  signal?: AbortSignal,
): Promise<DatasetHead | null> {
  const found = await reading.library.files(path, signal).catch(() => null);
  if (found === null) return null;
  const { files, kind } = found;
  if (kind !== 'file' && files.every(({ name }) => looksLikeDataset(name) === 'parquet')) return null;
  for (const file of files.slice(0, MAX_TRIED)) {
    const format = await detectDataset(file.path).then(
      (detected) => detected.format,
      () => null,
    );
    if (format === null) continue;
    // Texts of tokenized files need their tokenizer, and one Parquet file is open at once.
    if (format === 'ds' || (format === 'parquet' && kind === 'file')) return null;
    const head = await headOf(file, format, reading, signal);
    return kind === 'file' ? head : { ...head, file: file.name };
  }
  return null;
}

async function headOf(
  { path }: DataFile,
  format: DatasetFormat,
  reading: HeadReading,
  signal: AbortSignal | undefined,
): Promise<DatasetHead> {
  const { engine } = reading;
  const ask = (from: string): Promise<QueryResult> =>
    queryOne(engine, { path, signal, statements: [`SELECT * FROM ${from} LIMIT ${HEAD_ROWS}`] });
  if (format.startsWith('jsonl')) return fromLines(await ask(headLinesRelation(path, format)));
  if (format === 'parquet') return fromTable(await ask(`read_parquet(${sqlFile(path)})`));
  if (format === 'arrow') return fromTable(await arrowHead(path, reading, ask, signal));
  return fromTable(await ask(headTableRelation(path, format)));
}

/** CSV and TSV as they are written: what a column is takes all of its values. Reads little ahead. */
function headTableRelation(path: string, format: DatasetFormat): string {
  const delimiter = format.startsWith('tsv') ? `delim = '\t',` : '';
  return `read_csv(${sqlFile(path)}, header = true, ${delimiter} all_varchar = true, sample_size = ${HEAD_ROWS},
    ignore_errors = true, max_line_size = ${HEAD_LINE_BYTES}, buffer_size = ${2 * HEAD_LINE_BYTES},
    compression = '${compressionOf(format)}')`;
}

/** The first batches, through a small Parquet file. */
async function arrowHead(
  path: string,
  { cacheFolder, spawnArrow }: HeadReading,
  ask: (from: string) => Promise<QueryResult>,
  signal: AbortSignal | undefined,
): Promise<QueryResult> {
  const folder = await cacheFolder();
  await makeFolder(folder);
  const target = join(folder, `${randomBytes(12).toString('hex')}.head.tmp`);
  try {
    await convertArrow(
      { path, target, rowGroupRows: HEAD_ROWS, maxRows: HEAD_ROWS },
      { spawn: spawnArrow, signal },
    );
    return await ask(`read_parquet(${sqlFile(target)})`);
  } finally {
    await rm(target, { force: true });
  }
}

function fromTable({ names, columns, rows }: QueryResult): DatasetHead {
  const shown = columns.slice(0, HEAD_COLUMNS);
  return {
    columns: names.slice(0, HEAD_COLUMNS),
    rows: Array.from({ length: rows }, (_, row) => shown.map((column) => shortCell(column[row]))),
  };
}

function fromLines({ columns: [lines = []] }: QueryResult): DatasetHead {
  const objects = lines.flatMap((line) => {
    const object = typeof line === 'string' ? parseObject(line) : null;
    return object === null ? [] : [object];
  });
  const columns = [...new Set(objects.flatMap((object) => Object.keys(object)))].slice(0, HEAD_COLUMNS);
  const rows = objects.map((object) => columns.map((name) => shortCell(object[name])));
  return { columns, rows };
}

function shortCell(value: unknown): DatasetHead['rows'][number][number] {
  const cell = toCell(value);
  return typeof cell === 'string' ? cell.slice(0, HEAD_CHARACTERS) : cell;
}

function parseObject(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : null;
  } catch {
    // Broken lines are counted and shown when the file is open.
    return null;
  }
}
