// The hash of the first bytes of a file: of a log that grows, what was read of it.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

export interface HashedFile {
  readonly bytes: number;
  readonly sha256: string;
}

/** `length`: only so many bytes; null for as long as it is now. Throws errno errors. */
export async function hashFile(
  path: string,
  length: number | null,
  signal?: AbortSignal,
): Promise<HashedFile> {
  const bytes = length ?? (await stat(path)).size;
  const hash = createHash('sha256');
  if (bytes > 0) {
    const input = createReadStream(path, { end: bytes - 1, ...(signal === undefined ? {} : { signal }) });
    for await (const chunk of input) hash.update(chunk as Buffer);
  }
  return { bytes, sha256: hash.digest('hex') };
}
