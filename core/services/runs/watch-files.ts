// Reads and changes watch.json of runs. A damaged or missing file says that nothing was found yet.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { emptyWatchFile, type WatchFile, watchFile } from '../../lib/watchdog/watch-file.ts';
import { exists } from '../files/trash.ts';
import { withFileLock } from '../files/with-file-lock.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';

export const WATCH_FILE = 'watch.json';

export async function readWatchFile(root: string, id: string): Promise<WatchFile> {
  return parse(await readFile(pathOf(root, id), 'utf8').catch(() => ''));
}

/**
 * Writes only what is different. Returns the whole. Under the lock of run.json, as a removal is: of a run that was removed meanwhile
 * nothing is written, or its folder would come back.
 */
export async function changeWatchFile(
  root: string,
  id: string,
  change: (before: WatchFile) => WatchFile,
): Promise<WatchFile> {
  const path = pathOf(root, id);
  const record = join(root, 'runs', id, 'run.json');
  return withFileLock(root, record, async () => {
    const text = await readFile(path, 'utf8').catch(() => '');
    const after = change(parse(text));
    const next = `${JSON.stringify(after, null, 1)}\n`;
    if (next !== text && (await exists(record))) await writeFileAtomic(path, next);
    return after;
  });
}

function pathOf(root: string, id: string): string {
  return join(root, 'runs', id, WATCH_FILE);
}

function parse(text: string): WatchFile {
  try {
    const parsed = watchFile.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : emptyWatchFile;
  } catch {
    return emptyWatchFile;
  }
}
