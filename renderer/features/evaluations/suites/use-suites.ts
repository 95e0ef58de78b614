// What the window knows of suites: the list, a file, the grid, answers, and how a run of one stands.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { SuiteState } from '../../../../core/api/suites.ts';
import { filesKey } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { useStream } from '../../../app/use-stream.ts';

export const suiteKeys = {
  list: [...filesKey, 'suites'],
  file: (suite: string) => [...filesKey, 'suite-file', suite],
  table: (suite: string) => [...filesKey, 'suite-table', suite],
  answers: (suite: string, model: string, prompt: string) => [...filesKey, 'suite-answers', suite, model, prompt],
  candidates: (suite: string, run: string | null) => [...filesKey, 'suite-candidates', suite, run],
  ofRun: (run: string) => [...filesKey, 'suites-of-run', run],
} as const;

export function useSuites() {
  const client = useClient();
  return useQuery({ queryKey: suiteKeys.list, queryFn: ({ signal }) => client.suites.list(undefined, { signal }) });
}

export function useSuiteFile(suite: string) {
  const client = useClient();
  return useQuery({
    queryKey: suiteKeys.file(suite),
    queryFn: ({ signal }) => client.suites.read({ suite }, { signal }),
    retry: false,
  });
}

export function useSuiteTable(suite: string) {
  const client = useClient();
  return useQuery({
    queryKey: suiteKeys.table(suite),
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
  const version = state?.version ?? 0;
  const isRunning = state?.running !== null && state !== null;
  useEffect(() => {
    if (version === 0) return;
    const refresh = () => {
      void queries.invalidateQueries({ queryKey: suiteKeys.table(suite) });
      void queries.invalidateQueries({ queryKey: suiteKeys.list });
    };
    if (!isRunning) refresh();
  }, [version, isRunning, queries, suite]);
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(
      () => void queries.invalidateQueries({ queryKey: suiteKeys.table(suite) }),
      REFRESH_MS,
    );
    return () => clearInterval(timer);
  }, [isRunning, queries, suite]);
  return state;
}
