// A dataset that is ready to be read: where its rows are (the Parquet itself, or the Parquet made from its lines).
import type { DatasetColumn, DatasetInfo } from '../../api/datasets.ts';
import { StudioError } from '../../api/errors.ts';
import { sqlFile } from './sql.ts';

export interface DatasetSource {
  /** The file the person opened. */
  readonly path: string;
  /** The Parquet file the rows are read from. */
  readonly parquetPath: string;
  readonly modifiedMs: number;
  /** `info.path` is whatever name the caller uses for the file. */
  readonly info: Omit<DatasetInfo, 'path'>;
}

/** SQL relation with a `file_row_number` beside the columns of the file. */
export function relation(source: DatasetSource): string {
  return `read_parquet(${sqlFile(source.parquetPath)}, file_row_number = true)`;
}

export function requireColumn(source: DatasetSource, name: string): DatasetColumn {
  const column = source.info.columns.find((candidate) => candidate.name === name);
  if (column) return column;
  const names = source.info.columns.map((candidate) => candidate.name);
  throw new StudioError('INVALID_INPUT', `There is no column ${name}`, {
    hint: `The columns are: ${names.slice(0, 20).join(', ')}`,
    path: source.path,
  });
}
