// One at a time over hours, also among studios on other computers that share the disk: a file that its holder touches. One whose holder
// is gone is taken over, at once where the holder was on this computer.
import { createHash } from 'node:crypto';
import { readFile, rm, utimes } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { isDeadHere } from './is-dead-here.ts';
import { makeFolder } from './make-folder.ts';
import { standing } from './standing.ts';
import { takeFile } from './take-file.ts';

const TOUCH_MS = 5_000;
/** Network disks show times late, and a laptop sleeps. */
const STALE_MS = 60_000;
const LOOK_MS = 250;

const owner = z.object({ pid: z.number(), host: z.string(), user: z.string() });

/** Runs `work` while nobody else holds `name`. `onWaiting` is told once who does. Throws what the signal says. */
export async function whileHolding<T>(
  root: string,
  name: string,
  options: { readonly signal: AbortSignal; readonly onWaiting: (who: string) => void },
  work: () => Promise<T>,
): Promise<T> {
  const folder = join(root, '.studio', 'locks');
  await makeFolder(folder);
  const path = join(folder, `held-${createHash('sha256').update(name).digest('hex').slice(0, 24)}`);
  const text = JSON.stringify({ pid: process.pid, host: hostname(), user: userName() });
  let told = false;
  const stands = standing(STALE_MS);
  while (!(await takeFile(path, text))) {
    options.signal.throwIfAborted();
    const holder = await ownerOf(path);
    if ((await stands(path)) || (holder !== null && isDeadHere(holder))) {
      await rm(path, { force: true });
      continue;
    }
    if (!told) {
      told = true;
      options.onWaiting(holder === null ? 'another studio' : `${holder.user} on ${holder.host}`);
    }
    await sleep(LOOK_MS, undefined, { signal: options.signal });
  }
  const timer = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), TOUCH_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await rm(path, { force: true });
  }
}

async function ownerOf(path: string): Promise<z.infer<typeof owner> | null> {
  try {
    return owner.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null;
  }
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'somebody';
  }
}
