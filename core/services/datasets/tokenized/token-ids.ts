// The token ids of one document of a tokenized file, by its row: two numbers from the index, then only its own bytes.
import { basename } from 'node:path';
import { StudioError } from '../../../api/errors.ts';
import { openRegularFile } from '../../files/open-regular-file.ts';
import type { DatasetSource, SourceFile } from '../source.ts';
import type { TokenFileFacts } from './token-file.ts';

export interface DocumentIds {
  readonly ids: Uint32Array<ArrayBuffer>;
  /** Of the whole document; more than `ids` when it was cut. */
  readonly tokens: number;
}

/** The file a row lies in. Null for rows that come from other kinds of files. */
export function tokenFileOf(
  source: DatasetSource,
  row: number,
): { readonly file: SourceFile; readonly facts: TokenFileFacts; readonly document: number } | null {
  const file = source.files.find(({ firstRow, rows }) => row >= firstRow && row < firstRow + rows);
  return file?.tokens === undefined ? null : { file, facts: file.tokens, document: row - file.firstRow };
}

/** At most `limit` ids from the start of the document. Throws CORRUPT_FILE when the file is shorter than it was. */
export async function readDocumentIds(
  path: string,
  facts: TokenFileFacts,
  document: number,
  limit: number,
): Promise<DocumentIds> {
  const { start, end } = await rangeOf(path, facts, document);
  const tokens = Math.max(0, end - start);
  const wanted = Math.min(tokens, limit);
  await using file = await openRegularFile(path, 'Open a .ds file');
  const { bytesPerToken } = facts;
  const bytes = Buffer.alloc(wanted * bytesPerToken);
  const { bytesRead } = await file.handle.read(bytes, 0, bytes.length, start * bytesPerToken);
  if (bytesRead < bytes.length) {
    throw new StudioError('CORRUPT_FILE', `${basename(path)} is shorter than it was`, {
      hint: 'Open it again: another program writes it',
      path,
    });
  }
  const ids = new Uint32Array(wanted);
  for (let at = 0; at < wanted; at += 1) {
    ids[at] = bytesPerToken === 2 ? bytes.readUInt16LE(at * 2) : bytes.readUInt32LE(at * 4);
  }
  return { ids, tokens };
}

async function rangeOf(
  path: string,
  { windowTokens, tokens }: TokenFileFacts,
  document: number,
): Promise<{ readonly start: number; readonly end: number }> {
  if (windowTokens !== null) {
    const start = Math.min(document * windowTokens, tokens);
    return { start, end: Math.min(start + windowTokens, tokens) };
  }
  await using index = await openRegularFile(`${path}.index`, 'Open a .ds file');
  const bytes = Buffer.alloc(16);
  const from = document === 0 ? 0 : (document - 1) * 8;
  const length = document === 0 ? 8 : 16;
  await index.handle.read(bytes, 0, length, from);
  const ends = [bytes.readBigUInt64LE(0), bytes.readBigUInt64LE(8)].map(Number);
  const [start, end] = document === 0 ? [0, ends[0] ?? 0] : [ends[0] ?? 0, ends[1] ?? 0];
  return { start: Math.min(start, tokens), end: Math.min(end, tokens) };
}
