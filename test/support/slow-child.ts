// Children of a process that work in blinks: what they do takes long enough to be seen and interrupted on any computer, however
// quick it is. Knows nothing of what they do.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** In every turn a child works this long and is stopped for `REST_MS`. */
const WORK_MS = 2;
const REST_MS = 22;
/** Every turn is a little longer than the one before, up to this: on a busy computer a short one may end before it has begun. */
const MORE_MS = 0.05;
const LONGEST_WORK_MS = 40;

export interface SlowChildren extends Disposable {
  /** Stops them altogether, until the end. */
  hold(): void;
  /** Ends them at once. */
  kill(): void;
  /** They work at their own pace again. Safe to call twice. */
  [Symbol.dispose](): void;
}

/** Slows the children of `parent` (this process unless named) whose command line holds `name`, those that come later included. */
export function slowChildren(name: string, parent = process.pid): SlowChildren {
  const stopped = new Set<number>();
  let held = false;
  let turns = 0;
  let next: ReturnType<typeof setTimeout> | undefined;
  const signalAll = (signal: 'SIGSTOP' | 'SIGCONT', pids: Iterable<number>): void => {
    for (const pid of pids) {
      try {
        process.kill(pid, signal);
        stopped.add(pid);
      } catch {
        // Gone, or killed by the test.
        stopped.delete(pid);
      }
    }
  };
  const stop = (): void => {
    signalAll('SIGSTOP', childrenOf(parent, name));
    next = setTimeout(work, REST_MS);
  };
  const work = (): void => {
    if (!held) signalAll('SIGCONT', stopped);
    turns += 1;
    next = setTimeout(stop, Math.min(LONGEST_WORK_MS, WORK_MS + MORE_MS * turns));
  };
  stop();
  return {
    hold() {
      held = true;
      signalAll('SIGSTOP', childrenOf(parent, name));
    },
    kill() {
      for (const pid of childrenOf(parent, name)) process.kill(pid, 'SIGKILL');
    },
    [Symbol.dispose]() {
      clearTimeout(next);
      signalAll('SIGCONT', stopped);
    },
  };
}

function childrenOf(parent: number, name: string): readonly number[] {
  const pids = listedChildren(parent);
  if (pids === null) return askedChildren(parent, name);
  return pids.filter((pid) => textOf(`/proc/${pid}/cmdline`)?.includes(name));
}

/** Null where the system does not list them. */
function listedChildren(parent: number): readonly number[] | null {
  const text = textOf(`/proc/${parent}/task/${parent}/children`);
  return text === null ? null : text.split(' ').filter(Boolean).map(Number);
}

function askedChildren(parent: number, name: string): readonly number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => {
    const [, pid, owner, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return Number(owner) === parent && command?.includes(name) ? [Number(pid)] : [];
  });
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
