// Which format a data file has: its first and last bytes decide, the name only settles plain text.
import { basename } from 'node:path';
import type { z } from 'zod';
import type { datasetFormat } from '../../api/datasets.ts';
import { StudioError } from '../../api/errors.ts';
import { openRegularFile } from '../files/open-regular-file.ts';

/** Of one file. */
export type DatasetFormat = Exclude<z.infer<typeof datasetFormat>, 'mixed'>;

const PARQUET_MAGIC = 'PAR1';
const HEAD_BYTES = 512;

/** File names that a workspace lists as datasets. */
export function looksLikeDataset(name: string): DatasetFormat | null {
  const lower = name.toLowerCase();
  if (lower.endsWith('.parquet')) return 'parquet';
  if (/\.(jsonl|ndjson)$/.test(lower)) return 'jsonl';
  if (/\.(jsonl|ndjson)\.gz$/.test(lower)) return 'jsonl.gz';
  if (/\.(jsonl|ndjson)\.zst$/.test(lower)) return 'jsonl.zst';
  return null;
}

export interface DetectedFile {
  readonly format: DatasetFormat;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/** Throws NOT_FOUND (through errno), CORRUPT_FILE for a cut-off Parquet, INVALID_INPUT for anything else. */
export async function detectDataset(path: string): Promise<DetectedFile> {
  await using file = await openRegularFile(path, 'Open a .parquet, .jsonl, .jsonl.gz or .jsonl.zst file');
  const { handle, info } = file;
  const head = Buffer.alloc(HEAD_BYTES);
  const { bytesRead } = await handle.read(head, 0, HEAD_BYTES, 0);
  const tail = Buffer.alloc(4);
  if (info.size >= 12) await handle.read(tail, 0, 4, info.size - 4);
  const format = formatOf(path, head.subarray(0, bytesRead), tail.toString('latin1'));
  return { format, sizeBytes: info.size, modifiedMs: info.mtimeMs };
}

function formatOf(path: string, head: Buffer, tail: string): DatasetFormat {
  const named = looksLikeDataset(path);
  if (head.subarray(0, 4).toString('latin1') === PARQUET_MAGIC) {
    if (tail === PARQUET_MAGIC) return 'parquet';
    throw damaged(path, `${basename(path)} is cut off: the end of the Parquet file is missing`);
  }
  if (named !== null && named !== 'jsonl' && head.length === 0)
    throw damaged(path, `${basename(path)} is empty: it has 0 bytes`);
  if (named === 'parquet')
    throw damaged(path, `${basename(path)} is not a Parquet file: its first bytes are wrong`);
  if (head[0] === 0x1f && head[1] === 0x8b) return 'jsonl.gz';
  if (head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528) return 'jsonl.zst';
  if (named === 'jsonl.gz' || named === 'jsonl.zst') {
    throw damaged(path, `${basename(path)} is not compressed as its name says: its first bytes are wrong`);
  }
  if (named === 'jsonl' || /^\s*\{/.test(head.toString('utf8').replace(/^\uFEFF/, ''))) return 'jsonl';
  throw notDataset(path, 'It is neither Parquet nor JSON lines');
}

function damaged(path: string, message: string): StudioError {
  return new StudioError('CORRUPT_FILE', message, {
    hint: 'Copy or download the file again and compare its size with the original',
    path,
  });
}

function notDataset(path: string, reason: string): StudioError {
  return new StudioError('INVALID_INPUT', `${basename(path)} cannot be opened as data. ${reason}`, {
    hint: 'Open a .parquet, .jsonl, .jsonl.gz or .jsonl.zst file',
    path,
  });
}
