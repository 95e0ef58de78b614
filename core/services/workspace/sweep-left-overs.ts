// Removes the aside files of saves that were killed half-way. Nothing of value is in them: the real file was intact.
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ignoredFolders } from './list-files.ts';
import { temporaryName } from '../files/aside-path.ts';

/** No save takes this long; younger ones may be in use by another studio. */
const MINIMUM_AGE_MS = 3_600_000;
/** Configs are not deeper; data folders are not worth the walk. */
const MAX_DEPTH = 3;

/** Never throws: what cannot be read or removed stays. */
export async function sweepLeftOvers(folder: string, depth = 0): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && depth < MAX_DEPTH && !ignoredFolders.has(entry.name)) {
      await sweepLeftOvers(path, depth + 1);
    }
    if (!entry.isFile() || !temporaryName.test(entry.name)) continue;
    const info = await stat(path).catch(() => null);
    if (info && Date.now() - info.mtimeMs > MINIMUM_AGE_MS) await rm(path, { force: true }).catch(() => {});
  }
}
