// Runs the comparison that a link means; again when its files change.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { BenchEvent } from '../../../../core/api/judge-bench.ts';
import { filesKey } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { type Stream, useStream } from '../../../app/use-stream.ts';
import { type BenchPlace, requestOf } from './place.ts';
import { benchStore, useBenchState } from './bench-store.ts';

const RESAMPLES = 1000;
const SEED = 1;

export function benchKey(place: BenchPlace): string {
  return JSON.stringify(requestOf(place));
}

export function useBench(place: BenchPlace): {
  readonly stream: Stream;
  /** Cancelled by the person; null while it may run. */
  readonly again: (() => void) | null;
  cancel(): void;
  readonly state: ReturnType<typeof useBenchState>;
} {
  const key = benchKey(place);
  const state = useBenchState(key);
  const [cancelled, setCancelled] = useState<string | null>(null);
  const isCancelled = cancelled === key;
  const stream = useStream<BenchEvent>({
    key: isCancelled ? null : key,
    open: (client, signal) =>
      client.judgeBench.run({ ...requestOf(place), resamples: RESAMPLES, seed: SEED }, { signal }),
    onItem: (event) => {
      if (event.kind === 'result') benchStore.setState({ key, progress: null, report: event.result });
      else
        benchStore.setState((before) => ({
          key,
          progress: { done: event.doneRows, total: event.totalRows },
          // What was found before stays while the same is compared again.
          report: before.key === key ? before.report : null,
        }));
    },
  });
  return {
    stream,
    state,
    again: isCancelled ? () => setCancelled(null) : null,
    cancel: () => {
      setCancelled(key);
      benchStore.setState((before) => ({ ...before, progress: null }));
    },
  };
}

/** What there is to compare in the workspace. */
export function useBenchInputs() {
  const client = useClient();
  return useQuery({
    queryKey: [...filesKey, 'bench-inputs'],
    queryFn: ({ signal }) => client.judgeBench.inputs(undefined, { signal }),
  });
}

/** The published values; they never change while the studio runs. */
export function useReferences() {
  const client = useClient();
  return useQuery({
    queryKey: ['bench-references'],
    queryFn: ({ signal }) => client.judgeBench.references(undefined, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
