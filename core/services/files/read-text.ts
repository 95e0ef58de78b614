// Reads a text file that a person edits: bounded in size, strict UTF-8, with a version of its bytes.
// Knows nothing about what the text means.
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { basename } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import { formatDiskSize } from '../../lib/format/numbers.ts';
import { openRegularFile } from './open-regular-file.ts';

export interface TextFile {
  readonly text: string;
  /** SHA-256 of the bytes, hex. */
  readonly version: string;
  readonly modifiedMs: number;
  readonly sizeBytes: number;
}

/** SHA-256 of bytes or of a text's UTF-8 bytes, hex. */
export function versionOf(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/**
 * The whole file at `path` (absolute). `limitBytes` is checked before anything is read.
 * Throws TOO_LARGE, CORRUPT_FILE when it is not UTF-8, INVALID_INPUT when it is no file, or errno errors.
 * A byte order mark is kept, so that saving the text writes the same bytes.
 */
export async function readTextFile(path: string, limitBytes: number): Promise<TextFile> {
  await using file = await openRegularFile(path, 'Choose a file');
  const { info } = file;
  if (info.size > limitBytes) throw tooLarge(path, info.size, limitBytes);
  const bytes = await file.handle.readFile();
  if (bytes.byteLength > limitBytes) throw tooLarge(path, bytes.byteLength, limitBytes);
  return {
    text: decode(bytes, path),
    version: versionOf(bytes),
    modifiedMs: info.mtimeMs,
    sizeBytes: bytes.byteLength,
  };
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new StudioError('CORRUPT_FILE', `${basename(path)} is not UTF-8 text${describeBadByte(bytes)}`, {
      hint: 'Convert the file to UTF-8 with another program, then open it again; it was not changed',
      path,
      cause: error,
    });
  }
}

/** ` (first bad byte at 17, line 2)`: the first byte at which strict decoding fails. */
function describeBadByte(bytes: Uint8Array): string {
  const lossy = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const encoder = new TextEncoder();
  for (let at = lossy.indexOf('\uFFFD'); at >= 0; at = lossy.indexOf('\uFFFD', at + 1)) {
    const before = lossy.slice(0, at);
    const offset = encoder.encode(before).byteLength;
    const real = bytes[offset] === 0xef && bytes[offset + 1] === 0xbf && bytes[offset + 2] === 0xbd;
    if (!real) return ` (first bad byte at offset ${offset}, line ${before.split('\n').length})`;
  }
  return '';
}

function tooLarge(path: string, sizeBytes: number, limitBytes: number): StudioError {
  const size = formatDiskSize(sizeBytes);
  return new StudioError(
    'TOO_LARGE',
    `${basename(path)} is ${size}, more than the ${formatDiskSize(limitBytes)} that can be edited`,
    {
      hint: 'Split the file, or move data out of it, for example into a JSONL file under data/',
      path,
    },
  );
}

/** Whether this process may write to a file or folder that exists. Says nothing about the disk being full. */
export async function isWritable(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}
