// The live list of runs: a snapshot, then changes. Newest first. One stream for the whole window.
import type { Run, RunEvent } from '../../../core/api/runs.ts';
import { assertNever } from '../../../core/lib/assert-never.ts';
import { createSharedStream } from '../../app/shared-stream.ts';
import type { StreamState } from '../../app/use-stream.ts';

export interface RunList {
  /** Null until the first snapshot arrived. */
  readonly runs: readonly Run[] | null;
  readonly state: StreamState;
  restart(): void;
}

const useSharedRuns = createSharedStream<RunEvent, readonly Run[] | null>({
  open: (client, signal) => client.runs.watch(undefined, { signal }),
  initial: null,
  apply: (runs, event) => applied(runs ?? [], event),
  // New steps of live runs can wait for each other; what became of a run cannot.
  isUrgent(runs, event) {
    if (event.kind === 'further') return false;
    if (event.kind !== 'changed') return true;
    const known = runs?.find(({ id }) => id === event.run.id);
    return known === undefined || known.state !== event.run.state || known.name !== event.run.name;
  },
});

/** For whoever shows this run, or with null none of them: that others have got further is no news. */
export function useRunsAround(id: string | null): RunList {
  const { value, state, restart } = useSharedRuns((seen, now) => isNoNews(seen, now, id));
  return { runs: value, state, restart };
}

/** One run, for whoever shows only that. */
export function useRun(id: string): Run | null {
  const { value } = useSharedRuns((seen, now) => runOf(seen, id) === runOf(now, id));
  return runOf(value, id);
}

function runOf(runs: readonly Run[] | null, id: string): Run | null {
  return runs?.find((run) => run.id === id) ?? null;
}

function isNoNews(seen: readonly Run[] | null, now: readonly Run[] | null, id: string | null): boolean {
  if (seen === null || now === null || seen.length !== now.length) return seen === now;
  return now.every((run, index) => {
    const before = seen[index];
    return (
      before === run ||
      (before !== undefined &&
        run.id !== id &&
        before.id === run.id &&
        before.name === run.name &&
        before.state === run.state &&
        before.attempts.length === run.attempts.length)
    );
  });
}

function applied(runs: readonly Run[], event: RunEvent): readonly Run[] {
  switch (event.kind) {
    case 'snapshot':
      return newestFirst(event.runs);
    case 'changed':
      // A run keeps its place: those of one moment must not change places with every step.
      return runs.some(({ id }) => id === event.run.id)
        ? runs.map((run) => (run.id === event.run.id ? event.run : run))
        : newestFirst([event.run, ...runs]);
    case 'further': {
      const newer = new Map(event.runs.map((run) => [run.id, run]));
      return runs.map((run) => newer.get(run.id) ?? run);
    }
    case 'removed':
      return runs.filter((run) => run.id !== event.id);
    default:
      return assertNever(event);
  }
}

function newestFirst(runs: readonly Run[]): readonly Run[] {
  return [...runs].sort((a, b) => b.createdMs - a.createdMs);
}
