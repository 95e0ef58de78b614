// Keeps two studios on one workspace from writing the same file in the same moment: a lock file
// in .studio/locks. A lock left by a killed studio is taken over.
import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { StudioError } from '../../api/errors.ts';
import { isDeadHere } from './is-dead-here.ts';
import { makeFolder } from './make-folder.ts';
import { standing } from './standing.ts';
import { takeFile } from './take-file.ts';

/** A save takes milliseconds; a lock that stands this long while one waits belongs to a studio that was killed. */
const STALE_AFTER_MS = 10_000;
const WAIT_LIMIT_MS = 15_000;
const RETRY_MS = 20;

/** Runs `work` while this process alone holds the lock for `path`. UNAVAILABLE when it stays taken. */
export async function withFileLock<T>(root: string, path: string, work: () => Promise<T>): Promise<T> {
  const folder = join(root, '.studio', 'locks');
  await makeFolder(folder);
  const name = createHash('sha256').update(path).digest('hex').slice(0, 24);
  const lock = join(folder, name);
  const deadlineMs = performance.now() + WAIT_LIMIT_MS;
  const stands = standing(STALE_AFTER_MS);
  for (;;) {
    if (await takeFile(lock, JSON.stringify({ pid: process.pid, host: hostname() }))) break;
    if ((await stands(lock)) || (await isOfTheDead(lock))) await rm(lock, { force: true });
    else await sleep(RETRY_MS);
    if (performance.now() > deadlineMs) {
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

const ownerSchema = z.object({ pid: z.number(), host: z.string() });

async function isOfTheDead(lock: string): Promise<boolean> {
  const owner = await readFile(lock, 'utf8')
    .then((text) => ownerSchema.parse(JSON.parse(text)))
    .catch(() => null);
  return owner !== null && isDeadHere(owner);
}
