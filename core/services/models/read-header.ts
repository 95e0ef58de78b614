// Reads and checks the header of a GGUF file on disk, so that no damaged file reaches a runtime.
// Knows the file system; the format itself is core/lib/gguf.
import type { Stats } from 'node:fs';
import { type FileHandle, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import { checkGgufHeader } from '../../lib/gguf/check-header.ts';
import { GgufFault, type GgufHeader, GgufNeedsMore } from '../../lib/gguf/header.ts';
import { parseGgufHeader } from '../../lib/gguf/parse-header.ts';
import { openRegularFile } from '../files/open-regular-file.ts';

/** Most headers with a vocabulary of 128k tokens are 8 MB; the first read covers small ones. */
const FIRST_READ_BYTES = 1024 * 1024;
/** The largest published vocabularies make headers of some 30 MB. */
export const MAX_HEADER_BYTES = 128 * 1024 * 1024;

export interface ModelFile {
  readonly header: GgufHeader;
  readonly sizeBytes: number;
  /** Changes when the file does: size and modification time. */
  readonly stamp: string;
}

/** What `readModelFile` would give as stamp, without reading. Errno errors. */
export async function stampOf(path: string): Promise<string> {
  return stampFrom(await stat(path));
}

function stampFrom(info: Stats): string {
  return `${info.size}:${info.mtimeMs}`;
}

/** `path` is absolute. CORRUPT_FILE with the reason when the file cannot be a model, or errno errors. */
export async function readModelFile(path: string): Promise<ModelFile> {
  await using file = await openRegularFile(path, 'Choose a GGUF file');
  const { info } = file;
  try {
    const header = await readHeader(file.handle, info.size);
    checkGgufHeader(header);
    return { header, sizeBytes: info.size, stamp: stampFrom(info) };
  } catch (error) {
    if (!(error instanceof GgufFault)) throw error;
    throw new StudioError('CORRUPT_FILE', `${basename(path)} cannot be loaded. ${error.message}`, {
      hint: 'Copy or convert the model again, or choose another file',
      path,
      cause: error,
    });
  }
}

async function readHeader(handle: FileHandle, sizeBytes: number): Promise<GgufHeader> {
  let wantedBytes = Math.min(FIRST_READ_BYTES, sizeBytes);
  for (;;) {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(wantedBytes), position: 0 });
    // A file that shrinks while it is read counts as what was read of it.
    const available = bytesRead < wantedBytes ? bytesRead : sizeBytes;
    try {
      return parseGgufHeader(buffer.subarray(0, bytesRead), available);
    } catch (error) {
      if (!(error instanceof GgufNeedsMore)) throw error;
      if (error.neededBytes > MAX_HEADER_BYTES)
        throw new GgufFault('The header is larger than that of any known model');
      wantedBytes = Math.min(sizeBytes, Math.max(wantedBytes * 2, error.neededBytes));
    }
  }
}
