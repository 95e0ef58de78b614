// Keeps two studios on one workspace from writing the same file in the same moment: a lock file
// in .studio/locks. A lock left by a killed studio is taken over.
import { createHash } from 'node:crypto';
import { mkdir, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StudioError } from '../../api/errors.ts';

/** A save takes milliseconds; a lock this old belongs to a studio that was killed. */
const STALE_AFTER_MS = 10_000;
const WAIT_LIMIT_MS = 15_000;
const RETRY_MS = 20;

/** Runs `work` while this process alone holds the lock for `path`. UNAVAILABLE when it stays taken. */
export async function withFileLock<T>(root: string, path: string, work: () => Promise<T>): Promise<T> {
  const folder = join(root, '.studio', 'locks');
  await mkdir(folder, { recursive: true });
  const name = createHash('sha256').update(path).digest('hex').slice(0, 24);
  const lock = join(folder, name);
  const deadlineMs = Date.now() + WAIT_LIMIT_MS;
  for (;;) {
    try {
      const handle = await open(lock, 'wx');
      await handle.close();
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const info = await stat(lock).catch(() => null);
    if (info && Date.now() - info.mtimeMs > STALE_AFTER_MS) await rm(lock, { force: true });
    else await sleep(RETRY_MS);
    if (Date.now() > deadlineMs) {
      throw new StudioError('UNAVAILABLE', 'Another program keeps this file busy', {
        hint: 'Try again in a moment, or close the other studio',
        path,
      });
    }
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}
