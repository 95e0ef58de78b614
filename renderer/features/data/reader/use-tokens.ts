// The tokens of the document that is read: encoded from its text, or as they are in a tokenized file.
import { useQuery } from '@tanstack/react-query';
import { type TokenColumns, unpackTokens } from '../../../../core/rpc/token-columns.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';

export interface TokenSource {
  readonly path: string;
  readonly row: number;
  /** `encode`: the text is given to the tokenizer. `file`: the ids are in the file. */
  readonly kind: 'encode' | 'file';
  readonly text: string;
  /** Below the workspace; empty: the one that the metadata of a tokenized file name. */
  readonly tokenizer: string;
}

export interface DocumentTokens {
  readonly columns: TokenColumns;
  readonly exact: boolean;
  /** Of the text itself, without what is put around it. */
  readonly count: number;
}

const KEPT_MS = 60_000;

export function useTokens(source: TokenSource, isWanted: boolean) {
  const client = useClient();
  const { path, row, kind, text, tokenizer } = source;
  return useQuery({
    queryKey: [...queryKeys.dataset(path), 'tokens', row, kind, tokenizer, text.length, text.slice(0, 64)],
    queryFn: async ({ signal }): Promise<DocumentTokens> => {
      const answer =
        kind === 'encode'
          ? await client.tokenizers.encode({ tokenizer, text }, { signal })
          : await client.datasets.rowTokens(
              { path, row, ...(tokenizer === '' ? {} : { tokenizer }) },
              { signal },
            );
      const columns = await unpackTokens(answer.data, answer.tokens);
      const around = columns.kinds.reduce((sum, each) => sum + (each === 2 ? 1 : 0), 0);
      return { columns, exact: answer.exact, count: answer.tokens - around };
    },
    enabled: isWanted && (kind === 'file' || tokenizer !== ''),
    gcTime: KEPT_MS,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

/** How the vocabulary spells some tokens; undefined while it is asked. */
export function useTokenNames(tokenizer: string, ids: readonly number[]): ReadonlyMap<number, string> {
  const client = useClient();
  const names = useQuery({
    queryKey: ['token-names', tokenizer, ...ids],
    queryFn: ({ signal }) => client.tokenizers.tokens({ tokenizer, ids: [...ids] }, { signal }),
    enabled: tokenizer !== '' && ids.length > 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return new Map(ids.map((id, index) => [id, names.data?.tokens[index] ?? '']));
}
