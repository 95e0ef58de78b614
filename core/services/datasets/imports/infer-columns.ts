// The columns of a JSON-lines file and their types, from every line of it.
import { z } from 'zod';
import { StudioError } from '../../../api/errors.ts';
import { compressionOf, isObjectLine, linesRelation, MAX_LINE_BYTES } from './broken-lines.ts';
import type { QueryResult } from '../../../../native/duckdb/protocol.ts';
import { columnsFromDescribe } from '../columns.ts';
import type { DatasetFormat } from '../detect.ts';
import { type DatasetEngine, queryOne } from '../engine.ts';
import { sqlFile } from '../sql.ts';

/** Thousands of different keys mean an object used as a map, not a table. */
const MAX_COLUMNS = 500;
/** Enough to know the types of a corpus; what comes later is compared. */
const SAMPLE_LINES = 20_480;
const scalarTypes = /^(BOOLEAN|BIGINT|UBIGINT|HUGEINT|DOUBLE|VARCHAR)$/;

export interface TextFile {
  readonly path: string;
  readonly format: DatasetFormat;
}

export interface InferOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((percent: number) => void) | undefined;
}

/** A column of the table: its name, the key in the objects, and its type. Names differ in more than case, keys may not. */
export interface TextColumn {
  readonly name: string;
  readonly key: string;
  readonly type: string;
}

/** JSON has no dates: text that looks like one stays as it is written. Nested and mixed values stay JSON text. */
function storedType(type: string): string {
  if (/^(DATE|TIME|TIMESTAMP|UUID)/.test(type)) return 'VARCHAR';
  return scalarTypes.test(type) ? type : 'JSON';
}

/**
 * One pass that reads about 600 MB/s; when a line is not an object, or keys differ only in case, DuckDB gives up on
 * columns or renames them, and the slow way (50 MB/s, measured) looks at the object lines alone.
 */
export async function inferColumns(
  file: TextFile,
  engine: DatasetEngine,
  options: InferOptions,
): Promise<readonly TextColumn[]> {
  const { path } = file;
  const described = await describe(file, engine, { ...options, lines: -1, ignoreErrors: true }).catch(
    (error: unknown) => {
      if (isLineTooLong(error)) return null;
      throw error;
    },
  );
  const types =
    (described === null ? null : typesOf(described)) ?? (await structureOfObjects(file, engine, options));
  if (types.size > MAX_COLUMNS) {
    throw new StudioError(
      'TOO_LARGE',
      `The objects have ${types.size} different fields; at most ${MAX_COLUMNS} are shown`,
      {
        hint: 'Put varying keys into one nested field',
        path,
      },
    );
  }
  return withDistinctNames(types);
}

/**
 * From the first lines. Null when they are no objects, when one of them is broken, or when a column holds nothing: what it holds later
 * decides about its type then.
 */
export async function sampleColumns(
  file: TextFile,
  engine: DatasetEngine,
  signal: AbortSignal | undefined,
): Promise<readonly TextColumn[] | null> {
  const described = await describeOrNull(file, engine, { signal, lines: SAMPLE_LINES });
  const isOpen = described?.columns[1]?.some((type) => type === 'JSON') ?? true;
  return isOpen ? null : columnsOrNull(described);
}

/** From every line. Null when one of them is no object. */
export async function wholeColumns(
  file: TextFile,
  engine: DatasetEngine,
  signal: AbortSignal | undefined,
): Promise<readonly TextColumn[] | null> {
  return columnsOrNull(await describeOrNull(file, engine, { signal, lines: -1 }));
}

function columnsOrNull(described: QueryResult | null): readonly TextColumn[] | null {
  const types = described === null ? null : typesOf(described);
  return types === null || types.size > MAX_COLUMNS ? null : withDistinctNames(types);
}

/** Null for a failure that a closer look explains. */
async function describeOrNull(
  file: TextFile,
  engine: DatasetEngine,
  wish: { readonly signal: AbortSignal | undefined; readonly lines: number },
): Promise<QueryResult | null> {
  return describe(file, engine, { ...wish, ignoreErrors: false }).catch((error: unknown) => {
    const isOfFile =
      error instanceof StudioError && (error.code === 'CORRUPT_FILE' || error.code === 'INTERNAL');
    if (isOfFile) return null;
    throw error;
  });
}

/** Null when DuckDB did not find columns, or gave them other names. */
function typesOf(described: QueryResult): ReadonlyMap<string, string> | null {
  const columns = columnsFromDescribe(described);
  const gaveUp = (columns.length === 1 && columns[0]?.name === 'json') || hasRenamed(columns);
  return gaveUp ? null : new Map(columns.map((column) => [column.name, storedType(column.type)]));
}

function describe(
  { path, format }: TextFile,
  engine: DatasetEngine,
  wish: InferOptions & { readonly lines: number; readonly ignoreErrors: boolean },
): Promise<QueryResult> {
  return queryOne(engine, {
    path,
    signal: wish.signal,
    onProgress: (_, percent) => wish.onProgress?.(percent),
    statements: [
      `DESCRIBE SELECT * FROM read_json(${sqlFile(path)}, format = 'newline_delimited',
         ignore_errors = ${wish.ignoreErrors}, sample_size = ${wish.lines}, maximum_depth = 2,
         maximum_object_size = ${MAX_LINE_BYTES}, field_appearance_threshold = 0, map_inference_threshold = -1,
         compression = '${compressionOf(format)}')`,
    ],
  });
}

/** A line longer than two of DuckDB's buffers ends its whole reading; line by line it is skipped and counted. */
function isLineTooLong(error: unknown): boolean {
  return error instanceof StudioError && error.data.detail?.includes('maximum_object_size') === true;
}

/** `Text` beside `text` comes back as `text_1`. A key that is really called so only costs time. */
function hasRenamed(columns: readonly { readonly name: string }[]): boolean {
  const names = new Set(columns.map((column) => column.name.toLowerCase()));
  return columns.some(({ name }) => /_\d+$/.test(name) && names.has(name.toLowerCase().replace(/_\d+$/, '')));
}

/** SQL names ignore case, JSON keys do not: the second of two gets a number. */
function withDistinctNames(types: ReadonlyMap<string, string>): readonly TextColumn[] {
  const taken = new Set<string>();
  return [...types].map(([key, type]) => {
    let name = key;
    for (let number = 1; taken.has(name.toLowerCase()); number += 1) name = `${key}_${number}`;
    taken.add(name.toLowerCase());
    return { name, key, type };
  });
}

const structure = z.record(z.string(), z.unknown());

async function structureOfObjects(
  file: TextFile,
  engine: DatasetEngine,
  options: InferOptions,
): Promise<ReadonlyMap<string, string>> {
  const result = await queryOne(engine, {
    path: file.path,
    signal: options.signal,
    onProgress: (_, percent) => options.onProgress?.(percent),
    statements: [
      `SELECT json_group_structure(line::JSON)::VARCHAR FROM ${linesRelation(file.path, file.format, false)}
       WHERE ${isObjectLine}`,
    ],
  });
  const json = result.columns[0]?.[0];
  const fields = structure.parse(typeof json === 'string' ? JSON.parse(json) : {});
  return new Map(
    Object.entries(fields).map(([name, type]) => [
      name,
      typeof type === 'string' ? storedType(type) : 'JSON',
    ]),
  );
}
