// Searches that are open: each looks through a whole log step by step, then through what is written later. Where its matches lie is
// kept until it is closed. The pattern runs in a child that can be ended.
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { StudioError } from '../../api/errors.ts';
import type { LogMatch, LogSearchState, LogState } from '../../api/logs.ts';
import { compilePattern, type SearchPattern } from '../../lib/log-view/search-pattern.ts';
import { createLogProcess, type LogProcess } from './log-process.ts';
import { createMatchList, type MatchList } from './match-list.ts';
import type { LogLease } from './log-pool.ts';

const STEP_BYTES = 16_777_216;
/** A step takes a fraction of a second; a pattern that needs longer would take hours for a log. */
const STEP_LIMIT_MS = 5000;
/** What is on screen is a few hundred lines. */
const HIGHLIGHT_LIMIT_MS = 2000;
const STATE_INTERVAL_MS = 100;
/** The next search starts without waiting for a process. */
const IDLE_MS = 60_000;

export interface SearchSessions {
  open(
    path: string,
    pattern: SearchPattern,
    lease: LogLease,
    signal: AbortSignal,
  ): AsyncGenerator<LogSearchState, void>;
  match(searchId: string, offset: number, direction: 'next' | 'previous'): LogMatch;
  highlight(searchId: string, texts: readonly string[]): Promise<number[][]>;
  readonly openCount: number;
  dispose(): void;
}

interface Session {
  readonly pattern: SearchPattern;
  readonly process: LogProcess;
  readonly matches: MatchList;
}

export function createSearchSessions(spawn: () => ChildProcess): SearchSessions {
  const sessions = new Map<string, Session>();
  let idle: { readonly process: LogProcess; readonly timer: NodeJS.Timeout } | null = null;

  const takeProcess = (): LogProcess => {
    if (idle === null) return createLogProcess(spawn);
    clearTimeout(idle.timer);
    const { process } = idle;
    idle = null;
    return process;
  };
  const giveBack = (process: LogProcess): void => {
    if (idle !== null || process.pid === null) {
      process.dispose();
      return;
    }
    const timer = setTimeout(() => {
      idle = null;
      process.dispose();
    }, IDLE_MS);
    timer.unref();
    idle = { process, timer };
  };
  const sessionOf = (searchId: string): Session => {
    const session = sessions.get(searchId);
    if (session) return session;
    throw new StudioError('NOT_FOUND', 'This search is closed', { hint: 'Search again' });
  };

  return {
    get openCount() {
      return sessions.size;
    },
    async *open(path, pattern, lease, signal) {
      // Says at once when it is no pattern.
      compilePattern(pattern);
      const searchId = randomUUID();
      const process = takeProcess();
      const matches = createMatchList();
      sessions.set(searchId, { pattern, process, matches });
      const growth = changesOf(lease, signal);
      let isAsking = false;
      const state = (sizeBytes: number, isComplete: boolean): LogSearchState => ({
        searchId,
        matches: matches.count,
        reachable: matches.reachable,
        scannedBytes: matches.end,
        sizeBytes,
        isComplete,
        density: matches.density(sizeBytes),
      });
      try {
        let generation = lease.state?.generation ?? null;
        let toldMs = 0;
        for (;;) {
          const seen = lease.state;
          if (generation !== null && seen !== null && seen.generation !== generation) matches.clear();
          generation = seen?.generation ?? generation;
          let sizeBytes = matches.end;
          for (;;) {
            const start = matches.end;
            isAsking = true;
            const found = await process.ask(
              'scan',
              { kind: 'scan', path, start, limitBytes: STEP_BYTES, pattern },
              { signal, limitMs: STEP_LIMIT_MS },
            );
            isAsking = false;
            ({ sizeBytes } = found);
            matches.add(found.offsets, found.end, found.lastMatches);
            if (found.end === start || found.end >= sizeBytes) break;
            if (performance.now() - toldMs > STATE_INTERVAL_MS) {
              toldMs = performance.now();
              yield state(sizeBytes, false);
            }
          }
          yield state(sizeBytes, true);
          if (!(await growth.next())) return;
        }
      } finally {
        growth.close();
        sessions.delete(searchId);
        // In the middle of a pattern that may never end.
        if (isAsking) process.dispose();
        else giveBack(process);
      }
    },
    match: (searchId, offset, direction) => sessionOf(searchId).matches.find(offset, direction),
    async highlight(searchId, texts) {
      const { process, pattern } = sessionOf(searchId);
      const request = { kind: 'highlight' as const, pattern, texts: [...texts] };
      return (await process.ask('highlight', request, { limitMs: HIGHLIGHT_LIMIT_MS })).ranges;
    },
    dispose() {
      for (const { process } of sessions.values()) process.dispose();
      sessions.clear();
      if (idle !== null) {
        clearTimeout(idle.timer);
        idle.process.dispose();
      }
    },
  };
}

/** `next` resolves when the log has changed since the last call; false once `signal` aborts. */
function changesOf(lease: LogLease, signal: AbortSignal): { next(): Promise<boolean>; close(): void } {
  let last: LogState | null = null;
  let hasChanged = false;
  let wake: () => void = () => undefined;
  const unsubscribe = lease.changes.subscribe((state) => {
    if (last && state.sizeBytes === last.sizeBytes && state.generation === last.generation) return;
    last = state;
    hasChanged = true;
    wake();
  });
  const abort = (): void => wake();
  signal.addEventListener('abort', abort);
  return {
    async next() {
      while (!hasChanged && !signal.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      hasChanged = false;
      return !signal.aborted;
    },
    close() {
      unsubscribe();
      signal.removeEventListener('abort', abort);
    },
  };
}
