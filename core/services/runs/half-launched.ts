// Folders of launches that were killed before run.json was written: nothing was started or submitted, nobody sees them, and they keep
// a name. Knows what a launch writes first.
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SUPERVISOR_FILE } from '../../lib/workstation/supervisor.ts';
import { PROGRAMS } from './programs.ts';
import { temporaryName } from '../files/aside-path.ts';

/** Another core may be at it at this moment: a launch writes its few files within seconds. */
const HALF_AFTER_MS = 10 * 60_000;
/** What a launch writes before run.json; anything else in a folder is somebody's work. */
const written: ReadonlySet<string> = new Set(['job.sh', SUPERVISOR_FILE, PROGRAMS]);

/** Removes them. `root` is the workspace; returns the names of their folders. One that cannot be removed stays. */
export async function removeHalfLaunched(root: string, nowMs: number = Date.now()): Promise<string[]> {
  const runs = join(root, 'runs');
  const removed: string[] = [];
  for (const entry of await readdir(runs, { withFileTypes: true }).catch(() => [])) {
    const folder = join(runs, entry.name);
    if (!entry.isDirectory() || !(await isHalf(folder, nowMs))) continue;
    const isGone = await rm(folder, { recursive: true }).then(
      () => true,
      () => false,
    );
    if (isGone) removed.push(entry.name);
  }
  return removed;
}

async function isHalf(folder: string, nowMs: number): Promise<boolean> {
  try {
    const names = await readdir(folder);
    if (names.length === 0 || names.some((name) => !written.has(name) && !temporaryName.test(name)))
      return false;
    return nowMs - (await stat(folder)).mtimeMs > HALF_AFTER_MS;
  } catch {
    return false;
  }
}
