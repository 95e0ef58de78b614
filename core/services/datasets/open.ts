// Opens a data file: format, columns, row count, text column; JSON lines are imported into the cache first.
import { basename } from 'node:path';
import type { DatasetColumn } from '../../api/datasets.ts';
import { StudioError } from '../../api/errors.ts';
import { columnsFromDescribe, findTextColumn } from './columns.ts';
import { type DetectedFile, detectDataset } from './detect.ts';
import type { DatasetEngine } from './engine.ts';
import { importText, type ImportOptions } from './import-text.ts';
import type { DatasetSource } from './source.ts';
import { sqlFile } from './sql.ts';

const ROW_NUMBER = 'file_row_number';

export interface OpenProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export interface OpenOptions extends Omit<ImportOptions, 'onProgress'> {
  readonly onProgress?: ((progress: OpenProgress) => void) | undefined;
}

/** `path` is absolute. Throws NOT_FOUND, INVALID_INPUT, CORRUPT_FILE, CANCELLED, RUNTIME_DIED, DISK_FULL, TOO_LARGE. */
export async function openDataset(path: string, options: OpenOptions): Promise<DatasetSource> {
  const file = await detectDataset(path);
  const totalBytes = file.sizeBytes;
  const imported =
    file.format === 'parquet'
      ? { parquetPath: path, brokenLines: { count: 0, first: [] } }
      : await importText(path, file, {
          ...options,
          onProgress: (share) =>
            options.onProgress?.({ doneBytes: Math.round(Math.min(1, share) * totalBytes), totalBytes }),
        });
  const { columns, rows } = await readSchema(imported.parquetPath, path, options);
  return {
    path,
    parquetPath: imported.parquetPath,
    modifiedMs: file.modifiedMs,
    info: {
      format: file.format,
      sizeBytes: file.sizeBytes,
      rows,
      columns: [...columns],
      textColumn: findTextColumn(columns),
      brokenLines: imported.brokenLines,
    },
  };
}

/** True while the file on disk is the one that was opened. */
export function isSameFile(source: DatasetSource, file: DetectedFile): boolean {
  return source.info.sizeBytes === file.sizeBytes && source.modifiedMs === file.modifiedMs;
}

async function readSchema(
  parquetPath: string,
  path: string,
  options: { readonly engine: DatasetEngine; readonly signal?: AbortSignal | undefined },
): Promise<{ columns: readonly DatasetColumn[]; rows: number }> {
  const file = sqlFile(parquetPath);
  const results = await options.engine.query({
    path,
    signal: options.signal,
    statements: [
      `DESCRIBE SELECT * FROM read_parquet(${file})`,
      `SELECT coalesce(sum(num_rows), 0)::BIGINT FROM parquet_file_metadata(${file})`,
    ],
  });
  const [described, counted] = results;
  const columns = described ? columnsFromDescribe(described) : [];
  if (columns.some((column) => column.name.toLowerCase() === ROW_NUMBER)) {
    throw new StudioError('INVALID_INPUT', `A column of ${basename(path)} is called ${ROW_NUMBER}`, {
      hint: 'Rename it: DuckDB needs that name to find rows by their number',
      path,
    });
  }
  return {
    columns,
    rows: Number(counted?.columns[0]?.[0] ?? 0),
  };
}
