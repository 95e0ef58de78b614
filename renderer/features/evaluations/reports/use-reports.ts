// Reports as the window has them.
import { useQuery } from '@tanstack/react-query';
import type { RunId } from '../../../../core/api/runs.ts';
import { filesKey } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';

export const reportsKey = [...filesKey, 'reports'] as const;

export function useReports() {
  const client = useClient();
  return useQuery({
    queryKey: reportsKey,
    queryFn: ({ signal }) => client.reports.list(undefined, { signal }),
  });
}

export function useReport(run: RunId) {
  const client = useClient();
  return useQuery({
    queryKey: [...reportsKey, 'read', run],
    queryFn: ({ signal }) => client.reports.read({ run }, { signal }),
    retry: false,
  });
}

/** Hashed again whenever it is opened, and on request. */
export function useVerification(run: RunId, isWanted: boolean) {
  const client = useClient();
  return useQuery({
    queryKey: [...reportsKey, 'verify', run],
    queryFn: ({ signal }) => client.reports.verify({ run }, { signal }),
    enabled: isWanted,
    retry: false,
    staleTime: 0,
    gcTime: 0,
  });
}
