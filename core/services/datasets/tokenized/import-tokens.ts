// Makes a small table of a tokenized file, once: a row a document with its length, place and first and last token. Texts are
// not in it: they are decoded for the rows that are looked at (token-rows.ts).
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { once } from 'node:events';
import { z } from 'zod';
import { makeFolder } from '../../files/make-folder.ts';
import { writeFileAtomic } from '../../files/write-atomic.ts';
import type { DetectedFile } from '../detect.ts';
import type { ImportOptions } from '../imports/import-text.ts';
import { sqlFile, sqlText } from '../sql.ts';
import { indexChunks, inspectTokenFile, type TokenFileFacts, tokenFileFacts } from './token-file.ts';

/** Raised when the import changes, so that older entries are made again. */
const CACHE_VERSION = 1;
const READ_BYTES = 1_048_576;
const WRITE_CHARACTERS = 262_144;
/** The way through the tokens takes most of the time; the rest is writing the table. */
const READ_SHARE = 0.8;

export const importedTokens = tokenFileFacts.extend({
  /** The largest id of the file; -1 in a file without whole tokens. */
  largestId: z.number(),
});
export type ImportedTokens = z.infer<typeof importedTokens>;

const cacheEntry = z.object({
  version: z.literal(CACHE_VERSION),
  sizeBytes: z.number(),
  modifiedMs: z.number(),
  facts: importedTokens,
});

export interface TokenImport {
  readonly parquetPath: string;
  readonly tokens: ImportedTokens;
}

/** The cached import of this very file, or a new one. Throws StudioError; leaves nothing half-made. */
export async function importTokens(
  path: string,
  file: DetectedFile,
  options: ImportOptions,
): Promise<TokenImport> {
  const { cacheFolder, engine, signal, onProgress } = options;
  const known = await findTokenImport(path, file, cacheFolder);
  if (known) return known;
  const { key, parquetPath, entryPath } = places(path, cacheFolder);
  await makeFolder(cacheFolder);
  const aside = join(cacheFolder, `${key}.${randomBytes(4).toString('hex')}`);
  const [lines, table] = [`${aside}.csv.tmp`, `${aside}.tmp`];
  try {
    const facts = await inspectTokenFile(path, signal);
    const largestId = await writeLines(path, facts, lines, {
      signal,
      onBytes: (bytes) => onProgress?.((READ_SHARE * bytes) / Math.max(1, file.sizeBytes)),
    });
    await engine.query({
      path,
      signal,
      statements: [
        `COPY (SELECT document, tokens, NULL::VARCHAR AS text, first_token_id, last_token_id, first_token
           FROM read_csv(${sqlFile(lines)}, auto_detect = false, header = false, delim = ',', quote = '', escape = '',
             columns = {'document': 'BIGINT', 'tokens': 'BIGINT', 'first_token_id': 'BIGINT', 'last_token_id': 'BIGINT',
               'first_token': 'BIGINT'}))
         TO ${sqlText(table)} (FORMAT parquet, COMPRESSION zstd)`,
      ],
    });
    const tokens = { ...facts, largestId };
    // The entry goes first: an old one must not vouch for new rows.
    await rm(entryPath, { force: true });
    await rename(table, parquetPath);
    const { sizeBytes, modifiedMs } = file;
    await writeFileAtomic(
      entryPath,
      JSON.stringify({ version: CACHE_VERSION, sizeBytes, modifiedMs, facts: tokens }),
    );
    onProgress?.(1);
    return { parquetPath, tokens };
  } finally {
    await rm(table, { force: true });
    await rm(lines, { force: true });
  }
}

function places(path: string, cacheFolder: string): { key: string; parquetPath: string; entryPath: string } {
  const key = createHash('sha256').update(`tokens:${path}`).digest('hex').slice(0, 24);
  return {
    key,
    parquetPath: join(cacheFolder, `${key}.parquet`),
    entryPath: join(cacheFolder, `${key}.json`),
  };
}

/** The finished import of this very file, or null when there is none. */
export async function findTokenImport(
  path: string,
  file: DetectedFile,
  cacheFolder: string,
): Promise<TokenImport | null> {
  const { parquetPath, entryPath } = places(path, cacheFolder);
  try {
    const entry = cacheEntry.parse(JSON.parse(await readFile(entryPath, 'utf8')));
    if (entry.sizeBytes !== file.sizeBytes || entry.modifiedMs !== file.modifiedMs) return null;
    await access(parquetPath);
    return { parquetPath, tokens: entry.facts };
  } catch {
    // Missing or half-written: the import is simply done again.
    return null;
  }
}

interface LineWork {
  readonly signal: AbortSignal | undefined;
  readonly onBytes: (bytes: number) => void;
}

/** One line a document; gives back the largest id. Goes through the file once, and holds a chunk of it at a time. */
async function writeLines(
  path: string,
  facts: TokenFileFacts,
  target: string,
  { signal, onBytes }: LineWork,
): Promise<number> {
  const output = createWriteStream(target, { encoding: 'latin1' });
  const done = finished(output);
  // A full disk is reported by the wait below.
  done.catch(() => undefined);
  const ids = createIdReader(path, facts.bytesPerToken, signal, onBytes);
  let lines = '';
  let document = 0;
  let start = 0;
  try {
    for await (const ends of documentEnds(path, facts, signal)) {
      for (const given of ends) {
        const end = Math.min(given, facts.tokens);
        const found = await ids.until(start, end);
        lines += `${document},${end - start},${found.first},${found.last},${start}\n`;
        if (lines.length > WRITE_CHARACTERS) {
          if (!output.write(lines)) await Promise.race([once(output, 'drain'), done]);
          lines = '';
        }
        document += 1;
        start = end;
      }
    }
    // What stands after the last document still counts for the largest id.
    await ids.until(start, facts.tokens);
  } finally {
    output.end(lines);
    await done;
  }
  return ids.largest();
}

async function* documentEnds(
  path: string,
  { windowTokens, tokens }: TokenFileFacts,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly number[], void> {
  if (windowTokens === null) {
    for await (const { ends } of indexChunks(`${path}.index`, signal)) yield ends;
    return;
  }
  for (let start = 0; start < tokens; start += windowTokens) yield [Math.min(start + windowTokens, tokens)];
}

interface IdReader {
  /** First and last id of tokens [start, end), empty where there are none. Ranges follow one another. */
  until(start: number, end: number): Promise<{ readonly first: number | ''; readonly last: number | '' }>;
  largest(): number;
}

function createIdReader(
  path: string,
  bytesPerToken: 2 | 4,
  signal: AbortSignal | undefined,
  onBytes: (bytes: number) => void,
): IdReader {
  const stream = createReadStream(path, { highWaterMark: READ_BYTES, signal });
  const chunks = stream[Symbol.asyncIterator]();
  let ids: Uint16Array | Uint32Array = new Uint32Array(0);
  /** Token number of ids[0], and the bytes of a token that the chunk before began. */
  let base = 0;
  let rest = Buffer.alloc(0);
  let bytes = 0;
  let largest = -1;
  const next = async (): Promise<boolean> => {
    const { value, done } = await chunks.next();
    if (done === true) return false;
    const chunk = Buffer.concat([rest, value as Buffer]);
    bytes += (value as Buffer).length;
    onBytes(bytes);
    base += ids.length;
    const count = Math.floor(chunk.length / bytesPerToken);
    const whole = new Uint8Array(chunk.subarray(0, count * bytesPerToken)).buffer;
    rest = Buffer.from(chunk.subarray(count * bytesPerToken));
    ids = bytesPerToken === 2 ? new Uint16Array(whole) : new Uint32Array(whole);
    for (const id of ids) if (id > largest) largest = id;
    return true;
  };
  const at = async (token: number): Promise<number | ''> => {
    while (token >= base + ids.length) if (!(await next())) return '';
    return ids[token - base] ?? '';
  };
  return {
    async until(start, end) {
      if (end <= start) return { first: '', last: '' };
      const first = await at(start);
      return { first, last: await at(end - 1) };
    },
    largest: () => largest,
  };
}
