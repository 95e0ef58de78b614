// What the window knows of suites: the list, a file, the grid, answers, and how a run of one stands.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { SuiteState } from '../../../../core/api/suites.ts';
import { filesKey, workspaceKey } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { useStream } from '../../../app/use-stream.ts';

export const suiteKeys = {
  list: [...filesKey, 'suites'],
  file: (suite: string) => [...filesKey, 'suite-file', suite],
  /** Not dropped with every changed file: answers are files, and one comes after another. */
  table: (suite: string) => [...workspaceKey, 'suite-table', suite],
  answers: (suite: string, model: string, prompt: string) => [
    ...workspaceKey,
    'suite-answers',
    suite,
    model,
    prompt,
  ],
  anyAnswers: (suite: string) => [...workspaceKey, 'suite-answers', suite],
  candidates: (suite: string, run: string | null) => [...filesKey, 'suite-candidates', suite, run],
  ofRun: (run: string) => [...workspaceKey, 'suites-of-run', run],
} as const;

export function useSuites() {
  const client = useClient();
  return useQuery({
    queryKey: suiteKeys.list,
    queryFn: ({ signal }) => client.suites.list(undefined, { signal }),
  });
}

export function useSuiteFile(suite: string) {
  const client = useClient();
  return useQuery({
    queryKey: suiteKeys.file(suite),
    queryFn: ({ signal }) => client.suites.read({ suite }, { signal }),
    retry: false,
  });
}

/** Another program may answer too: its answers show after so long. */
const LOOK_AGAIN_MS = 10_000;

export function useSuiteTable(suite: string) {
  const client = useClient();
  return useQuery({
    queryKey: suiteKeys.table(suite),
    refetchInterval: LOOK_AGAIN_MS,
    queryFn: ({ signal }) => client.suites.table({ suite }, { signal }),
    retry: false,
  });
}

export function useAnswers(suite: string, cell: { readonly model: string; readonly prompt: string } | null) {
  const client = useClient();
  return useQuery({
    queryKey: suiteKeys.answers(suite, cell?.model ?? '', cell?.prompt ?? ''),
    enabled: cell !== null,
    queryFn: async ({ signal }) =>
      cell === null ? [] : (await client.suites.answers({ suite, ...cell }, { signal })).answers,
  });
}

const REFRESH_MS = 1000;

/** The state of the suite's run; while it changes, its grid is asked for again, at most once a second. */
export function useSuiteState(suite: string): SuiteState | null {
  const queries = useQueryClient();
  const [state, setState] = useState<SuiteState | null>(null);
  useEffect(() => setState(null), [suite]);
  useStream<SuiteState>({
    key: suite,
    open: (client, signal) => client.suites.watch({ suite }, { signal }),
    onItem: setState,
  });
  const isRunning = state?.running !== null && state !== null;
  const version = isRunning ? -1 : (state?.version ?? 0);
  useEffect(() => {
    // A grid that is still on its way is waited for, not asked again.
    const refresh = () => {
      for (const queryKey of [suiteKeys.table(suite), suiteKeys.anyAnswers(suite)])
        void queries.invalidateQueries({ queryKey }, { cancelRefetch: false });
    };
    if (!isRunning) {
      if (version > 0) {
        void queries.invalidateQueries({ queryKey: suiteKeys.table(suite) });
        void queries.invalidateQueries({ queryKey: suiteKeys.anyAnswers(suite) });
        void queries.invalidateQueries({ queryKey: suiteKeys.list });
      }
      return;
    }
    const timer = setInterval(refresh, REFRESH_MS);
    return () => clearInterval(timer);
  }, [isRunning, version, queries, suite]);
  return state;
}
