// One document of a judgement, by its id.
import { useQuery } from '@tanstack/react-query';
import { useClient } from '../../../app/session.ts';
import { judgesKey } from './use-setup.ts';

/** Null: it has no line. */
export function useOneResult(judgement: string, document: string | null) {
  const client = useClient();
  return useQuery({
    queryKey: [...judgesKey, 'one', judgement, document],
    queryFn: ({ signal }) =>
      client.judges.result({ judgement, document: document ?? '' }, { signal }).then(({ result }) => result),
    enabled: document !== null,
    staleTime: 0,
  });
}
