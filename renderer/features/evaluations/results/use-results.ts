// What the window knows of results: the overview, the table, the published tables. Asked again when results come, change or go.
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { workspaceKey } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { useStream } from '../../../app/use-stream.ts';
import type { ResultsPlace } from './place.ts';

const resultsKey = [...workspaceKey, 'evaluation-results'] as const;

export const resultKeys = {
  all: resultsKey,
  overview: [...resultsKey, 'overview'],
  table: (input: object) => [...resultsKey, 'table', input],
  references: ['evaluation-references'],
} as const;

export function useResultsOverview() {
  const client = useClient();
  return useQuery({
    queryKey: resultKeys.overview,
    queryFn: ({ signal }) => client.evaluations.overview(undefined, { signal }),
  });
}

export function useLeaderboard({ join, allMetrics, references }: ResultsPlace) {
  const client = useClient();
  const input = { join, allMetrics, references: [...references] };
  return useQuery({
    queryKey: resultKeys.table(input),
    queryFn: ({ signal }) => client.evaluations.table(input, { signal }),
    // Another way to form columns must not empty the window meanwhile.
    placeholderData: keepPreviousData,
    retry: false,
  });
}

/** They are the studio's own files, and stay as they are. */
export function usePublishedTables() {
  const client = useClient();
  return useQuery({
    queryKey: resultKeys.references,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => client.evaluations.references(undefined, { signal }),
  });
}

/** While it is mounted, what the window shows of results follows the files. */
export function useResultsWatch(): void {
  const queries = useQueryClient();
  useStream<{ readonly version: number }>({
    key: 'evaluation-results',
    open: (client, signal) => client.evaluations.watch(undefined, { signal }),
    onItem: () => void queries.invalidateQueries({ queryKey: resultKeys.all }, { cancelRefetch: false }),
  });
}
