// The votes of the workspace and who one is, asked again whenever files change.
import { useQuery } from '@tanstack/react-query';
import { voterName } from '../../../../core/lib/votes/vote.ts';
import { filesKey } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { useViewState } from '../../../app/view-state.ts';
import { href } from '../../../app/route.ts';

export const votesKey = [...filesKey, 'votes'] as const;

/** Others vote on the same network drive, where systems report no changes: asked again at this pace while shown. */
const ASK_AGAIN_MS = 5_000;

export function useVotes() {
  const client = useClient();
  return useQuery({
    queryKey: votesKey,
    queryFn: () => client.votes.list(),
    refetchInterval: ASK_AGAIN_MS,
  });
}

export function useVote(vote: string) {
  const client = useClient();
  return useQuery({
    queryKey: [...votesKey, 'one', vote],
    queryFn: () => client.votes.read({ vote }),
    refetchInterval: ASK_AGAIN_MS,
  });
}

const parseVoter = (stored: unknown): string | undefined =>
  stored === '' ? '' : voterName.safeParse(stored).data;

/** The name one votes under, the same as in annotation; empty until one said who one is. */
export function useVoter(): readonly [string, (name: string) => void] {
  return useViewState('data.annotator', parseVoter, '');
}

/** `at` counts from 0, in links from 1. */
export function voteHref(vote: string, at: number | 'done' | null = null): string {
  return href(
    'evaluations',
    `votes/${vote}`,
    at === null ? {} : { at: at === 'done' ? 'done' : String(at + 1) },
  );
}

export function placeOf(query: URLSearchParams): number | 'done' | null {
  const at = query.get('at');
  if (at === 'done') return 'done';
  const number = Number(at);
  return at !== null && Number.isInteger(number) && number >= 1 ? number - 1 : null;
}
