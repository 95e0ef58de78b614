// The weights that have arrived: readable as what they say they are, and noted with their hashes.
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { PulledWeights } from '../../api/checkpoint-life.ts';
import { StudioError } from '../../api/errors.ts';
import { isWeights } from '../../lib/checkpoints/weight-files.ts';
import {
  headerLength,
  LENGTH_BYTES,
  parseSafetensorsHeader,
  SafetensorsFault,
} from '../../lib/safetensors/header.ts';
import type { PartFolder } from './part-folder.ts';

/** A file that was cut short where it was saved is found now, not in the middle of a conversion. */
export async function requireReadable(part: PartFolder): Promise<void> {
  for (const [index, file] of part.plan.files.entries()) {
    if (!isWeights(file.path)) continue;
    const handle = await open(part.pathOf(index), 'r');
    try {
      const first = await handle.read(Buffer.alloc(LENGTH_BYTES), 0, LENGTH_BYTES, 0);
      const length = headerLength(first.buffer.subarray(0, first.bytesRead), file.sizeBytes);
      const json = await handle.read(Buffer.alloc(length), 0, length, LENGTH_BYTES);
      parseSafetensorsHeader(json.buffer.subarray(0, json.bytesRead), file.sizeBytes);
    } catch (error) {
      if (!(error instanceof SafetensorsFault)) throw error;
      throw new StudioError('CORRUPT_FILE', `${file.path} is damaged where it was saved. ${error.message}`, {
        hint: 'The run may have been killed, or its disk full, while it saved: take another step',
        path: file.remote,
        cause: error,
      });
    } finally {
      await handle.close();
    }
  }
}

export function weightsOf({ plan, arrived }: PartFolder, checked: PulledWeights['checked']): PulledWeights {
  const files = plan.files.map(({ path, sizeBytes, stamp }, index) => ({
    path,
    sizeBytes,
    stamp,
    sha256: arrived[index]?.sha256 ?? null,
  }));
  return {
    atMs: Date.now(),
    mode: 'copy',
    sizeBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    files,
    checked,
    key: keyOf(files.map(({ path, sha256 }) => [path, sha256 ?? ''])),
  };
}

export function keyOf(parts: readonly (readonly [string, string])[]): string {
  const lines = parts.map((part) => part.join('\n')).sort();
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}
