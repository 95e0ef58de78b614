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
import type { DamageReport, ReadyFile } from './open.ts';
import { ROW_NUMBER } from './source.ts';
import { sqlFile } from './sql.ts';

/** Fields of JSON objects are looked for in this many rows; what appears later only is not offered. */
const JSON_ROWS = 1000;
/** Files a request to the child asks about, so that a cancel is heard between two. */
const FILES_AT_ONCE = 50;

export interface FileSchema {
  readonly file: ReadyFile;
  readonly rows: number;
  /** As stored, in the order of the file. */
  readonly stored: readonly NestedColumn[];
  /** Of the stored columns that are nested: what stands for them, by their name. */
  readonly inside: ReadonlyMap<string, readonly NestedColumn[]>;
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

async function readSome(
  files: readonly ReadyFile[],
  { engine, signal }: SchemaOptions,
): Promise<readonly FileSchema[]> {
  const path = files[0]?.path ?? '';
  const described = await engine.query({
    path,
    signal,
    statements: files.flatMap(({ parquetPath }) => [
      `DESCRIBE SELECT * FROM read_parquet(${sqlFile(parquetPath)})`,
      `SELECT coalesce(sum(num_rows), 0)::BIGINT FROM parquet_file_metadata(${sqlFile(parquetPath)})`,
    ]),
  });
  const schemas = files.map((file, index) => {
    const stored = storedOf(file, described[2 * index]);
    return {
      file,
      stored,
      rows: Number(described[2 * index + 1]?.columns[0]?.[0] ?? 0),
      json: stored.filter(({ type }) => type === 'JSON'),
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
    for (const [index, column] of json.entries()) {
      const text = structure?.columns[index]?.[0];
      inside.set(column.name, jsonLeaves(column, typeof text === 'string' ? text : null));
    }
    return { file, rows, stored, inside };
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
