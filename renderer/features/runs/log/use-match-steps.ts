// From one match of a search to the next and back, also when a person is faster than the search.
import { type RefObject, useEffect, useState } from 'react';
import { notifyError } from '../../../app/notifications.ts';
import { useClient } from '../../../app/session.ts';
import type { LogFeed } from './log-feed.ts';
import type { LogSearch } from './use-log-search.ts';

export type StepMatch = (direction: 'next' | 'previous') => Promise<void>;

export function useMatchSteps({
  feed,
  search,
  closed,
  topRow,
  goToLine,
}: {
  readonly feed: LogFeed | null;
  readonly search: LogSearch;
  /** How often the search was closed. */
  readonly closed: RefObject<number>;
  /** The first row on screen: a search begins there. */
  readonly topRow: () => number;
  readonly goToLine: (line: number) => Promise<void>;
}): StepMatch {
  const client = useClient();
  const [wantedStep, setWantedStep] = useState<'next' | 'previous' | null>(null);
  const stepMatch: StepMatch = async (direction) => {
    // Asked before there is an answer: as soon as there is one.
    if (!search.isSettled) {
      setWantedStep(direction);
      return;
    }
    // Not after it was closed: by then a person looks at something else.
    const before = closed.current;
    const from = search.current?.offset ?? feed?.rowAt(topRow())?.offset ?? 0;
    const match = await search.find(
      direction === 'next' && search.current !== null ? from + 1 : from,
      direction,
    );
    if (!match || !feed || closed.current !== before) return;
    const at = { kind: 'offset' as const, offset: match.offset };
    const found = await client.logs.locate({ source: feed.source, at });
    if (closed.current === before) await goToLine(found.line);
  };
  const hasMatches = search.isSettled && (search.state?.matches ?? 0) > 0;
  useEffect(() => {
    if (wantedStep === null || !hasMatches) return;
    setWantedStep(null);
    void stepMatch(wantedStep).catch(notifyError);
    // oxlint-disable-next-line react/exhaustive-deps
  }, [wantedStep, hasMatches]);
  useEffect(() => setWantedStep(null), [search.text]);
  return stepMatch;
}
