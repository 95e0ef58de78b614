// Which format a data file has: its first and last bytes decide, the name only settles plain text.
import { basename } from 'node:path';
import type { z } from 'zod';
import type { datasetFormat } from '../../api/dataset-shape.ts';
import { StudioError } from '../../api/errors.ts';
import { openRegularFile } from '../files/open-regular-file.ts';
import { binaryKind, unpackedHead } from './binary-kind.ts';
import { tokenFileStamp } from './tokenized/token-file.ts';

/** Of one file. */
export type DatasetFormat = Exclude<z.infer<typeof datasetFormat>, 'mixed'>;

const PARQUET_MAGIC = 'PAR1';
const ARROW_MAGIC = 'ARROW1';
/** What an Arrow stream starts with; then comes the length of its schema. */
const ARROW_CONTINUATION = 0xffffffff;
/** Enough to tell text from noise, and the first block of a packed file. */
const HEAD_BYTES = 4096;
const OPENS = 'Open a .parquet, .jsonl, .csv, .tsv (or .gz, .zst of these) or .arrow file';

/** File names that a workspace lists as datasets. */
export function looksLikeDataset(name: string): DatasetFormat | null {
  const lower = name.toLowerCase();
  if (lower.endsWith('.parquet')) return 'parquet';
  if (lower.endsWith('.arrow')) return 'arrow';
  const [, kind, packed = ''] = /\.(jsonl|ndjson|csv|tsv)(\.gz|\.zst)?$/.exec(lower) ?? [];
  if (kind !== undefined) return `${kind === 'ndjson' ? 'jsonl' : kind}${packed}` as DatasetFormat;
  if (lower.endsWith('.ds')) return 'ds';
  return null;
}

export interface DetectedFile {
  readonly format: DatasetFormat;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/** Throws NOT_FOUND (through errno), CORRUPT_FILE for a cut-off Parquet, INVALID_INPUT for what is no data. */
export async function detectDataset(path: string): Promise<DetectedFile> {
  // Token ids have no mark of their own, so the name decides.
  if (looksLikeDataset(path) === 'ds') return { format: 'ds', ...(await tokenFileStamp(path)) };
  await using file = await openRegularFile(path, OPENS);
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
  if (isArrow(head)) return 'arrow';
  if (named === 'arrow')
    throw damaged(path, `${basename(path)} is not an Arrow file: its first bytes are wrong`);
  // The bytes say how it is packed, the name what is inside.
  const inside = /^(csv|tsv)/.exec(named ?? '')?.[0] ?? 'jsonl';
  if (head[0] === 0x1f && head[1] === 0x8b) {
    const content = unpackedHead(head, HEAD_BYTES);
    if (content !== null) refusePacked(path, content);
    return `${inside}.gz` as DatasetFormat;
  }
  if (head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528) return `${inside}.zst` as DatasetFormat;
  if (named !== null && /\.(gz|zst)$/.test(named)) {
    throw damaged(path, `${basename(path)} is not compressed as its name says: its first bytes are wrong`);
  }
  refuseBinary(path, head);
  if (named !== null) return named;
  if (beginsLikeLines(head)) return 'jsonl';
  throw notDataset(path, 'It is neither Parquet, Arrow, JSON lines nor CSV');
}

function beginsLikeLines(head: Buffer): boolean {
  return /^\s*\{/.test(head.toString('utf8').replace(/^\uFEFF/, ''));
}

/** JSON lines that go on in noise were cut by a crash: they open, and what is broken is counted. */
function refuseBinary(path: string, head: Buffer, what = 'It'): void {
  const kind = binaryKind(head);
  if (kind === null || (kind.isNoise && beginsLikeLines(head))) return;
  throw notDataset(path, `${what} ${kind.sentence}`, kind.hint);
}

/** `content`: the beginning of what a compressed file holds. */
function refusePacked(path: string, content: Buffer): void {
  const isParquet = content.toString('latin1', 0, PARQUET_MAGIC.length) === PARQUET_MAGIC;
  if (!isParquet && !isArrow(content)) {
    refuseBinary(path, content, 'What is packed in it');
    return;
  }
  const kind = isParquet ? 'a Parquet file' : 'an Arrow file';
  throw notDataset(path, `What is packed in it is ${kind}`, 'Unpack it and open it as it is');
}

/** A file, or a stream: the mark of a message, a sensible length, and the start of a flatbuffer. */
function isArrow(head: Buffer): boolean {
  if (head.toString('latin1', 0, ARROW_MAGIC.length) === ARROW_MAGIC) return true;
  if (head.length < 12 || head.readUInt32LE(0) !== ARROW_CONTINUATION) return false;
  const metadataBytes = head.readInt32LE(4);
  return metadataBytes > 0 && metadataBytes % 8 === 0 && head.readUInt32LE(8) < metadataBytes;
}

function damaged(path: string, message: string): StudioError {
  return new StudioError('CORRUPT_FILE', message, {
    hint: 'Copy or download the file again and compare its size with the original',
    path,
  });
}

function notDataset(path: string, reason: string, hint = OPENS): StudioError {
  return new StudioError('INVALID_INPUT', `${basename(path)} cannot be opened as data. ${reason}`, {
    hint,
    path,
  });
}
