// A tokenized file as datatrove writes it (0.10): `.ds` holds token ids and nothing else, `.ds.index` where documents end,
// `.ds.metadata` by which tokenizer. What is missing or does not fit together is a finding; the file is read all the same.
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../../api/errors.ts';
import { openRegularFile } from '../../files/open-regular-file.ts';

export const tokenFileFacts = z.object({
  bytesPerToken: z.union([z.literal(2), z.literal(4)]),
  tokens: z.number(),
  documents: z.number(),
  /** As the metadata names it; null without metadata. */
  tokenizer: z.string().nullable(),
  /** Without an index that can be used, documents are windows of this many tokens. */
  windowTokens: z.number().nullable(),
  /** Sentences about what is missing or wrong. */
  findings: z.array(z.string()),
});
export type TokenFileFacts = z.infer<typeof tokenFileFacts>;

/** Three short lines; the first holds a path. */
const MAX_METADATA_BYTES = 65_536;
/** What a row is when nobody says where documents end: a page of text, and the usual length of a training sample. */
export const WINDOW_TOKENS = 2048;
const INDEX_CHUNK_BYTES = 4_194_304;
/** Ids above any vocabulary of today: two bytes are tried before four. */
const LARGEST_VOCABULARY = 1_048_576;
const GUESS_BYTES = 65_536;

/** Sizes and times of the three files, newest time first: what an import of them is known by. */
export async function tokenFileStamp(path: string): Promise<{ sizeBytes: number; modifiedMs: number }> {
  await using file = await openRegularFile(path, 'Open a .ds file');
  let modifiedMs = file.info.mtimeMs;
  for (const name of [`${path}.index`, `${path}.metadata`]) {
    const companion = await stat(name).catch(() => null);
    if (companion !== null) modifiedMs = Math.max(modifiedMs, companion.mtimeMs);
  }
  return { sizeBytes: file.info.size, modifiedMs };
}

/** Reads the companions and compares them with the file. Throws CORRUPT_FILE only when there is nothing to read at all. */
export async function inspectTokenFile(path: string, signal?: AbortSignal): Promise<TokenFileFacts> {
  const name = basename(path);
  const { size } = await stat(path);
  const findings: string[] = [];
  const metadata = await readMetadata(`${path}.metadata`, findings);
  const index = await scanIndex(`${path}.index`, findings, signal);
  const bytesPerToken =
    metadata.bytesPerToken ?? sizeByIndex(size, index) ?? (await guessBytes(path, findings));
  const tokens = Math.floor(size / bytesPerToken);
  if (size === 0) {
    throw new StudioError('CORRUPT_FILE', `${name} is empty: it has 0 bytes`, {
      hint: 'The rank that wrote it found no documents, or crashed. Leave it out',
      path,
    });
  }
  if (size % bytesPerToken !== 0) {
    findings.push(`${name} ends in the middle of a token: it was cut off or is still being written`);
  }
  if (metadata.tokens !== null && metadata.tokens !== tokens) {
    findings.push(
      `The metadata of ${name} promise ${counted(metadata.tokens, 'token')} of ${bytesPerToken} bytes, the file holds ${counted(tokens, 'token')}`,
    );
  }
  const usable = index !== null && index.isMonotonic ? index : null;
  if (usable !== null && usable.last !== tokens) {
    findings.push(
      usable.last > tokens
        ? `The index of ${name} goes to token ${number(usable.last)}, the file only to ${number(tokens)}: the last documents are cut`
        : `The index of ${name} ends at token ${number(usable.last)}: ${counted(tokens - usable.last, 'token')} after it belong to no document`,
    );
  }
  if (usable === null) {
    findings.push(
      `Where documents end is not known for ${name}: rows are windows of ${number(WINDOW_TOKENS)} tokens`,
    );
  }
  return {
    bytesPerToken,
    tokens,
    documents: usable === null ? Math.ceil(tokens / WINDOW_TOKENS) : usable.documents,
    tokenizer: metadata.tokenizer,
    windowTokens: usable === null ? WINDOW_TOKENS : null,
    findings,
  };
}

interface Metadata {
  readonly tokenizer: string | null;
  readonly bytesPerToken: 2 | 4 | null;
  readonly tokens: number | null;
}

/** `tokenizer|bytes`, the count, and the count for people. */
async function readMetadata(path: string, findings: string[]): Promise<Metadata> {
  const nothing: Metadata = { tokenizer: null, bytesPerToken: null, tokens: null };
  const name = basename(path, '.metadata');
  const text = await readHead(path);
  if (text === null) {
    findings.push(`${name} has no metadata: the rank that wrote it crashed or is still at work`);
    return nothing;
  }
  const [first = '', second = ''] = text.split('\n');
  const bar = first.lastIndexOf('|');
  const tokenizer = (bar < 0 ? first : first.slice(0, bar)).trim();
  const bytes = bar < 0 ? Number.NaN : Number(first.slice(bar + 1));
  const tokens = /^\d+$/.test(second.trim()) ? Number(second) : null;
  if ((bytes !== 2 && bytes !== 4) || tokens === null || text.includes('\0')) {
    findings.push(
      `The metadata of ${name} cannot be read: its first line should be tokenizer|2 or tokenizer|4, its second the number of tokens`,
    );
  }
  return {
    tokenizer: tokenizer === '' || text.includes('\0') ? null : tokenizer,
    bytesPerToken: bytes === 2 || bytes === 4 ? bytes : null,
    tokens,
  };
}

async function readHead(path: string): Promise<string | null> {
  const handle = await open(path, 'r').catch(() => null);
  if (handle === null) return null;
  try {
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(MAX_METADATA_BYTES),
      0,
      MAX_METADATA_BYTES,
      0,
    );
    return buffer.toString('utf8', 0, bytesRead);
  } catch {
    // A folder of that name, or a disk that fails: no metadata.
    return null;
  } finally {
    await handle.close();
  }
}

interface IndexScan {
  readonly documents: number;
  /** The last end, in tokens. */
  readonly last: number;
  readonly isMonotonic: boolean;
}

/** Null without an index. */
async function scanIndex(
  path: string,
  findings: string[],
  signal: AbortSignal | undefined,
): Promise<IndexScan | null> {
  const name = basename(path, '.index');
  const info = await stat(path).catch(() => null);
  if (!info?.isFile()) return null;
  if (info.size === 0) {
    findings.push(`The index of ${name} is empty`);
    return null;
  }
  if (info.size % 8 !== 0)
    findings.push(`The index of ${name} is cut off: ${number(info.size)} bytes are no whole numbers`);
  let documents = 0;
  let last = 0;
  for await (const { ends } of indexChunks(path, signal)) {
    for (const end of ends) {
      if (end < last || end > Number.MAX_SAFE_INTEGER) {
        findings.push(
          `The index of ${name} goes backwards at document ${number(documents)}: it cannot be used`,
        );
        return { documents, last, isMonotonic: false };
      }
      last = end;
      documents += 1;
    }
  }
  return documents === 0 ? null : { documents, last, isMonotonic: true };
}

/** Ends of documents in tokens, some 500,000 at a time. A last part of fewer than 8 bytes is left out. */
export async function* indexChunks(
  path: string,
  signal?: AbortSignal,
): AsyncGenerator<{ readonly ends: readonly number[] }, void> {
  await using file = await openRegularFile(path, 'Open a .ds file');
  const buffer = Buffer.alloc(INDEX_CHUNK_BYTES);
  for (let at = 0; at + 8 <= file.info.size; ) {
    signal?.throwIfAborted();
    const { bytesRead } = await file.handle.read(buffer, 0, INDEX_CHUNK_BYTES, at);
    const whole = bytesRead - (bytesRead % 8);
    if (whole === 0) return;
    yield {
      ends: Array.from({ length: whole / 8 }, (_, index) => Number(buffer.readBigUInt64LE(index * 8))),
    };
    at += whole;
  }
}

function sizeByIndex(sizeBytes: number, index: IndexScan | null): 2 | 4 | null {
  if (index === null || !index.isMonotonic || index.last === 0) return null;
  const bytes = sizeBytes / index.last;
  return bytes === 2 || bytes === 4 ? bytes : null;
}

/** Ids of four bytes have a third byte that is nearly always 0 to 15 and a last one that is 0. */
async function guessBytes(path: string, findings: string[]): Promise<2 | 4> {
  await using file = await openRegularFile(path, 'Open a .ds file');
  const { buffer, bytesRead } = await file.handle.read(Buffer.alloc(GUESS_BYTES), 0, GUESS_BYTES, 0);
  let bytes: 2 | 4 = bytesRead >= 4 ? 4 : 2;
  for (let at = 0; at + 4 <= bytesRead; at += 4) {
    if (buffer.readUInt32LE(at) >= LARGEST_VOCABULARY) {
      bytes = 2;
      break;
    }
  }
  findings.push(
    `${basename(path)} says nowhere how large a token is: ${bytes} bytes are guessed from its ids`,
  );
  return bytes;
}

function number(value: number): string {
  return value.toLocaleString('en');
}

function counted(count: number, what: string): string {
  return `${number(count)} ${what}${count === 1 ? '' : 's'}`;
}
