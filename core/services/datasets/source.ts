// A dataset that is ready to be read: one thing over 1 to 1000 files, with global row numbers. `relation` is how everybody reads
// it: as one SQL relation with every column, the fields inside nested ones, and the number of each row.
import type { DatasetColumn, DatasetInfo } from '../../api/dataset-shape.ts';
import { basename } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import { isNumericType } from '../../lib/datasets/merge-types.ts';
import type { DatasetFormat } from './detect.ts';
import type { ImportedTokens } from './tokenized/import-tokens.ts';
import { sqlFile, sqlName, sqlText } from './sql.ts';

/** The column of `relation` that numbers the rows of the whole dataset, from 0. */
export const ROW_NUMBER = 'file_row_number';
/** Up to here each file gets a SELECT of its own: what asks for one file reads one. Above, planning so many takes longer. */
const MAX_SELECTS = 32;

export interface SourceFile {
  /** Absolute. */
  readonly path: string;
  /** Below the folder of the dataset, with forward slashes. */
  readonly name: string;
  /** The Parquet file the rows are read from: the file itself, or what was made from it. */
  readonly parquetPath: string;
  readonly format: DatasetFormat;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly rows: number;
  /** Number in the dataset of its first row. */
  readonly firstRow: number;
  /** SQL over the columns of this file, one for each of `DatasetSource.columns`. */
  readonly expressions: readonly string[];
  /** Of a tokenized file: its texts are decoded for the rows that are looked at. */
  readonly tokens?: ImportedTokens;
}

/** A column of the relation. */
export interface SourceColumn {
  readonly name: string;
  readonly type: string;
  /** `stored`: a column of the files. `field`: what lies inside one. */
  readonly kind: 'stored' | 'field';
}

export interface DatasetSource {
  /** The file, folder or glob the person opened; absolute. */
  readonly path: string;
  /** In the order of their rows; at least one. */
  readonly files: readonly SourceFile[];
  readonly columns: readonly SourceColumn[];
  /** How many the path stands for, those that are left out counted too. */
  readonly foundFiles: number;
  /** Newest of the files. */
  readonly modifiedMs: number;
  /** Another one when any file is another one. */
  readonly stamp: string;
  /** `info.path` is whatever name the caller uses for the dataset. */
  readonly info: Omit<DatasetInfo, 'path'>;
}

/** Some of the rows, so that only the files that hold them are read. */
export type RowChoice =
  | { readonly kind: 'range'; readonly first: number; readonly last: number }
  | { readonly kind: 'list'; readonly rows: readonly number[] };

/**
 * SQL relation with `file_row_number` beside every column of `info.columns`, and beside the nested columns they lie in. In the
 * order of the rows. With `choice` it has those rows alone, and reads no other file.
 */
export function relation(source: DatasetSource, choice?: RowChoice): string {
  if (choice) return chosenRelation(source, choice);
  const selects = runsOf(source.files).map((run) => selectOf(source, run, null));
  return `(${selects.join(' UNION ALL ')})`;
}

/** What `SELECT` needs to give rows of `relation` back in the shape that they have in the files. */
export function storedColumns(source: DatasetSource, alias?: string): string {
  const prefix = alias === undefined ? '' : `${alias}.`;
  return source.columns
    .filter(({ kind }) => kind === 'stored')
    .map(({ name }) => `${prefix}${sqlName(name)}`)
    .join(', ');
}

/** The same for JSON, which has no NaN and no infinity; DuckDB would write them all the same. */
export function finiteColumns(source: DatasetSource): string {
  return source.columns
    .filter(({ kind }) => kind === 'stored')
    .map(({ name, type }) => {
      const column = sqlName(name);
      const isFloat = type === 'FLOAT' || type === 'DOUBLE';
      return isFloat ? `CASE WHEN isfinite(${column}) THEN ${column} END AS ${column}` : column;
    })
    .join(', ');
}

function chosenRelation(source: DatasetSource, choice: RowChoice): string {
  const selects = source.files.flatMap((file) => {
    const own = conditionIn(file, choice);
    return own === null ? [] : [selectOf(source, [file], own)];
  });
  const [first] = source.files;
  if (selects.length === 0 && first) selects.push(selectOf(source, [first], 'false'));
  return `(${selects.join(' UNION ALL ')})`;
}

/** Which rows of one file are wanted, by their number in it; null for none. */
function conditionIn(file: SourceFile, choice: RowChoice): string | null {
  const { firstRow, rows } = file;
  if (choice.kind === 'range') {
    const first = Math.max(0, choice.first - firstRow);
    const last = Math.min(rows - 1, choice.last - firstRow);
    return first > last ? null : `${ROW_NUMBER} BETWEEN ${first} AND ${last}`;
  }
  const own = choice.rows.filter((row) => row >= firstRow && row < firstRow + rows);
  return own.length === 0 ? null : `${ROW_NUMBER} IN (${own.map((row) => row - firstRow).join(', ')})`;
}

/** Neighbours that are read with the same expressions are read together. */
function runsOf(files: readonly SourceFile[]): readonly (readonly SourceFile[])[] {
  if (files.length <= MAX_SELECTS) return files.map((file) => [file]);
  const runs: SourceFile[][] = [];
  for (const file of files) {
    const run = runs.at(-1);
    const same = run?.[0]?.expressions.every((expression, index) => expression === file.expressions[index]);
    if (run && same) run.push(file);
    else runs.push([file]);
  }
  return runs;
}

function selectOf(source: DatasetSource, run: readonly SourceFile[], where: string | null): string {
  const [first] = run;
  const single = run.length === 1;
  const { fileColumn } = source.info;
  const place = (values: readonly string[]): string => `[${values.join(', ')}][file_index::INTEGER + 1]`;
  const number = single
    ? first?.firstRow === 0
      ? ROW_NUMBER
      : `${ROW_NUMBER} + ${first?.firstRow ?? 0}`
    : `${ROW_NUMBER} + ${place(run.map(({ firstRow }) => `${firstRow}::BIGINT`))}`;
  const names = run.map(({ name }) => sqlText(name));
  const columns = [
    `${number} AS ${ROW_NUMBER}`,
    ...source.columns.map(({ name }, index) => {
      const expression = first?.expressions[index] ?? 'NULL';
      return expression === sqlName(name) ? expression : `${expression} AS ${sqlName(name)}`;
    }),
    ...(fileColumn === null
      ? []
      : [`${single ? (names[0] ?? "''") : place(names)} AS ${sqlName(fileColumn)}`]),
  ];
  const files = run.map(({ parquetPath }) => sqlFile(parquetPath));
  const from = `read_parquet(${single ? files.join('') : `[${files.join(', ')}]`}, ${ROW_NUMBER} = true)`;
  // WHERE sees the number in the file, never the alias: a column of the table comes before one of the SELECT.
  return `SELECT ${columns.join(', ')} FROM ${from}${where === null ? '' : ` WHERE ${where}`}`;
}

/** What the window shows, and the nested columns whose fields it shows instead: older links and views name those. */
export function everyColumn(source: DatasetSource): readonly DatasetColumn[] {
  const shown = new Set(source.info.columns.map(({ name }) => name));
  const hidden = source.columns.filter(({ name }) => !shown.has(name));
  return [
    ...source.info.columns,
    ...hidden.map(({ name, type }) => ({ name, type, numeric: isNumericType(type) })),
  ];
}

/** Texts of tokenized files are decoded for the rows that are shown; no column of the relation holds them. */
export function isDecodedText(source: DatasetSource, column: string): boolean {
  return column.toLowerCase() === 'text' && source.files.some(({ tokens }) => tokens !== undefined);
}

/** For everything that reads texts as a column. Throws INVALID_INPUT where the column of a tokenized file is empty in the table. */
export function requireStoredText(source: DatasetSource, column: string): void {
  if (!isDecodedText(source, column)) return;
  throw new StudioError('INVALID_INPUT', `${basename(source.path)} holds token ids, no text to work on`, {
    hint: 'Take the corpus that the tokens were made from',
    path: source.path,
  });
}

export function requireColumn(source: DatasetSource, name: string): DatasetColumn {
  const column = everyColumn(source).find((candidate) => candidate.name === name);
  if (column) return column;
  const names = source.info.columns.map((candidate) => candidate.name);
  throw new StudioError('INVALID_INPUT', `There is no column ${name}`, {
    hint: `The columns are: ${names.slice(0, 20).join(', ')}`,
    path: source.path,
  });
}
