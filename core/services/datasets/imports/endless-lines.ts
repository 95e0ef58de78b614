// Lines so long that the reader of lines passes over them without a word: a whole corpus in one line, or a file that is no text. Found
// before an import counts what it could not read.
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { StudioError } from '../../../api/errors.ts';
import { compressionOf, MAX_LINE_BYTES } from './broken-lines.ts';
import type { DatasetFormat } from '../detect.ts';
import type { DatasetEngine } from '../engine.ts';
import { sqlFile } from '../sql.ts';

/**
 * Longer ones end the import. Up to twice as long may pass: lines of up to 128 MiB are refused and counted by the reader, of 300 MiB
 * neither (seen with DuckDB 1.5.5, whose buffers are eight times MAX_LINE_BYTES).
 */
const MAX_SKIPPED_BYTES = 67_108_864;
/** What gzip and zstd make of nothing but one letter; a smaller file holds no such line. */
const MOST_PACKED = 40_000;
const NEWLINE = 0x0a;

export interface EndlessLook {
  readonly path: string;
  readonly format: DatasetFormat;
  readonly sizeBytes: number;
}

/** Throws TOO_LARGE that says which line and how long it is; AbortError when `signal` aborts. */
export async function requireEndingLines(
  look: EndlessLook,
  engine: DatasetEngine,
  signal?: AbortSignal,
): Promise<void> {
  const { path, format, sizeBytes } = look;
  const isPacked = compressionOf(format) !== 'uncompressed';
  if (sizeBytes * (isPacked ? MOST_PACKED : 1) < MAX_SKIPPED_BYTES) return;
  try {
    await engine.query({
      path,
      signal,
      statements: [
        `SELECT count(*) FROM read_ndjson_objects(${sqlFile(path)}, ignore_errors = true,
           maximum_object_size = ${MAX_SKIPPED_BYTES}, compression = '${compressionOf(format)}')`,
      ],
    });
  } catch (error) {
    const detail = error instanceof StudioError ? (error.data.detail ?? error.message) : '';
    if (!detail.includes('maximum_object_size')) throw error;
    throw tooLong(path, format.endsWith('.zst') ? null : await findEndless(look, signal), error);
  }
}

interface LongLine {
  /** From 1. */
  readonly line: number;
  readonly bytes: number;
}

/** The first line that is too long; null when there is none after all. */
async function findEndless({ path, format }: EndlessLook, signal?: AbortSignal): Promise<LongLine | null> {
  let line = 1;
  let bytes = 0;
  const look = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of chunks) {
      let start = 0;
      for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
        bytes += end - start;
        if (bytes > MAX_SKIPPED_BYTES) return;
        line += 1;
        bytes = 0;
        start = end + 1;
      }
      bytes += chunk.length - start;
    }
  };
  const options = signal ? { signal } : {};
  if (format.endsWith('.gz')) await pipeline(createReadStream(path), createGunzip(), look, options);
  else await pipeline(createReadStream(path), look, options);
  return bytes > MAX_SKIPPED_BYTES ? { line, bytes } : null;
}

function tooLong(path: string, found: LongLine | null, cause: unknown): StudioError {
  const limit = `${MAX_LINE_BYTES / 1_048_576} MiB`;
  const mebibytes = (bytes: number): string => Math.round(bytes / 1_048_576).toLocaleString('en');
  return new StudioError(
    'TOO_LARGE',
    found === null
      ? `${basename(path)} has a line of more than ${mebibytes(MAX_SKIPPED_BYTES)} MiB; the longest that is read has ${limit}`
      : `Line ${found.line.toLocaleString('en')} of ${basename(path)} has ${mebibytes(found.bytes)} MiB; the longest that is read has ${limit}`,
    {
      hint: 'Write one document a line, with a line break after each, or take the line out',
      path,
      cause,
    },
  );
}
