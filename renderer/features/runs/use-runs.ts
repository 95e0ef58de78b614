// The live list of runs: a snapshot, then changes. Newest first.
import { useState } from 'react';
import type { Run, RunEvent } from '../../../core/api/runs.ts';
import { assertNever } from '../../../core/lib/assert-never.ts';
import { type StreamState, useStream } from '../../app/use-stream.ts';

export interface RunList {
  /** Null until the first snapshot arrived. */
  readonly runs: readonly Run[] | null;
  readonly state: StreamState;
  restart(): void;
}

export function useRuns(): RunList {
  const [runs, setRuns] = useState<readonly Run[] | null>(null);
  const { state, restart } = useStream<RunEvent>({
    key: 'runs',
    open: (client, signal) => client.runs.watch(undefined, { signal }),
    onItem: (event) => setRuns((known) => applied(known ?? [], event)),
  });
  return { runs, state, restart };
}

function applied(runs: readonly Run[], event: RunEvent): readonly Run[] {
  switch (event.kind) {
    case 'snapshot':
      return newestFirst(event.runs);
    case 'changed':
      return newestFirst([event.run, ...runs.filter((run) => run.id !== event.run.id)]);
    case 'removed':
      return runs.filter((run) => run.id !== event.id);
    default:
      return assertNever(event);
  }
}

function newestFirst(runs: readonly Run[]): readonly Run[] {
  return [...runs].sort((a, b) => b.createdMs - a.createdMs);
}
