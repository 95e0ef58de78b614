// What a test asks about child processes: which there are, and how much memory they ever had; and how it ends one.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Children of `parent` (this process unless named) whose command line holds `name`, such as `native-llama`. */
export async function childPids(name: string, parent = process.pid): Promise<readonly number[]> {
  const { stdout } = await execute('ps', ['-A', '-o', 'pid=,ppid=,args=']);
  return stdout.split('\n').flatMap((line) => {
    const [, pid, ppid, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return Number(ppid) === parent && command?.includes(name) ? [Number(pid)] : [];
  });
}

/** Highest resident memory of a living process; null where /proc does not tell. */
export async function peakMemoryBytes(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}

/** Throws when there is none: signals to process 0 would go to the tests themselves. */
export function signalProcess(pid: number | null | undefined, signal: NodeJS.Signals): void {
  process.kill(known(pid), signal);
}

/** As a terminal does: the process that leads the group, and all that it started. */
export function signalGroup(pid: number | null | undefined, signal: NodeJS.Signals): void {
  process.kill(-known(pid), signal);
}

function known(pid: number | null | undefined): number {
  if (typeof pid === 'number' && pid > 1) return pid;
  throw new Error(`There is no process to signal: ${pid}`);
}
