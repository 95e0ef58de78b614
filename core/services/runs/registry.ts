// The runs of the open workspace and their changes. Looks at the folders while somebody watches; remembers finished
// runs until their files change. Knows nothing about how a run is started.
import { readdir, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Run, RunEvent } from '../../api/runs.ts';
import { isOver } from '../../lib/runs/run-state.ts';
import type { CoreContext } from '../context.ts';
import { createSignalBus, type SignalBus } from '../signal-bus.ts';
import type { OpenWorkspace } from '../workspace/holder.ts';
import { createLatestReader } from './latest.ts';
import { recordEnd } from './record-end.ts';
import { readRunFolder } from './run-folder.ts';

/** A change of state or metrics is on the screen within this time. */
const LOOK_EVERY_MS = 400;
/**
 * Runs that are over, and those whose follower tells what is new of them, are looked at this often all the same: their folder may
 * be changed by another core, by git, or by hand.
 */
const LOOK_AT_ALL_EVERY_MS = 5_000;
/** The same where the system tells of changes: against what it may lose. */
const LOOK_AT_ALL_TOLD_MS = 60_000;
/**
 * How far a run is, is looked at this often where changes are told; and whether its processes live, who write nothing when they are
 * killed.
 */
const LOOK_AT_LIVE_EVERY_MS = 2_000;
/** The list stays usable; older folders are still on disk. */
const MAX_RUNS = 5000;

export interface RunRegistry {
  readonly changes: SignalBus<RunEvent>;
  /** All runs, newest first, as of now. */
  list(): Promise<Run[]>;
  /**
   * The same, newest first, without a look at every folder: what of a quiet run nobody spoke of may be some seconds old. For whoever
   * asks again and again. A run that did not change is the same object as before.
   */
  recent(): Promise<Run[]>;
  /** One run as of now, or null. */
  read(id: string): Promise<Run | null>;
  /** Something of this run changed: it is looked at in the next turn, or soon where only what it writes grew. */
  touch(id: string, isOutput: boolean): void;
  /** Looks at the folders regularly until the returned function is called. */
  watch(): () => void;
  dispose(): Promise<void>;
}

interface Known {
  readonly stamp: string;
  readonly run: Run;
  /** Nothing of it changes unless somebody says so. */
  readonly isQuiet: boolean;
  readonly lookedMs: number;
}

export function createRunRegistry(context: CoreContext): RunRegistry {
  const changes = createSignalBus<RunEvent>();
  const latestOf = createLatestReader();
  let known = new Map<string, Known>();
  let knownRoot: string | null = null;
  let watchers = 0;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | null = null;
  let lookedAtAllMs = Number.NEGATIVE_INFINITY;
  const touched = new Set<string>();
  /** Of these only what they write grew: they are looked at now and then. */
  const grown = new Set<string>();
  const touch = (id: string, isOutput: boolean): void => {
    // Its first step is news.
    if (isOutput && known.get(id)?.run.latestStep != null) grown.add(id);
    else touched.add(id);
  };
  let disposed = false;
  /** The workspace whose changes are told, once all was looked at since. */
  let toldOf: OpenWorkspace | null = null;
  const follow = (): (() => void) | undefined =>
    context.workspace.current?.runs.subscribe(({ id, isOutput }) => touch(id, isOutput));
  let unfollow = follow();
  const stopSwitching = context.workspace.switched.subscribe(() => {
    unfollow?.();
    unfollow = follow();
  });

  const readOne = async (root: string, name: string): Promise<Run | null> => {
    const before = known.get(name);
    // One that is at work is read whatever its files' dates say.
    const stamp = before?.isQuiet === false ? '' : await stampOf(join(root, 'runs', name));
    if (before && before.stamp === stamp && before.isQuiet) return before.run;
    const reading = await readRunFolder(root, name, latestOf).catch(() => null);
    if (!reading) return null;
    // Only the computer it ran on can be sure of an end that nobody wrote down.
    if (reading.record?.end === null && reading.run.end && reading.record.host === hostname()) {
      await recordEnd(root, reading.run).catch(() => {});
    }
    if (context.workspace.current?.path !== root) return reading.run;
    const { run, record } = reading;
    known.set(name, {
      stamp,
      run,
      isQuiet: isOver(run.state) || (record !== null && record.remote !== null),
      lookedMs: performance.now(),
    });
    if (!before || JSON.stringify(before.run) !== JSON.stringify(reading.run)) {
      changes.emit({ kind: 'changed', run: reading.run });
    }
    return reading.run;
  };

  const look = async (isWhole: boolean): Promise<void> => {
    const open = context.workspace.current;
    const root = open?.path ?? null;
    const isTold = open !== null && open.isTold;
    if (!isTold) toldOf = null;
    const nowMs = performance.now();
    const everyMs = toldOf === null ? LOOK_AT_ALL_EVERY_MS : LOOK_AT_ALL_TOLD_MS;
    const looksAtAll =
      root !== knownRoot ||
      nowMs - lookedAtAllMs >= everyMs ||
      (toldOf === null ? isWhole || isTold : toldOf !== open);
    if (looksAtAll) lookedAtAllMs = nowMs;
    if (root !== knownRoot) {
      known = new Map();
      knownRoot = root;
    }
    if (root === null) return;
    /** Not to be read: nobody said that it changed, and it does nothing unsaid. */
    const isLeft = (name: string): boolean => {
      if (looksAtAll || touched.has(name)) return false;
      const before = known.get(name);
      if (toldOf === null) return before?.isQuiet === true && !grown.has(name);
      if (before === undefined) return true;
      if (before.isQuiet && !grown.has(name)) return true;
      return !isWhole && nowMs - before.lookedMs < LOOK_AT_LIVE_EVERY_MS;
    };
    if (toldOf !== null && !looksAtAll && touched.size === 0 && [...known.keys()].every(isLeft)) return;
    const names = await readdir(join(root, 'runs')).catch((): string[] => []);
    const seen = new Set<string>();
    for (const name of names.slice(0, MAX_RUNS)) {
      if (disposed) return;
      const isKept = isLeft(name);
      touched.delete(name);
      if (!isKept) grown.delete(name);
      if (isKept ? known.has(name) : await readOne(root, name)) seen.add(name);
    }
    for (const [name, { run }] of known) {
      if (seen.has(name)) continue;
      known.delete(name);
      touched.delete(name);
      grown.delete(name);
      changes.emit({ kind: 'removed', id: run.id });
    }
    if (isTold && looksAtAll && context.workspace.current === open) toldOf = open;
  };
  /** Never two looks at once; a caller waits for one that started after its call. */
  const lookNow = async (isWhole: boolean): Promise<void> => {
    while (looking) await looking;
    looking = look(isWhole).finally(() => {
      looking = null;
    });
    await looking;
  };
  const tick = () => {
    timer = undefined;
    void lookNow(false)
      .catch(() => {})
      .finally(schedule);
  };
  const schedule = () => {
    if (watchers > 0 && !disposed) timer ??= setTimeout(tick, LOOK_EVERY_MS);
  };

  const newestFirst = (): Run[] =>
    [...known.values()].map(({ run }) => run).sort((left, right) => right.createdMs - left.createdMs);

  return {
    changes,
    async list() {
      // Two turns: whatever was written before the call has been told of after them.
      await nextTurn();
      await nextTurn();
      await lookNow(true);
      return newestFirst();
    },
    async recent() {
      await lookNow(false);
      return newestFirst();
    },
    touch,
    read: (id) => readOne(context.workspace.require().path, id),
    watch() {
      watchers += 1;
      schedule();
      let stopped = false;
      return () => {
        if (!stopped) watchers -= 1;
        stopped = true;
      };
    },
    async dispose() {
      disposed = true;
      stopSwitching();
      unfollow?.();
      clearTimeout(timer);
      await looking?.catch(() => {});
    },
  };
}

/** What the state, the name and the newest values of a run follow from, once no process of this computer has a say in it. */
const stampedFiles = ['run.json', 'exit.json', 'remote.json', 'stop.json', 'metrics.jsonl', 'log.txt'];

/** Changes whenever one of these files was replaced or grew. */
async function stampOf(folder: string): Promise<string> {
  const parts = await Promise.all(
    stampedFiles.map((name) =>
      stat(join(folder, name)).then(
        (info) => `${info.mtimeMs}:${info.size}:${info.ino}`,
        () => '-',
      ),
    ),
  );
  return parts.join(' ');
}
