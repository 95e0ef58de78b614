// The logs of a run, looked for anew every now and then: ranks and tasks write theirs when they start.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { LogFile, SeriesSource } from '../../../../core/api/series.ts';
import { useClient } from '../../../app/session.ts';

const FILES_EVERY_MS = 10_000;

export function useLogFiles(source: SeriesSource): readonly LogFile[] {
  const client = useClient();
  const found = useQuery({
    queryKey: ['log-files', source],
    queryFn: ({ signal }) => client.series.logFiles({ source }, { signal }),
    refetchInterval: FILES_EVERY_MS,
  });
  return useMemo(() => found.data?.files ?? [], [found.data]);
}
