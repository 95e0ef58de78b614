// A replay as the window shows it: what is known already, and asking what is missing.
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { ReplayRequest } from '../../../../core/api/replay.ts';
import { isAbort } from '../../../app/describe-error.ts';
import { filesKey } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';

const key = [...filesKey, 'replay'] as const;

export interface Replaying {
  readonly done: number;
  readonly total: number;
  readonly note: string | null;
}

export function useReplayRuns() {
  const client = useClient();
  return useQuery({ queryKey: [...key, 'runs'], queryFn: () => client.replay.runs() });
}

export function useReplay(request: ReplayRequest | null) {
  const client = useClient();
  const queries = useQueryClient();
  const [running, setRunning] = useState<Replaying | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [notes, setNotes] = useState<readonly string[]>([]);
  const own = useRef<AbortController | null>(null);
  useEffect(() => () => own.current?.abort(), []);
  const gridKey = [...key, 'grid', request];
  const grid = useQuery({
    queryKey: gridKey,
    queryFn: () => {
      if (request === null) throw new Error('nothing to replay');
      return client.replay.read(request);
    },
    enabled: request !== null,
    placeholderData: keepPreviousData,
  });

  const run = async (open: boolean) => {
    if (request === null) return;
    const controller = new AbortController();
    own.current = controller;
    setFailure(null);
    setNotes([]);
    setRunning({ done: 0, total: 0, note: null });
    try {
      for await (const event of await client.replay.run(
        { ...request, open },
        { signal: controller.signal },
      )) {
        if (event.kind === 'result') {
          queries.setQueryData(gridKey, event.result);
          continue;
        }
        setRunning(event);
        const { note } = event;
        if (note !== null) setNotes((before) => [...before.filter((one) => one !== note), note].slice(-5));
        void queries.invalidateQueries({ queryKey: [...key, 'grid'] });
      }
    } catch (error) {
      if (!controller.signal.aborted && !isAbort(error)) setFailure(error);
    } finally {
      setRunning(null);
      void queries.invalidateQueries({ queryKey: key });
    }
  };
  return { grid, running, failure, notes, run, cancel: () => own.current?.abort() };
}

/** Whole answers of one turn, of some steps. */
export function useAnswers(
  request: ReplayRequest | null,
  at: { readonly turn: number; readonly steps: readonly number[]; readonly version: number } | null,
) {
  const client = useClient();
  return useQuery({
    queryKey: [...key, 'answers', request, at],
    queryFn: () => {
      if (request === null || at === null) throw new Error('nothing to show');
      return client.replay.answers({ ...request, turn: at.turn, steps: [...at.steps] });
    },
    enabled: request !== null && at !== null && at.steps.length > 0,
    placeholderData: keepPreviousData,
  });
}
