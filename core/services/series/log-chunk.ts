// A piece of a log as text, by byte range, cut where characters begin and end.
import { open } from 'node:fs/promises';
import type { LogChunk } from '../../api/series.ts';

export interface ChunkRange {
  /** First byte; the last `limitBytes` when absent or beyond the end. */
  readonly start?: number | undefined;
  readonly limitBytes: number;
}

const empty: LogChunk = { start: 0, end: 0, sizeBytes: 0, text: '' };

/**
 * Text of at most `limitBytes` bytes. `end` is where the next chunk starts: a character that is only half there is left
 * for it. A chunk from the end starts at a line. A file that is not there (yet) is an empty log.
 */
export async function readLogChunk(path: string, { start, limitBytes }: ChunkRange): Promise<LogChunk> {
  const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (!handle) return empty;
  try {
    const { size } = await handle.stat();
    const isFromEnd = start === undefined || start > size;
    const first = isFromEnd ? Math.max(0, size - limitBytes) : start;
    const length = Math.min(limitBytes, size - first);
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, first);
    const bytes = buffer.subarray(0, bytesRead);
    const skip = isFromEnd && first > 0 ? startOfText(bytes) : 0;
    const last = bytes.length - halfCharacter(bytes.subarray(skip));
    return {
      start: first + skip,
      end: first + last,
      sizeBytes: size,
      text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(skip, last)),
    };
  } finally {
    await handle.close();
  }
}

/** After the first line end; in one endless line, after the bytes of a cut character. */
function startOfText(bytes: Uint8Array): number {
  const lineEnd = bytes.indexOf(0x0a);
  if (lineEnd >= 0 && lineEnd < bytes.length - 1) return lineEnd + 1;
  let skip = 0;
  while (skip < 3 && skip < bytes.length && ((bytes[skip] as number) & 0xc0) === 0x80) skip += 1;
  return skip;
}

/** How many bytes at the end are the start of a character whose rest is not there (0 to 3). */
function halfCharacter(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return needed > back ? back : 0;
    }
  }
  return 0;
}
