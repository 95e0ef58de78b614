// What core needs of the supervisor: starting it, and asking whether its processes live.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { ProcessIdentity } from '../../core/lib/runs/run-files.ts';
import { isAlive } from './process-identity.ts';
import { groupExists, signalGroup } from './stop-group.ts';

/**
 * Starts the supervisor for the run in `folder` (absolute), detached from this process. run.json must be there.
 * `onEnd` is called when it is over while this process lives, whatever the reason.
 */
export function startSupervisor(appFolder: string, folder: string, onEnd: () => void): void {
  const child = spawn(process.execPath, [join(appFolder, 'out', 'main', 'native-runner.js'), folder], {
    cwd: folder,
    detached: true,
    stdio: 'ignore',
    windowsHide: true,
    // Inside Electron the same binary runs as Node.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  child.once('error', onEnd);
  child.once('exit', onEnd);
  child.unref();
}

/** Whether exactly this process lives; null when it belongs to another computer. */
export function isProcessAlive(identity: ProcessIdentity): Promise<boolean | null> {
  return isAlive(identity);
}

/** Ends the group of a job whose supervisor is gone: SIGTERM, then SIGKILL after `graceMs`. */
export async function stopOrphan(job: ProcessIdentity, graceMs: number): Promise<void> {
  if (!(await isAlive(job))) return;
  signalGroup(job.pid, 'SIGTERM');
  const deadlineMs = performance.now() + graceMs;
  while (groupExists(job.pid) && performance.now() < deadlineMs) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  if (groupExists(job.pid)) signalGroup(job.pid, 'SIGKILL');
}
