// The answers of core that belong to a corpus and a language, cached until the corpus changes.
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { queryKeys } from '../../../../app/query-keys.ts';
import { useClient } from '../../../../app/session.ts';
import type { Settled, Lab } from './lab.ts';
import type { Cell } from './link.ts';
import { tokensText } from './tokens.ts';
import { useLabState } from './use-lab.ts';

/** Bins of 0.05 on JQL's scale from −0.5 to 5.5. */
const SCORE_BINS = 120;
const JOINT_BINS = 40;
const LENGTH_BINS = 48;
const NEVER_STALE = Number.POSITIVE_INFINITY;

/** Sizes and rows are part of the key: another corpus behind the same paths is asked again. */
function useCorpusKey(lab: Lab): readonly unknown[] {
  const files = useLabState(lab, (state) => state.description?.files);
  const print = files?.map(({ path, sizeBytes, rows }) => `${path} ${sizeBytes} ${rows}`).join('\n') ?? '';
  return [...queryKeys.dataset(lab.paths[0] ?? ''), 'quality', tokensText(lab.tokens), print];
}

export function useDistributions(lab: Lab, heads: readonly string[], language: string | null) {
  const client = useClient();
  const key = useCorpusKey(lab);
  return useQueries({
    queries: heads.map((head) => ({
      queryKey: [...key, 'distribution', head, language],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
        client.quality.distributions(
          { paths: [...lab.paths], tokens: lab.tokens, head, language, bins: SCORE_BINS, range: null },
          { signal },
        ),
      staleTime: NEVER_STALE,
      placeholderData: keepPreviousData,
    })),
  });
}

export function useAgreement(lab: Lab, heads: readonly string[], language: string | null) {
  const client = useClient();
  const key = useCorpusKey(lab);
  return useQuery({
    queryKey: [...key, 'agreement', heads, language],
    queryFn: ({ signal }) =>
      client.quality.agreement(
        { paths: [...lab.paths], tokens: lab.tokens, heads: [...heads], language, bins: JOINT_BINS },
        { signal },
      ),
    staleTime: NEVER_STALE,
    placeholderData: keepPreviousData,
  });
}

export function useTokenLengths(lab: Lab, language: string | null) {
  const client = useClient();
  const key = useCorpusKey(lab);
  return useQuery({
    queryKey: [...key, 'lengths', language],
    queryFn: ({ signal }) =>
      client.quality.tokenLengths(
        { paths: [...lab.paths], tokens: lab.tokens, language, bins: LENGTH_BINS, scale: 'log' },
        { signal },
      ),
    staleTime: NEVER_STALE,
    placeholderData: keepPreviousData,
  });
}

export function useBoard(lab: Lab, settled: Settled | null, language: string | null) {
  const client = useClient();
  const key = useCorpusKey(lab);
  const filter = settled?.result.filter;
  return useQuery({
    queryKey: [...key, 'board', filter, language],
    queryFn: ({ signal }) => {
      if (!filter) throw new Error('The board needs a filter');
      return client.quality.board(
        { paths: [...lab.paths], tokens: lab.tokens, filter, language },
        { signal },
      );
    },
    enabled: filter !== undefined,
    staleTime: NEVER_STALE,
    placeholderData: keepPreviousData,
  });
}

export type SampleOrder = Parameters<ReturnType<typeof useClient>['quality']['samples']>[0]['order'];

/** Documents of a cell that the inspector leafs through. */
export const SAMPLE_LIMIT = 100;

export function useSamples(
  lab: Lab,
  settled: Settled | null,
  where: {
    readonly language: string | null;
    readonly cell: Cell;
    readonly reason: string | null;
    readonly order: SampleOrder;
  },
) {
  const client = useClient();
  const key = useCorpusKey(lab);
  const filter = settled?.result.filter;
  return useQuery({
    queryKey: [...key, 'samples', filter, where],
    queryFn: ({ signal }) => {
      if (!filter) throw new Error('Samples need a filter');
      return client.quality.samples(
        { paths: [...lab.paths], tokens: lab.tokens, filter, ...where, limit: SAMPLE_LIMIT },
        { signal },
      );
    },
    enabled: filter !== undefined,
    staleTime: NEVER_STALE,
    placeholderData: keepPreviousData,
  });
}
