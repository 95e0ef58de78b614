// Full-text search in tokenized files: their documents are decoded a part at a time and looked through, and the numbers of the rows
// that hold the words are kept as a Parquet file in the cache. Knows nothing about views.
import { createHash, randomBytes } from 'node:crypto';
import { rename, rm, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StudioError } from '../../../api/errors.ts';
import { pruneCache } from '../../cache/cache-folder.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { openRegularFile } from '../../files/open-regular-file.ts';
import type { TokenWorkers } from '../../tokenizers/token-workers.ts';
import type { DatasetEngine } from '../engine.ts';
import type { DatasetSource, SourceFile } from '../source.ts';
import { sqlFile, sqlText } from '../sql.ts';

/** Tokens that are decoded together: about a megabyte of text. A longer document is looked through in parts. */
const PART_TOKENS = 262_144;
/** Documents of one part: each is a list of its own on the way to the child that decodes. */
const PART_DOCUMENTS = 4096;
/** What is not a document's last part reaches this much into the next one, beside the words themselves. */
const OVERLAP_TOKENS = 64;
/** Raised when other rows are found, so that older searches are made again. */
const SEARCH_VERSION = 1;
/** Of the names in the cache, those that a killed search left behind too. */
const PREFIX = 'search-';
/** Finds of ten million rows take about 40 MB, most take some kB: the last ones of every corpus a person goes through. */
const MAX_KEPT_BYTES = 268_435_456;
/** Longer than a search takes from its find to the rows of it. */
const IN_USE_MS = 3_600_000;

export interface TokenSearch {
  /** SQL relation with one column, `number`: the rows of tokenized files whose text holds `words`, in any case. */
  find(source: DatasetSource, words: string, work: SearchWork): Promise<string>;
}

export interface SearchWork {
  /** Absolute; null: as the metadata have it. */
  readonly tokenizer: string | null;
  readonly signal?: AbortSignal | undefined;
  /** 0–100 of the tokens. */
  readonly onProgress?: ((percent: number) => void) | undefined;
}

export function createTokenSearch(options: {
  readonly engine: DatasetEngine;
  readonly workers: TokenWorkers;
  readonly cacheFolder: () => Promise<string>;
  /** The tokenizer of a file: absolute, or null where none is at hand. */
  readonly tokenizerOf: (source: DatasetSource, file: SourceFile, work: SearchWork) => Promise<string | null>;
  readonly maxKeptBytes?: number | undefined;
}): TokenSearch {
  const { engine, workers, cacheFolder, tokenizerOf, maxKeptBytes = MAX_KEPT_BYTES } = options;
  return {
    async find(source, words, work) {
      const { signal, onProgress } = work;
      const files = await Promise.all(
        source.files
          .filter(({ tokens }) => tokens !== undefined)
          .map(async (file) => ({ file, tokenizer: await tokenizerOf(source, file, work) })),
      );
      const key = createHash('sha256')
        .update(
          JSON.stringify([SEARCH_VERSION, source.stamp, words, files.map(({ tokenizer }) => tokenizer)]),
        )
        .digest('hex')
        .slice(0, 32);
      const folder = await cacheFolder();
      const target = join(folder, `${PREFIX}${key}.parquet`);
      const found = `(SELECT number FROM read_parquet(${sqlFile(target)}))`;
      if (await isUsed(target)) return found;
      await makeFolder(folder);
      const aside = join(folder, `${PREFIX}${key}.${randomBytes(4).toString('hex')}`);
      const [lines, table] = [`${aside}.csv.tmp`, `${aside}.tmp`];
      const total = files.reduce((sum, { file }) => sum + (file.tokens?.tokens ?? 0), 0);
      let before = 0;
      try {
        await writeFile(lines, '');
        for (const { file, tokenizer } of files) {
          if (tokenizer === null) throw noTokenizer(file);
          const rows = await searchFile(
            { file, tokenizer, words },
            {
              engine,
              workers,
              signal,
              onTokens: (done) => onProgress?.((100 * (before + done)) / Math.max(1, total)),
            },
          );
          await writeFile(lines, rows.map((row) => `${row}\n`).join(''), { flag: 'a' });
          before += file.tokens?.tokens ?? 0;
        }
        await engine.query({
          path: source.path,
          signal,
          statements: [
            `COPY (SELECT number FROM read_csv(${sqlFile(lines)}, auto_detect = false, header = false, delim = ',',
               columns = {'number': 'BIGINT'})) TO ${sqlText(table)} (FORMAT parquet)`,
          ],
        });
        await rename(table, target);
        await forgetOld(folder, maxKeptBytes);
        return found;
      } finally {
        await rm(lines, { force: true });
        await rm(table, { force: true });
      }
    },
  };
}

interface Wanted {
  readonly file: SourceFile;
  readonly tokenizer: string;
  readonly words: string;
}

interface Using {
  readonly engine: DatasetEngine;
  readonly workers: TokenWorkers;
  readonly signal: AbortSignal | undefined;
  readonly onTokens: (done: number) => void;
}

/** A document, or a part of a long one. */
interface Piece {
  readonly row: number;
  readonly start: number;
  readonly tokens: number;
}

/** Numbers of rows in the dataset, ascending. Holds a part of the tokens a worker at a time. */
async function searchFile(wanted: Wanted, using: Using): Promise<readonly number[]> {
  const { file } = wanted;
  const { workers, signal } = using;
  const rows = new Set<number>();
  const running = new Set<Promise<void>>();
  await using handle = await openRegularFile(file.path, 'Open a .ds file');
  let done = 0;
  let failure: { readonly error: unknown } | null = null;
  const start = (part: readonly Piece[]): void => {
    const work = searchPart(part, handle.handle, wanted, using)
      .then((found) => {
        for (const row of found) rows.add(row);
        done += part.reduce((sum, { tokens }) => sum + tokens, 0);
        using.onTokens(done);
      })
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => running.delete(work));
    running.add(work);
  };
  try {
    for await (const part of partsOf(wanted, using)) {
      if (running.size > workers.size) await Promise.race(running);
      signal?.throwIfAborted();
      if (failure !== null) break;
      start(part);
    }
  } finally {
    await Promise.all(running);
  }
  if (failure !== null) throw (failure as { readonly error: unknown }).error;
  signal?.throwIfAborted();
  return [...rows].sort((a, b) => a - b);
}

/** The documents of a file, as many at a time as are decoded together. */
async function* partsOf(
  { file, words }: Wanted,
  { engine, signal }: Using,
): AsyncGenerator<readonly Piece[], void> {
  let part: Piece[] = [];
  let tokens = 0;
  // No token is less than a byte of text.
  const overlap = OVERLAP_TOKENS + Buffer.byteLength(words);
  // In the order of the file, so that a part is one stretch of it.
  const statement = `SELECT document, first_token, tokens FROM read_parquet(${sqlFile(file.parquetPath)}) WHERE tokens > 0`;
  for await (const chunk of engine.rows(statement, { path: file.path, signal })) {
    for (let index = 0; index < chunk.rows; index += 1) {
      const [row = 0, start = 0, length = 0] = chunk.columns.map((column) => Number(column[index]));
      for (let from = 0; from < length; from += PART_TOKENS) {
        const own = Math.min(PART_TOKENS + overlap, length - from);
        if (part.length > 0 && (tokens + own > PART_TOKENS || part.length >= PART_DOCUMENTS)) {
          yield part;
          part = [];
          tokens = 0;
        }
        part.push({ row: file.firstRow + row, start: start + from, tokens: own });
        tokens += own;
      }
    }
  }
  if (part.length > 0) yield part;
}

async function searchPart(
  part: readonly Piece[],
  handle: Awaited<ReturnType<typeof openRegularFile>>['handle'],
  { file, tokenizer, words }: Wanted,
  { workers, signal }: Using,
): Promise<readonly number[]> {
  const bytesPerToken = file.tokens?.bytesPerToken ?? 2;
  const first = part[0]?.start ?? 0;
  const last = part.at(-1);
  const length = ((last?.start ?? 0) + (last?.tokens ?? 0) - first) * bytesPerToken;
  const bytes = new Uint8Array(length);
  const { bytesRead } = await handle.read(bytes, 0, length, first * bytesPerToken);
  if (bytesRead < length) {
    throw new StudioError('CORRUPT_FILE', `${basename(file.path)} is shorter than it was`, {
      hint: 'Open it again: another program writes it',
      path: file.path,
    });
  }
  const all = bytesPerToken === 2 ? new Uint16Array(bytes.buffer) : new Uint32Array(bytes.buffer);
  const lists = part.map(({ start, tokens }) =>
    Uint32Array.from(all.subarray(start - first, start - first + tokens)),
  );
  const { texts } = await workers.ask({ kind: 'decode', path: tokenizer, lists }, { signal });
  const wanted = words.toLowerCase();
  return part.flatMap(({ row }, index) => (texts[index]?.toLowerCase().includes(wanted) ? [row] : []));
}

function noTokenizer(file: SourceFile): StudioError {
  const named = file.tokens?.tokenizer ?? null;
  return new StudioError(
    'INVALID_INPUT',
    `${file.name} holds token ids, and ${named === null ? 'names no tokenizer' : `its tokenizer ${named} is not at hand`}: there is no text to search`,
    { hint: 'Choose a tokenizer of the workspace, then search again', path: file.path },
  );
}

/** Old finds go, so that searching leaves no more behind than is of use. Nobody waits for a find that could not be deleted. */
async function forgetOld(folder: string, limitBytes: number): Promise<void> {
  const only = { part: basename(folder), prefix: PREFIX };
  const pruning = { limitBytes, nowMs: Date.now(), only, inUseMs: IN_USE_MS };
  await pruneCache(dirname(folder), pruning).catch(() => undefined);
}

/** Whether it is there; notes that it was wanted again. */
async function isUsed(path: string): Promise<boolean> {
  const now = new Date();
  return utimes(path, now, now).then(
    () => true,
    () => false,
  );
}
