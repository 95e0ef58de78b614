// What is going on with checkpoints and what is here of them: one stream while somebody looks, and a list that follows it.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { CheckpointLife } from '../../../core/api/checkpoint-life.ts';
import type { Opening } from '../../../core/api/checkpoints.ts';
import type { Run } from '../../../core/api/runs.ts';
import { filesKey, queryKeys } from '../../app/query-keys.ts';
import { useClient } from '../../app/session.ts';
import { useStream } from '../../app/use-stream.ts';

const store = createStore<{ readonly openings: readonly Opening[] }>(() => ({ openings: [] }));

export const livesKey = [...filesKey, 'checkpoint-lives'] as const;

/** Mounted once wherever checkpoints are shown. */
export function OpeningFeed() {
  const queries = useQueryClient();
  useStream<{ openings: Opening[]; changed: number }>({
    key: 'checkpoints',
    open: (client, signal) => client.checkpoints.watch(undefined, { signal }),
    onItem: ({ openings, changed }) => {
      if (changed !== seen) {
        void queries.invalidateQueries({ queryKey: livesKey });
        void queries.invalidateQueries({ queryKey: queryKeys.models });
      }
      seen = changed;
      store.setState({ openings });
    },
  });
  return null;
}

let seen = -1;

/** Null while nothing goes on with it, and nothing broke off. */
export function useOpening(runId: string, step: number): Opening | null {
  return useStore(
    store,
    ({ openings }) => openings.find((one) => one.runId === runId && one.step === step) ?? null,
  );
}

/** What is here of a run's checkpoints, by step. Null until it is known. */
export function useLives(id: Run['id'] | null): ReadonlyMap<number, CheckpointLife> | null {
  const client = useClient();
  const lives = useQuery({
    queryKey: [...livesKey, id],
    enabled: id !== null,
    queryFn: async ({ signal }) =>
      new Map((await client.checkpoints.lives({ id }, { signal })).map((life) => [life.step, life])),
  });
  return lives.data ?? null;
}
