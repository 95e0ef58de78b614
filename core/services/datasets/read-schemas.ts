// The columns and the row count of each file of a dataset, from its Parquet footer; of JSON columns also the fields inside.
import { basename } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import {
  jsonLeaves,
  type NestedColumn,
  structLeaves,
  wholeColumn,
} from '../../lib/datasets/nested-columns.ts';
import type { QueryResult } from '../../../native/duckdb/protocol.ts';
import type { DatasetEngine } from './engine.ts';
import type { DamageReport } from './damage-report.ts';
import type { ReadyFile } from './ready-file.ts';
import { ROW_NUMBER } from './source.ts';
import { sqlFile } from './sql.ts';

/** Fields of JSON objects are looked for in this many rows; what appears later only is not offered. */
export const JSON_ROWS = 1000;
/** Asked of each file. */
const STATEMENTS = 4;
/** Files a request to the child asks about, so that a cancel is heard between two. */
const FILES_AT_ONCE = 50;

export interface FileSchema {
  readonly file: ReadyFile;
  readonly rows: number;
  /** As stored, in the order of the file. */
  readonly stored: readonly NestedColumn[];
  /** Of the stored columns that are nested: what stands for them, by their name. */
  readonly inside: ReadonlyMap<string, readonly NestedColumn[]>;
  /** Nested columns whose fields were looked for in some rows only. */
  readonly sampled: readonly string[];
}

export interface SchemaOptions {
  readonly engine: DatasetEngine;
  readonly signal?: AbortSignal | undefined;
}

/** One schema a file that can be read. */
export async function readSchemas(
  files: readonly ReadyFile[],
  options: SchemaOptions,
  damaged: DamageReport,
): Promise<readonly FileSchema[]> {
  const schemas: FileSchema[] = [];
  for (let first = 0; first < files.length; first += FILES_AT_ONCE) {
    const some = files.slice(first, first + FILES_AT_ONCE);
    const together = some.length === 1 ? null : await readSome(some, options).catch(() => null);
    if (together) {
      schemas.push(...together);
      continue;
    }
    options.signal?.throwIfAborted();
    // One of them cannot be read: each alone, to know which.
    for (const file of some) {
      await damaged.guard(file, async () => {
        schemas.push(...(await readSome([file], options)));
      });
    }
  }
  return schemas;
}

/** A column may be called as what every object has: constructor, __proto__. */
function structureOf({ structures }: ReadyFile, column: string): string | undefined {
  return structures !== undefined && Object.hasOwn(structures, column) ? structures[column] : undefined;
}

async function readSome(
  files: readonly ReadyFile[],
  { engine, signal }: SchemaOptions,
): Promise<readonly FileSchema[]> {
  const path = files[0]?.path ?? '';
  const described = await engine.query({
    path,
    signal,
    statements: files.flatMap(({ path: given, parquetPath }) => [
      `DESCRIBE SELECT * FROM read_parquet(${sqlFile(parquetPath)})`,
      `SELECT coalesce(sum(num_rows), 0)::BIGINT FROM parquet_file_metadata(${sqlFile(parquetPath)})`,
      given === parquetPath ? placesSql(parquetPath) : 'SELECT NULL, NULL',
      // What pyarrow calls null: DuckDB says INTEGER.
      `SELECT name FROM parquet_schema(${sqlFile(parquetPath)}) WHERE logical_type = 'NullType()'`,
    ]),
  });
  const schemas = files.map((file, index) => {
    const rows = Number(described[STATEMENTS * index + 1]?.columns[0]?.[0] ?? 0);
    requireHonest(file, rows, described[STATEMENTS * index + 2]);
    const nulls = new Set((described[STATEMENTS * index + 3]?.columns[0] ?? []).map(String));
    const stored = storedOf(file, described[STATEMENTS * index]).map((column) =>
      nulls.has(column.name) && column.type === 'INTEGER' ? { ...column, isNull: true } : column,
    );
    return {
      file,
      stored,
      rows,
      json: stored.filter(({ name, type }) => type === 'JSON' && structureOf(file, name) === undefined),
    };
  });
  const withJson = schemas.filter(({ json }) => json.length > 0);
  const structures =
    withJson.length === 0
      ? []
      : await engine.query({
          path,
          signal,
          statements: withJson.map(({ file, json }) => {
            const fields = json.map(({ expression }) => `json_group_structure(${expression})::VARCHAR`);
            return `SELECT ${fields.join(', ')}
              FROM (SELECT * FROM read_parquet(${sqlFile(file.parquetPath)}) LIMIT ${JSON_ROWS})`;
          }),
        });
  return schemas.map((schema) => {
    const { file, rows, stored, json } = schema;
    const structure = structures[withJson.indexOf(schema)];
    const inside = new Map(stored.map((column) => [column.name, structLeaves(column)]));
    for (const column of stored) {
      const whole = structureOf(file, column.name);
      if (whole !== undefined) inside.set(column.name, jsonLeaves(column, whole, true));
    }
    for (const [index, column] of json.entries()) {
      const text = structure?.columns[index]?.[0];
      inside.set(column.name, jsonLeaves(column, typeof text === 'string' ? text : null, false));
    }
    const isSample = rows > JSON_ROWS && file.structures === undefined;
    const sampled = isSample ? json.map(({ name }) => name).filter((name) => inside.get(name)?.length) : [];
    return { file, rows, stored, inside, sampled };
  });
}

/** Rows of all row groups, and where the last of their bytes lies. */
function placesSql(parquetPath: string): string {
  return `SELECT (sum(row_group_num_rows) FILTER (column_id = 0))::BIGINT,
      max(coalesce(least(dictionary_page_offset, data_page_offset), data_page_offset) + total_compressed_size)::BIGINT
    FROM parquet_metadata(${sqlFile(parquetPath)})`;
}

/** A footer that contradicts itself or the file would show rows that are not there. Throws CORRUPT_FILE. */
function requireHonest(file: ReadyFile, rows: number, places: QueryResult | undefined): void {
  const [inGroups, end] = places?.columns.map(([value]) => value ?? null) ?? [];
  const name = basename(file.path);
  const count = (value: unknown): string => Number(value).toLocaleString('en');
  const problem =
    typeof inGroups === 'bigint' && Number(inGroups) !== rows
      ? `its footer promises ${count(rows)} rows, its row groups ${count(inGroups)}`
      : typeof end === 'bigint' && Number(end) > file.detected.sizeBytes
        ? `its footer names bytes up to ${count(end)}, it has ${count(file.detected.sizeBytes)}`
        : null;
  if (problem === null) return;
  throw new StudioError('CORRUPT_FILE', `${name} is damaged: ${problem}`, {
    hint: 'Copy or download the file again and compare its size with the original',
    path: file.path,
  });
}

function storedOf(file: ReadyFile, described: QueryResult | undefined): readonly NestedColumn[] {
  const [names = [], types = []] = described?.columns ?? [];
  const stored = names.map((name, index) => wholeColumn(String(name), String(types[index])));
  if (!stored.some(({ name }) => name.toLowerCase() === ROW_NUMBER)) return stored;
  throw new StudioError('INVALID_INPUT', `A column of ${basename(file.path)} is called ${ROW_NUMBER}`, {
    hint: 'Rename it: DuckDB needs that name to find rows by their number',
    path: file.path,
  });
}
