// The campaigns over one data set, which of them is open, and how far it is; asked again whenever files change.
import { useQuery } from '@tanstack/react-query';
import type { CampaignSummary } from '../../../../core/api/annotations.ts';
import { filesKey } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';

export const annotationsKey = [...filesKey, 'annotations'] as const;

/** Others rate on the same network drive, where systems report no changes: asked again at this pace while shown. */
export const ASK_AGAIN_MS = 5_000;

export interface Campaigns {
  /** Null while they are being read. */
  readonly all: readonly CampaignSummary[] | null;
  /** Of any data set: which one a broken file belongs to cannot be known. */
  readonly problems: readonly string[];
  /** The one the link names, else the newest. */
  readonly open: CampaignSummary | null;
  readonly error: unknown;
}

export function useCampaigns(path: string, named: string | null): Campaigns {
  const client = useClient();
  const list = useQuery({
    queryKey: annotationsKey,
    queryFn: () => client.annotations.list(),
    refetchInterval: ASK_AGAIN_MS,
  });
  const all = list.data?.filter((entry) => entry.kind === 'campaign' && entry.dataset === path) ?? null;
  const campaigns = all?.flatMap((entry) => (entry.kind === 'campaign' ? [entry] : [])) ?? null;
  return {
    all: campaigns,
    problems: list.data?.flatMap((entry) => (entry.kind === 'problem' ? [entry.problem] : [])) ?? [],
    open: campaigns?.find(({ campaign }) => campaign === named) ?? campaigns?.[0] ?? null,
    error: list.error,
  };
}

export function useProgress(campaign: string | null) {
  const client = useClient();
  return useQuery({
    queryKey: [...annotationsKey, 'progress', campaign],
    queryFn: () => client.annotations.progress({ campaign: campaign ?? '' }),
    enabled: campaign !== null,
    refetchInterval: ASK_AGAIN_MS,
  });
}
