// Where the chosen row stands among the rows that are shown: known at once after a step, asked of core after a link.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ViewPlace } from '../../../../core/api/dataset-rows.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';

/** The place of a row in a view with its neighbours; undefined while it is asked for or nothing is chosen. */
export function useViewPlace(path: string, row: number | null, viewId: string | null): ViewPlace | undefined {
  const client = useClient();
  const place = useQuery({
    queryKey: [...queryKeys.dataset(path), 'place', viewId, row],
    queryFn: ({ signal }) => client.datasets.viewPlace({ viewId: viewId ?? '', row: row ?? 0 }, { signal }),
    enabled: viewId !== null && row !== null && Number.isInteger(row) && row >= 0,
  });
  return place.data;
}

export function useRowPlace(
  path: string,
  row: number | null,
  isWholeFile: boolean,
  viewId: string | null,
): { readonly position: number | null; move(position: number, row: number): void } {
  const [stepped, setStepped] = useState<{
    readonly viewId: string | null;
    readonly position: number;
    readonly row: number;
  } | null>(null);
  const asked = useViewPlace(path, row, viewId);
  const known =
    stepped !== null && stepped.viewId === viewId && stepped.row === row ? stepped.position : null;
  return {
    position: isWholeFile ? row : (known ?? asked?.position ?? null),
    move: (position, number) => setStepped({ viewId, position, row: number }),
  };
}
