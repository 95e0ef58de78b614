// Profiles from core: a quick one of the first rows for the headers of the grid, and one over all rows with progress and a way
// to cancel.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { DatasetProfile, ProfileEvent } from '../../../../core/api/dataset-profile.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { useStream } from '../../../app/use-stream.ts';

/** Takes a moment in any file, and no person sees more in a picture of 20 bars. */
export const SAMPLE_ROWS = 100_000;

/** Of the first rows; undefined while it is made, and where a file cannot be profiled. */
export function useSampleProfile(
  path: string,
  viewId: string | null,
  isWanted: boolean,
): DatasetProfile | undefined {
  const client = useClient();
  const profile = useQuery({
    queryKey: [...queryKeys.dataset(path), 'profile', viewId],
    queryFn: async ({ signal }) => {
      for await (const event of await client.datasets.profile(
        { path, viewId, firstRows: SAMPLE_ROWS },
        { signal },
      )) {
        if (event.kind === 'ready') return event.profile;
      }
      throw new Error('The profile ended without a result');
    },
    enabled: isWanted,
    retry: false,
  });
  return profile.data;
}

export type WholeProfile =
  | { readonly kind: 'none' }
  | { readonly kind: 'reading'; readonly fraction: number | null }
  | { readonly kind: 'ready'; readonly profile: DatasetProfile }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Of all rows, once it is asked for. */
export function useWholeProfile(
  path: string,
  viewId: string | null,
): { readonly whole: WholeProfile; start(): void; cancel(): void } {
  const key = `${path}\n${viewId ?? ''}`;
  const [asked, setAsked] = useState<string | null>(null);
  const [newest, setNewest] = useState<{ readonly key: string; readonly event: ProfileEvent } | null>(null);
  const isAsked = asked === key;
  const { state, restart } = useStream<ProfileEvent>({
    key: isAsked ? key : null,
    open: (core, signal) => core.datasets.profile({ path, viewId, firstRows: null }, { signal }),
    onItem: (event) => setNewest({ key, event }),
  });
  const event = newest?.key === key ? newest.event : null;
  const whole = ((): WholeProfile => {
    if (event?.kind === 'ready') return event;
    if (!isAsked) return { kind: 'none' };
    if (state.kind === 'failed') return state;
    const fraction = event && event.totalRows > 0 ? event.doneRows / event.totalRows : null;
    return { kind: 'reading', fraction };
  })();
  return {
    whole,
    start: () => {
      setNewest(null);
      if (isAsked) restart();
      else setAsked(key);
    },
    cancel: () => setAsked(null),
  };
}
