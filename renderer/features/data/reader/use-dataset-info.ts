// Facts about a dataset for a pane beside the one that opens it; core has them at hand by then.
import { useQuery } from '@tanstack/react-query';
import type { DatasetInfo } from '../../../../core/api/dataset-shape.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';

export function useDatasetInfo(path: string): DatasetInfo | null {
  const client = useClient();
  const info = useQuery({
    queryKey: [...queryKeys.dataset(path), 'info'],
    queryFn: async ({ signal }) => {
      for await (const event of await client.datasets.open({ path }, { signal })) {
        if (event.kind === 'ready') return event.dataset;
      }
      return null;
    },
    enabled: path !== '',
    retry: false,
  });
  return info.data ?? null;
}
