// Which tokenizer documents are read with: remembered for the workspace, and for each tokenized dataset by itself.
import { useQuery } from '@tanstack/react-query';
import type { TokenizerSummary } from '../../../../core/api/tokenizers.ts';
import { filesKey } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { useViewState } from '../../../app/view-state.ts';

const parsePath = (stored: unknown): string | undefined => (typeof stored === 'string' ? stored : undefined);
const parseFlag = (stored: unknown): boolean | undefined =>
  typeof stored === 'boolean' ? stored : undefined;

/** Those that can be used; null while they are looked for. */
export function useTokenizers(): readonly TokenizerSummary[] | null {
  const client = useClient();
  const found = useQuery({
    queryKey: [...filesKey, 'tokenizers'],
    queryFn: ({ signal }) => client.tokenizers.list(undefined, { signal }),
  });
  return found.data?.filter(({ problem }) => problem === null) ?? null;
}

/** The path of the chosen one; empty: none yet. */
export function useChosenTokenizer(): readonly [string, (path: string) => void] {
  return useViewState('data.tokenizer', parsePath, '');
}

/** What decodes a tokenized dataset; empty: the one its metadata name. */
export function useDecodingTokenizer(dataset: string): readonly [string, (path: string) => void] {
  return useViewState(`data.tokenizer.${dataset}`, parsePath, '');
}

export function useShowTokens(): readonly [boolean, (shown: boolean) => void] {
  return useViewState('data.showTokens', parseFlag, false);
}
