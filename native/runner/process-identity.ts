// Tells one process from a later one that got the same number: by boot and start time.
// Linux reads /proc; other Unix systems ask ps; elsewhere only the number is known.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';
import type { ProcessIdentity } from '../../core/lib/runs/run-files.ts';

const run = promisify(execFile);

/** The identity of a living process, or null when there is none (a zombie counts as none). */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | null> {
  const startToken = await readStartToken(pid);
  return startToken === null ? null : { pid, startToken, host: hostname() };
}

/** Whether exactly this process lives; null when it belongs to another computer. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean | null> {
  if (identity.host !== hostname()) return null;
  return (await readStartToken(identity.pid)) === identity.startToken;
}

async function readStartToken(pid: number): Promise<string | null> {
  if (process.platform === 'linux') return readLinuxToken(pid);
  if (process.platform === 'win32') return signalReaches(pid) ? '' : null;
  try {
    // A start time must read the same after a journey into another time zone.
    const env = { LC_ALL: 'C', TZ: 'UTC' };
    const { stdout } = await run('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { env });
    const text = stdout.trim();
    return text === '' || text.startsWith('Z') ? null : text.replace(/^\S+\s+/, '');
  } catch {
    return null;
  }
}

async function readLinuxToken(pid: number): Promise<string | null> {
  try {
    // Asked of every live run again and again. Nothing waits for a disk there; by way of another thread it takes several times as long.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name may hold spaces and brackets; the fields are counted after its last bracket.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const state = fields[0];
    const startTicks = fields[19];
    if (state === 'Z' || state === 'X' || startTicks === undefined) return null;
    return `${await bootId()}:${startTicks}`;
  } catch {
    return null;
  }
}

let knownBootId: string | undefined;

async function bootId(): Promise<string> {
  knownBootId ??= await readFile('/proc/sys/kernel/random/boot_id', 'utf8').then(
    (text) => text.trim(),
    () => '',
  );
  return knownBootId;
}

function signalReaches(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
