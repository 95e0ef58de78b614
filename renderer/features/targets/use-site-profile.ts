// What the first contact with a target found; null before it.
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { SiteProfile } from '../../../core/api/targets.ts';
import { queryKeys } from '../../app/query-keys.ts';
import { useClient } from '../../app/session.ts';

/** `name: null` asks nothing. */
export function useSiteProfile(name: string | null): UseQueryResult<SiteProfile | null> {
  const client = useClient();
  return useQuery({
    queryKey: queryKeys.siteProfile(name ?? ''),
    queryFn: ({ signal }) => client.targets.profile({ name: name ?? '' }, { signal }),
    enabled: name !== null,
  });
}
