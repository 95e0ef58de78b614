// Voting on one item after another: what is shown, choosing, and going on. A key that comes before the next item is there does
// nothing, so that nobody votes on what they have not seen.
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { Ballot } from '../../../../core/api/votes.ts';
import type { VoteChoice } from '../../../../core/lib/votes/vote.ts';
import { navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { voteHref, votesKey } from './use-votes.ts';

export interface BallotDesk {
  readonly ballot: Ballot | null;
  /** What is shown is the item before; nothing can be chosen. */
  readonly isStale: boolean;
  readonly error: unknown;
  /** Why the last choice was not kept. */
  readonly failure: unknown;
  choose(choice: VoteChoice): void;
}

export function useBallot(place: {
  readonly vote: string;
  readonly voter: string;
  readonly at: number | 'done' | null;
}): BallotDesk {
  const { vote, voter, at } = place;
  const client = useClient();
  const queries = useQueryClient();
  const [failure, setFailure] = useState<unknown>(null);
  const [isCasting, setCasting] = useState(false);
  const position = typeof at === 'number' ? at : null;
  const key = (of: number | null) => [...votesKey, 'ballot', vote, voter, of];

  const first = useQuery({
    queryKey: [...votesKey, 'next', vote, voter],
    queryFn: () => client.votes.next({ vote, voter, after: -1 }),
    enabled: at === null,
    gcTime: 0,
  });
  const begins = first.data;
  useEffect(() => {
    if (at === null && begins) navigate(voteHref(vote, begins.position ?? 'done'), { replace: true });
  }, [at, begins, vote]);

  const ballot = useQuery({
    queryKey: key(position),
    queryFn: () => client.votes.at({ vote, voter, position: position ?? 0 }),
    enabled: position !== null,
    placeholderData: keepPreviousData,
  });
  const shown = ballot.data ?? null;
  const isStale = isCasting || ballot.isPlaceholderData || shown?.position !== position;
  const latest = useRef({ shown, isStale });
  useEffect(() => {
    latest.current = { shown, isStale };
  });

  const cast = async (item: Ballot, choice: VoteChoice) => {
    setCasting(true);
    setFailure(null);
    try {
      const { next } = await client.votes.cast({ vote, voter, item: item.id, choice });
      queries.setQueryData(key(item.position), { ...item, mine: choice });
      void queries.invalidateQueries({ queryKey: [...votesKey, 'one', vote] });
      navigate(voteHref(vote, next ?? 'done'));
    } catch (error) {
      setFailure(error);
    } finally {
      setCasting(false);
    }
  };
  return {
    ballot: shown,
    isStale,
    error: ballot.error ?? first.error,
    failure,
    choose(choice) {
      const now = latest.current;
      if (now.shown !== null && !now.isStale) void cast(now.shown, choice);
    },
  };
}
