// Token counts of a corpus by a chosen tokenizer, as Parquet files in the cache: one per data file, named after the file as it is, the
// text column and the tokenizer's own hash. Counted in parts that stay when counting is interrupted; two studios may count at once.
import { createHash, randomBytes } from 'node:crypto';
import { access, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../files/make-folder.ts';
import { StudioError } from '../../api/errors.ts';
import type { DatasetEngine } from '../datasets/engine.ts';
import { queryOne } from '../datasets/engine.ts';
import { type DatasetSource, relation, requireStoredText, ROW_NUMBER } from '../datasets/source.ts';
import { sqlFile, sqlText } from '../datasets/sql.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import { countTokens } from '../tokenizers/count-tokens.ts';
import type { TokenizerFacts } from '../tokenizers/token-protocol.ts';
import type { TokenWorkers } from '../tokenizers/token-workers.ts';

/** Raised when what is counted changes, so that older counts are made again. */
const COUNT_VERSION = 1;
/** Rows of one part: about a minute of one core's work, which is what an interruption costs at most. */
const PART_ROWS = 32_768;
/** Texts handed over at once stay well below what a child and core hold comfortably. */
const BATCH_CHARACTERS = 8_388_608;

export interface CountRequest {
  readonly source: DatasetSource;
  /** SQL over the relation of the source. */
  readonly text: string;
  readonly tokenizer: TokenizerFacts;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((doneRows: number) => void) | undefined;
}

export interface TokenCounter {
  /** The tokenizer.json at an absolute path, or inside the folder there. Throws what loading a tokenizer throws. */
  describe(path: string, signal?: AbortSignal): Promise<TokenizerFacts>;
  /** The counts that are there already; null when they are still to be made. */
  find(request: CountRequest): Promise<string | null>;
  /** A Parquet file with `row` and `tokens` (NULL without a text), special tokens left out. Throws StudioError. */
  count(request: CountRequest): Promise<string>;
}

export function createTokenCounter(options: {
  readonly engine: DatasetEngine;
  readonly workers: TokenWorkers;
  readonly cacheFolder: () => Promise<string>;
}): TokenCounter {
  const { engine, workers, cacheFolder } = options;
  // While a threshold is dragged the corpus is looked at again and again; a child that has ended would load the tokenizer each time.
  const known = new Map<string, { readonly stamp: string; readonly facts: TokenizerFacts }>();
  const pathOf = async (request: CountRequest): Promise<string> =>
    join(await cacheFolder(), `tokens-${keyOf(request)}.parquet`);
  return {
    async describe(path, signal) {
      const found = known.get(path);
      if (found && (await stampOf(found.facts.path)) === found.stamp) return found.facts;
      const { facts } = await workers.ask({ kind: 'describe', path }, { signal, urgent: true });
      known.set(path, { stamp: await stampOf(facts.path), facts });
      return facts;
    },
    async find(request) {
      const path = await pathOf(request);
      return (await exists(path)) ? path : null;
    },
    async count(request) {
      if (request.source.info.textColumn !== null)
        requireStoredText(request.source, request.source.info.textColumn);
      const path = await pathOf(request);
      const parts = `${path.slice(0, -'.parquet'.length)}.parts`;
      await makeFolder(parts);
      await countParts(request, parts, { engine, workers });
      await joinParts(request, parts, path, engine);
      return path;
    },
  };
}

function keyOf({ source, text, tokenizer }: CountRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([COUNT_VERSION, source.path, source.stamp, text, tokenizer.sha256]))
    .digest('hex')
    .slice(0, 32);
}

/** Empty for a file that is gone: asking for it again says so. */
async function stampOf(path: string): Promise<string> {
  return stat(path).then(
    ({ size, mtimeMs }) => `${size} ${mtimeMs}`,
    () => '',
  );
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** A part is a text file `row,tokens`, there whole or not at all. */
async function countParts(
  request: CountRequest,
  folder: string,
  using: { readonly engine: DatasetEngine; readonly workers: TokenWorkers },
): Promise<void> {
  const { source, onProgress } = request;
  const { rows } = source.info;
  const done = new Set(await readdir(folder));
  for (let first = 0; first < rows; first += PART_ROWS) {
    const name = `${first}.csv`;
    const last = Math.min(rows, first + PART_ROWS) - 1;
    if (!done.has(name)) {
      const lines = await countRows(request, [first, last], using);
      await writeFileAtomic(join(folder, name), lines.join(''));
    }
    onProgress?.(last + 1);
  }
}

async function countRows(
  { source, text, tokenizer, signal, onProgress }: CountRequest,
  [first, last]: readonly [number, number],
  { engine, workers }: { readonly engine: DatasetEngine; readonly workers: TokenWorkers },
): Promise<readonly string[]> {
  const lines: string[] = [];
  let texts: string[] = [];
  let rows: number[] = [];
  let characters = 0;
  const flush = async (): Promise<void> => {
    const before = first + lines.length;
    const counts = await countTokens(workers, texts, tokenizer.path, {
      ...(signal === undefined ? {} : { signal }),
      onProgress: (done) => onProgress?.(before + done),
    });
    for (const [index, row] of rows.entries()) lines.push(`${row},${counts[index] ?? 0}\n`);
    [texts, rows, characters] = [[], [], 0];
  };
  // A byte order mark at the start of a value is lost on the way out of DuckDB; behind another character it is not.
  const statement = `SELECT ${ROW_NUMBER}, '.' || ${text} FROM ${relation(source, { kind: 'range', first, last })}`;
  for await (const chunk of engine.rows(statement, { path: source.path, signal })) {
    for (let index = 0; index < chunk.rows; index += 1) {
      const row = Number(chunk.columns[0]?.[index]);
      const own = chunk.columns[1]?.[index];
      if (typeof own !== 'string') lines.push(`${row},\n`);
      else {
        texts.push(own.slice(1));
        rows.push(row);
        characters += own.length;
        if (characters >= BATCH_CHARACTERS) await flush();
      }
    }
  }
  await flush();
  return lines;
}

async function joinParts(
  { source, signal }: CountRequest,
  folder: string,
  path: string,
  engine: DatasetEngine,
): Promise<void> {
  const { rows } = source.info;
  const files: string[] = [];
  for (let first = 0; first < rows; first += PART_ROWS) files.push(sqlFile(join(folder, `${first}.csv`)));
  const counts =
    files.length === 0
      ? 'SELECT NULL::BIGINT AS row, NULL::UINTEGER AS tokens WHERE false'
      : `SELECT row, tokens FROM read_csv([${files.join(', ')}], header = false, auto_detect = false, delim = ',',
          columns = {'row': 'BIGINT', 'tokens': 'UINTEGER'}) ORDER BY row`;
  const aside = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    await engine.query({
      path: source.path,
      signal,
      statements: [`COPY (${counts}) TO ${sqlText(aside)} (FORMAT parquet, COMPRESSION zstd)`],
    });
    const found = await queryOne(engine, {
      path: source.path,
      signal,
      statements: [`SELECT count(*), count(DISTINCT row) FROM read_parquet(${sqlFile(aside)})`],
    });
    if (Number(found.columns[0]?.[0]) !== rows || Number(found.columns[1]?.[0]) !== rows) {
      throw new StudioError('CONFLICT', 'The parts of a token count do not fit together', {
        hint: 'They were taken away; count again',
        path: source.path,
      });
    }
    await rename(aside, path);
    await rm(folder, { recursive: true, force: true });
  } catch (error) {
    await rm(aside, { force: true });
    // Parts that cannot be read, or do not make a whole, would stand in the way of every next attempt.
    const isOurs = error instanceof StudioError && error.code !== 'CANCELLED' && error.code !== 'DISK_FULL';
    if (isOurs) await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** The first figures of a hash tell tokenizers of one name apart. */
export function tokenizerLabel({ name, sha256 }: Pick<TokenizerFacts, 'name' | 'sha256'>): string {
  return `counted with ${name} (${sha256.slice(0, 8)}), special tokens left out`;
}
