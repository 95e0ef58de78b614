// A replay as the window shows it: what is known already, and asking what is missing. It goes on without the view that began it.
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type ReplayRequest, replayWorkKey } from '../../../../core/api/replay.ts';
import { isAbort } from '../../../app/describe-error.ts';
import { notifyError } from '../../../app/notifications.ts';
import { filesKey } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { useActivity } from '../../../app/use-activity.ts';

const key = [...filesKey, 'replay'] as const;

export interface Replaying {
  readonly done: number;
  /** Null before the steps are counted. */
  readonly total: number | null;
  readonly note: string | null;
}

export function useReplayRuns() {
  const client = useClient();
  return useQuery({ queryKey: [...key, 'runs'], queryFn: () => client.replay.runs() });
}

export function useReplay(request: ReplayRequest | null) {
  const client = useClient();
  const queries = useQueryClient();
  const [isAsked, setAsked] = useState(false);
  const [note, setNote] = useState<string | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [notes, setNotes] = useState<readonly string[]>([]);
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

  const activity = useActivity(request === null ? null : replayWorkKey(request), () => {
    void queries.invalidateQueries({ queryKey: key });
  });
  const running: Replaying | null =
    activity === null
      ? isAsked
        ? { done: 0, total: null, note }
        : null
      : { done: activity.done, total: activity.total, note };

  const run = async (open: boolean) => {
    if (request === null) return;
    setFailure(null);
    setNotes([]);
    setNote(null);
    setAsked(true);
    try {
      for await (const event of await client.replay.run({ ...request, open })) {
        if (event.kind === 'result') {
          queries.setQueryData(gridKey, event.result);
          continue;
        }
        const said = event.note;
        setNote(said);
        if (said !== null) setNotes((before) => [...before.filter((one) => one !== said), said].slice(-5));
      }
    } catch (error) {
      if (!isAbort(error)) setFailure(error);
    } finally {
      setAsked(false);
      void queries.invalidateQueries({ queryKey: key });
    }
  };
  const cancel = () => {
    if (activity !== null) void client.system.cancelActivity({ id: activity.id }).catch(notifyError);
  };
  return { grid, running, failure, notes, run, cancel };
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
