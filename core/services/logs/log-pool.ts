// Logs that somebody looks at: one child follows them all, each log once however many windows read it. A log nobody reads is kept
// for a moment (the next question comes soon) and then forgotten with its index.
import type { ChildProcess } from 'node:child_process';
import type { LogState } from '../../api/logs.ts';
import { createSignalBus, type SignalBus } from '../signal-bus.ts';
import { createLogProcess, type LogProcess } from './log-process.ts';

/** Going to another run and back finds the log still known. */
const LINGER_MS = 30_000;
/** Unread logs known at once; an index takes a few megabytes. */
const MAX_LINGERING = 8;
/** A child that dies is started again after this, so that one that always dies does not keep a core busy. */
const RESTART_MS = 1000;
/** Generations of one child; a new child counts from here on. */
const GENERATIONS = 1_000_000;

export interface LogLease {
  readonly changes: SignalBus<LogState>;
  /** Once the child follows it. */
  readonly process: LogProcess;
  /** Null before the first look at the file. */
  readonly state: LogState | null;
  /** The generation a child names, among those of all children. */
  generation(ofChild: number): number;
  [Symbol.dispose](): void;
}

export interface LogPool {
  lease(path: string): Promise<LogLease>;
  readonly openCount: number;
  readonly pid: number | null;
  dispose(): Promise<void>;
}

interface Entry {
  readonly changes: SignalBus<LogState>;
  state: LogState | null;
  readers: number;
  watching: Promise<unknown> | null;
  timer: NodeJS.Timeout | undefined;
}

export function createLogPool(spawn: () => ChildProcess, lingerMs = LINGER_MS): LogPool {
  const entries = new Map<string, Entry>();
  let children = 0;
  let isDisposed = false;
  const generation = (ofChild: number): number => children * GENERATIONS + ofChild;

  const follow = (path: string, entry: Entry): Promise<unknown> => {
    entry.watching ??= process.ask('done', { kind: 'watch', path }).catch((error: unknown) => {
      entry.watching = null;
      throw error;
    });
    return entry.watching;
  };
  const process = createLogProcess(spawn, {
    onState(path, state) {
      const entry = entries.get(path);
      if (!entry) return;
      entry.state = { ...state, generation: generation(state.generation) };
      entry.changes.emit(entry.state);
    },
    onEnd() {
      children += 1;
      for (const [path, entry] of entries) {
        entry.watching = null;
        if (isDisposed || entry.readers === 0) continue;
        setTimeout(() => {
          if (!isDisposed && entry.readers > 0) follow(path, entry).catch(() => undefined);
        }, RESTART_MS).unref();
      }
    },
  });
  const forget = (path: string): void => {
    const entry = entries.get(path);
    if (!entry || entry.readers > 0) return;
    clearTimeout(entry.timer);
    entries.delete(path);
    if (entry.watching !== null) void process.ask('done', { kind: 'unwatch', path }).catch(() => undefined);
    // The last one gone: its process goes too.
    if (entries.size === 0) setTimeout(() => entries.size === 0 && process.dispose(), lingerMs).unref();
  };

  return {
    get openCount() {
      return entries.size;
    },
    get pid() {
      return process.pid;
    },
    async lease(path) {
      let entry = entries.get(path);
      if (!entry) {
        entry = { changes: createSignalBus(), state: null, readers: 0, watching: null, timer: undefined };
        entries.set(path, entry);
      }
      const held = entry;
      clearTimeout(held.timer);
      held.readers += 1;
      let isHeld = true;
      const release = (): void => {
        if (!isHeld) return;
        isHeld = false;
        held.readers -= 1;
        if (held.readers > 0) return;
        // Newest last, so that the oldest go first.
        entries.delete(path);
        entries.set(path, held);
        held.timer = setTimeout(() => forget(path), lingerMs);
        held.timer.unref();
        const unread = [...entries].filter(([, { readers }]) => readers === 0);
        for (const [oldest] of unread.slice(0, Math.max(0, unread.length - MAX_LINGERING))) forget(oldest);
      };
      try {
        await follow(path, held);
      } catch (error) {
        release();
        throw error;
      }
      return {
        changes: held.changes,
        process,
        get state() {
          return held.state;
        },
        generation,
        [Symbol.dispose]: release,
      };
    },
    async dispose() {
      isDisposed = true;
      for (const { timer } of entries.values()) clearTimeout(timer);
      entries.clear();
      process.dispose();
    },
  };
}
