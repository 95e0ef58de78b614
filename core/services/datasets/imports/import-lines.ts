// JSON lines into Parquet through DuckDB. Most files hold nothing but objects, of the types their first lines have: they are written at
// once while every line is looked at. What does not fit that is found, and imported line by line with the broken ones counted.
import type { DatasetInfo } from '../../../api/dataset-shape.ts';
import { StudioError } from '../../../api/errors.ts';
import {
  brokenLinesStatements,
  compressionOf,
  isObjectLine,
  linesRelation,
  MAX_LINE_BYTES,
  readBrokenLines,
} from './broken-lines.ts';
import type { DatasetFormat } from '../detect.ts';
import type { DatasetEngine } from '../engine.ts';
import { requireEndingLines } from './endless-lines.ts';
import { inferColumns, sampleColumns, type TextColumn, wholeColumns } from './infer-columns.ts';
import { sqlFile, sqlName, sqlText } from '../sql.ts';
import { requireWhole } from './whole-file.ts';

/** Parquet has no table without columns: lines that are empty objects keep their row in this one. */
const EMPTY_COLUMN = '(empty)';
/** Shares of the careful import, as measured on 260 MB: types 0.4 s, broken lines 0.8 s, writing 1.0 s. */
const STAGES = { types: 0.2, broken: 0.35, write: 0.45 };

export interface LinesImport {
  readonly path: string;
  readonly format: DatasetFormat;
  readonly sizeBytes: number;
  /** The Parquet file to write. */
  readonly target: string;
  readonly rowGroupRows: number;
}

export interface LinesWork {
  readonly engine: DatasetEngine;
  readonly signal?: AbortSignal | undefined;
  /** Share done, 0–1. */
  readonly onProgress?: ((share: number) => void) | undefined;
}

export interface ImportedLines {
  readonly brokenLines: DatasetInfo['brokenLines'];
  readonly columns: readonly TextColumn[];
}

/** Throws StudioError. */
export async function importLines(wish: LinesImport, work: LinesWork): Promise<ImportedLines> {
  const columns = await importAtOnce(wish, work);
  work.signal?.throwIfAborted();
  if (columns !== null) return { brokenLines: { count: 0, first: [] }, columns };
  return importCarefully(wish, work);
}

/**
 * Null when the file needs a closer look. Three things at a time, of which the first alone takes a whole core: what types all lines
 * have, the writing with those of the first lines, and whether a compressed file is whole.
 */
async function importAtOnce(wish: LinesImport, work: LinesWork): Promise<readonly TextColumn[] | null> {
  const { path, format } = wish;
  const { engine, signal, onProgress } = work;
  const expected = await sampleColumns(wish, engine, signal);
  if (expected === null) {
    await requireWhole(path, format, signal);
    return null;
  }
  const giveUp = new AbortController();
  const ending = signal ? AbortSignal.any([signal, giveUp.signal]) : giveUp.signal;
  const types = wholeColumns(wish, engine, ending).then((found) => {
    // What was written so far is of no use.
    if (found === null || !isSame(found, expected)) giveUp.abort();
    return found;
  });
  const written = writeObjects(wish, expected, { engine, signal: ending, onProgress }).then(
    () => true,
    (error: unknown) => {
      giveUp.abort();
      if (isOfEngine(error)) throw error;
      return false;
    },
  );
  const [whole, found, isWritten] = await Promise.allSettled([
    requireWhole(path, format, signal),
    types,
    written,
  ]);
  signal?.throwIfAborted();
  if (whole.status === 'rejected') throw whole.reason;
  if (isWritten.status === 'rejected') throw isWritten.reason;
  if (found.status === 'rejected') {
    if (isOfEngine(found.reason)) throw found.reason;
    return null;
  }
  if (!isWritten.value || found.value === null || !isSame(found.value, expected)) return null;
  return (await hasEmptyRow(wish, expected, work)) ? null : expected;
}

/** What another way of reading would not mend. */
function isOfEngine(error: unknown): boolean {
  return !(error instanceof StudioError) || error.code === 'RUNTIME_DIED' || error.code === 'DISK_FULL';
}

function isSame(found: readonly TextColumn[], expected: readonly TextColumn[]): boolean {
  return JSON.stringify(found) === JSON.stringify(expected);
}

async function writeObjects(
  { path, format, target, rowGroupRows }: LinesImport,
  columns: readonly TextColumn[],
  { engine, signal, onProgress }: LinesWork,
): Promise<void> {
  const types = columns.map(({ key, type }) => `${sqlName(key)}: ${sqlText(type)}`).join(', ');
  await engine.query({
    path,
    signal,
    statements: [
      `COPY (SELECT * FROM read_json(${sqlFile(path)}, format = 'newline_delimited', columns = {${types}},
         maximum_object_size = ${MAX_LINE_BYTES}, compression = '${compressionOf(format)}'))
       TO ${sqlText(target)} (FORMAT parquet, ROW_GROUP_SIZE ${rowGroupRows})`,
    ],
    onProgress: (_, percent) => onProgress?.(percent / 100),
  });
}

/** A line of `null` is read as a row without a value, and so is `{}`: the two are told apart line by line. */
async function hasEmptyRow(
  { path, target }: LinesImport,
  columns: readonly TextColumn[],
  { engine, signal }: LinesWork,
): Promise<boolean> {
  const empty = columns.map(({ name }) => `${sqlName(name)} IS NULL`).join(' AND ');
  const [found] = await engine.query({
    path,
    signal,
    statements: [`SELECT count(*) FROM (FROM read_parquet(${sqlFile(target)}) WHERE ${empty} LIMIT 1)`],
  });
  return Number(found?.columns[0]?.[0] ?? 0) > 0;
}

async function importCarefully(wish: LinesImport, work: LinesWork): Promise<ImportedLines> {
  const { path, format, target, rowGroupRows } = wish;
  const { engine, signal, onProgress } = work;
  await requireEndingLines(wish, engine, signal);
  const columns = await inferColumns(wish, engine, {
    signal,
    onProgress: (percent) => onProgress?.((STAGES.types * percent) / 100),
  });
  const broken = await engine.query({
    path,
    signal,
    statements: brokenLinesStatements(path, format),
    onProgress: (_, percent) => onProgress?.(STAGES.types + (STAGES.broken * percent) / 100),
  });
  const lines = `FROM ${linesRelation(path, format, false)} WHERE ${isObjectLine}`;
  await engine.query({
    path,
    signal,
    statements: [
      `COPY (SELECT ${projection(columns)} ${lines}) TO ${sqlText(target)} (FORMAT parquet, ROW_GROUP_SIZE ${rowGroupRows})`,
    ],
    onProgress: (_, percent) => onProgress?.(STAGES.types + STAGES.broken + (STAGES.write * percent) / 100),
  });
  return { brokenLines: readBrokenLines(broken), columns };
}

function projection(columns: readonly TextColumn[]): string {
  if (columns.length === 0) return `NULL::VARCHAR AS ${sqlName(EMPTY_COLUMN)}`;
  const typed = (of: readonly TextColumn[]): string =>
    `from_json(line, ${sqlText(JSON.stringify(Object.fromEntries(of.map(({ key, type }) => [key, type]))))})`;
  if (columns.every(({ name, key }) => name === key)) return `unnest(${typed(columns)})`;
  // One struct cannot hold keys that differ only in case, so each column is taken out alone.
  return columns
    .map((column) => `struct_extract_at(${typed([column])}, 1) AS ${sqlName(column.name)}`)
    .join(', ');
}
