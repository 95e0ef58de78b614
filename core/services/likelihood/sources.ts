// Where texts and pairs come from: those that are shipped, plain text, and everything that opens as a dataset.
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import {
  type HeldOutText,
  MAX_TEXT_CHARACTERS,
  type MinimalPair,
  type ParsedLines,
  parsePairs,
  parseTexts,
  UNKNOWN,
} from '../../lib/likelihood/documents.ts';
import { type DatasetEngine, queryOne } from '../datasets/engine.ts';
import type { DatasetLibrary } from '../datasets/library.ts';
import { relation } from '../datasets/source.ts';
import { sqlName } from '../datasets/sql.ts';
import { readTextFile } from '../files/read-text.ts';
import { judgedColumns } from '../judges/select-documents.ts';

const FOLDER = 'resources/texts';
const MAX_FILE_BYTES = 16 * 1024 * 1024;
const PLAIN = /\.(txt|md)$/i;

export interface Texts {
  readonly title: string;
  readonly texts: readonly HeldOutText[];
  /** More than were read. */
  readonly left: number | null;
}

export interface TextReading {
  readonly engine: DatasetEngine;
  readonly library: DatasetLibrary;
}

/** The texts that are shipped, written for this purpose and for nothing else. */
export async function heldOutTexts(appFolder: string): Promise<Texts> {
  return {
    title: 'Held-out texts of the studio',
    texts: await shipped(appFolder, 'held-out.', parseTexts),
    left: 0,
  };
}

export function shippedPairs(appFolder: string): Promise<readonly MinimalPair[]> {
  return shipped(appFolder, 'pairs.', parsePairs);
}

async function shipped<T>(
  appFolder: string,
  prefix: string,
  parse: (text: string) => ParsedLines<T>,
): Promise<readonly T[]> {
  const folder = join(appFolder, FOLDER);
  const names = (await readdir(folder)).filter((name) => name.startsWith(prefix)).sort();
  const rows: T[] = [];
  for (const name of names)
    rows.push(...whole(parse((await readTextFile(join(folder, name), MAX_FILE_BYTES)).text), name));
  return rows;
}

/** `path` is absolute. Throws INVALID_INPUT with the lines that are wrong. */
export async function pairsOfFile(path: string): Promise<readonly MinimalPair[]> {
  const { text } = await readTextFile(path, MAX_FILE_BYTES);
  const rows = whole(parsePairs(text), basename(path));
  if (rows.length > 0) return rows;
  throw empty(path, 'A pair is a line such as {"right": "…", "wrong": "…"}');
}

/** The first `limit` documents of a file. `path` is absolute. */
export async function textsOfFile(
  path: string,
  limit: number,
  reading: TextReading,
  signal?: AbortSignal,
): Promise<Texts> {
  const title = basename(path);
  if (PLAIN.test(path)) {
    const { text } = await readTextFile(path, MAX_FILE_BYTES);
    if (text.trim() === '') throw empty(path, 'Choose a file with text');
    const own = { id: title, language: UNKNOWN, domain: UNKNOWN, text: text.slice(0, MAX_TEXT_CHARACTERS) };
    return { title, texts: [own], left: 0 };
  }
  const source = await reading.library.open(path, signal);
  const { text, id, languageSql } = judgedColumns(source, null);
  const domain = source.info.columns.some(({ name }) => name === 'domain')
    ? `${sqlName('domain')}::VARCHAR`
    : 'NULL';
  const { columns, rows } = await queryOne(reading.engine, {
    statements: [
      `SELECT ${id === null ? 'NULL' : `${sqlName(id)}::VARCHAR`} AS id, ${languageSql} AS language, ${domain} AS domain,
        left(${sqlName(text)}::VARCHAR, ${MAX_TEXT_CHARACTERS}) AS text
        FROM ${relation(source)} WHERE length(trim(${sqlName(text)}::VARCHAR)) > 0 ORDER BY file_row_number LIMIT ${limit}`,
    ],
    path,
    signal,
  });
  if (rows === 0) throw empty(path, 'Choose a dataset with a column of texts');
  const cell = (column: number, row: number): string | null => {
    const value: unknown = columns[column]?.[row];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const texts = Array.from({ length: rows }, (_, row) => ({
    id: cell(0, row) ?? `row ${row + 1}`,
    language: cell(1, row) ?? UNKNOWN,
    domain: cell(2, row) ?? UNKNOWN,
    text: cell(3, row) ?? '',
  })).filter((one) => one.text !== '');
  return { title, texts, left: Math.max(0, source.info.rows - rows) };
}

function whole<T>({ rows, problems }: ParsedLines<T>, name: string): readonly T[] {
  if (problems.length === 0) return rows;
  throw new StudioError('INVALID_INPUT', `${name} cannot be used: ${problems.join('; ')}`, {
    hint: 'Mend these lines, or take them out',
  });
}

function empty(path: string, hint: string): StudioError {
  return new StudioError('INVALID_INPUT', `${basename(path)} has nothing to measure`, { hint, path });
}
