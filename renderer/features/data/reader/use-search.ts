// Search inside one document: what is looked for, where it is found, and which place is shown.
import { useCallback, useDeferredValue, useEffect, useMemo, useState } from 'react';
import { findMatches, type Matches } from './find-matches.ts';

export interface DocumentSearch {
  readonly isOpen: boolean;
  readonly wanted: string;
  readonly matches: Matches;
  /** Index of the match that is shown; null without any. */
  readonly current: number | null;
  open(): void;
  close(): void;
  look(wanted: string): void;
  /** Round the document. */
  step(by: 1 | -1): void;
}

export function useSearch(text: string): DocumentSearch {
  const [isOpen, setOpen] = useState(false);
  const [wanted, setWanted] = useState('');
  const [at, setAt] = useState(0);
  const open = useCallback(() => setOpen(true), []);
  const looked = useDeferredValue(isOpen ? wanted : '');
  const matches = useMemo(() => findMatches(text, looked), [text, looked]);
  const count = matches.starts.length;
  useEffect(() => setAt(0), [looked, text]);
  return {
    isOpen,
    wanted,
    matches,
    current: count === 0 ? null : Math.min(at, count - 1),
    open,
    close: () => setOpen(false),
    look: setWanted,
    step: (by) => setAt((place) => (count === 0 ? 0 : (place + by + count) % count)),
  };
}
