// Checks that a compressed file is whole before it is imported: DuckDB reads a cut-off one without a word, and the missing
// rows would never be missed (seen with 1.5.5, gzip and zstd).
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { StudioError } from '../../../api/errors.ts';
import type { DatasetFormat } from '../detect.ts';

/** Throws CORRUPT_FILE when the file ends too early or is damaged, and AbortError when `signal` aborts. */
export async function requireWhole(path: string, format: DatasetFormat, signal?: AbortSignal): Promise<void> {
  if (format.endsWith('.gz')) await requireWholeGzip(path, signal);
  if (format.endsWith('.zst')) await requireWholeZstd(path, signal);
}

function cutOff(path: string, cause?: unknown): StudioError {
  return new StudioError(
    'CORRUPT_FILE',
    `${basename(path)} is cut off or damaged: its compressed data does not end properly`,
    {
      hint: 'Copy or download the file again and compare its size with the original',
      path,
      cause,
    },
  );
}

/** Gzip has no table of its blocks, so it is unpacked once (in a thread of Node's pool) and thrown away. */
async function requireWholeGzip(path: string, signal: AbortSignal | undefined): Promise<void> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    await pipeline(createReadStream(path), createGunzip(), nowhere, signal ? { signal } : {});
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === 'Z_BUF_ERROR' || code === 'Z_DATA_ERROR' ? cutOff(path, error) : error;
  }
}

const FRAME_MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;

/** Steps over the block headers of each frame (RFC 8878, section 3.1.1); nothing is unpacked. */
async function requireWholeZstd(path: string, signal: AbortSignal | undefined): Promise<void> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    let position = 0;
    while (position < size) {
      signal?.throwIfAborted();
      position = await endOfFrame(file, position, path);
      if (position > size) throw cutOff(path);
    }
  } finally {
    await file.close();
  }
}

async function readBytes(file: FileHandle, position: number, length: number, path: string): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead < length) throw cutOff(path);
  return buffer;
}

async function endOfFrame(file: FileHandle, start: number, path: string): Promise<number> {
  const magic = (await readBytes(file, start, 4, path)).readUInt32LE(0);
  if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC) {
    return start + 8 + (await readBytes(file, start + 4, 4, path)).readUInt32LE(0);
  }
  if (magic !== FRAME_MAGIC) throw cutOff(path);
  const descriptor = (await readBytes(file, start + 4, 1, path)).readUInt8(0);
  const singleSegment = (descriptor >> 5) & 1;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const contentSizeBytes = [singleSegment, 2, 4, 8][descriptor >> 6] ?? 0;
  let position = start + 5 + (1 - singleSegment) + dictionaryBytes + contentSizeBytes;
  for (;;) {
    const header = (await readBytes(file, position, 3, path)).readUIntLE(0, 3);
    const isRunLength = ((header >> 1) & 3) === 1;
    position += 3 + (isRunLength ? 1 : header >> 3);
    if ((header & 1) === 1) break;
  }
  const checksumBytes = (descriptor >> 2) & 1 ? 4 : 0;
  return position + checksumBytes;
}
