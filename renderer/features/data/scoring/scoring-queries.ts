// What the scoring dialogs ask core for: heads and embedders of the workspace.
import { useQuery } from '@tanstack/react-query';
import { filesKey } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';

/** Below the files: a head that a run has just written, or a model that has arrived, is listed. */
export const headsKey = [...filesKey, 'heads'] as const;
export const embeddersKey = [...filesKey, 'embedders'] as const;

export function useHeads() {
  const client = useClient();
  return useQuery({ queryKey: headsKey, queryFn: () => client.scoring.heads() });
}

export function useEmbedders() {
  const client = useClient();
  return useQuery({ queryKey: embeddersKey, queryFn: () => client.embedders.list() });
}
