// A search through one log: its pattern as it is typed, the counts that core streams, the match one is at, and marks on what is in
// sight. Patterns run in core, where one that takes too long is stopped.
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { LogMatch, LogRow, LogSearchState, LogSource } from '../../../../core/api/logs.ts';
import type { SearchPattern } from '../../../../core/lib/log-view/search-pattern.ts';
import { useClient } from '../../../app/session.ts';
import { useStream } from '../../../app/use-stream.ts';
import { shownText } from './log-row.tsx';
import { markRanges, rangeIn } from './text-highlights.ts';

/** Typing on asks once. */
const TYPING_MS = 150;
const MAX_CACHED_LINES = 3000;

export type SearchSettings = Omit<SearchPattern, 'text'>;

export interface LogSearch {
  readonly text: string;
  setText(text: string): void;
  readonly settings: SearchSettings;
  setSettings(settings: SearchSettings): void;
  readonly state: LogSearchState | null;
  readonly problem: unknown;
  /** What was typed last is being looked for, and at least its beginning was. */
  readonly isSettled: boolean;
  readonly current: LogMatch | null;
  /** Goes to the next match after a place in the file; null when there is none. */
  find(offset: number, direction: 'next' | 'previous'): Promise<LogMatch | null>;
}

export function useLogSearch({
  source,
  isOpen,
  block,
  rows,
  painted,
}: {
  readonly source: LogSource;
  readonly isOpen: boolean;
  readonly block: RefObject<HTMLDivElement | null>;
  /** Drawn rows, in the order of the children of `block`. */
  readonly rows: readonly (LogRow | null)[];
  readonly painted: unknown;
}): LogSearch {
  const client = useClient();
  const [text, setText] = useState('');
  const [settings, setSettings] = useState<SearchSettings>({
    isRegex: false,
    matchesCase: false,
    wholeWord: false,
  });
  const [asked, setAsked] = useState('');
  const [state, setState] = useState<LogSearchState | null>(null);
  const [current, setCurrent] = useState<LogMatch | null>(null);
  const [marked, setMarked] = useState(0);
  const known = useRef(new Map<string, readonly number[]>());

  useEffect(() => {
    const timer = setTimeout(() => setAsked(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);

  const pattern: SearchPattern = { ...settings, text: asked };
  const key = isOpen && asked !== '' ? JSON.stringify([source, pattern]) : null;
  useEffect(() => {
    setState(null);
    setCurrent(null);
    known.current.clear();
  }, [key]);
  const stream = useStream<LogSearchState>({
    key,
    open: (opened, signal) => opened.logs.search({ source, pattern }, { signal }),
    onItem: setState,
  });
  const searchId = key === null ? null : (state?.searchId ?? null);

  const find = useCallback(
    async (offset: number, direction: 'next' | 'previous') => {
      if (searchId === null) return null;
      const match = await client.logs.match({ searchId, offset, direction }).catch(() => null);
      if (match) setCurrent(match);
      return match;
    },
    [client, searchId],
  );

  // Marks for lines that were not on screen before are asked for together.
  useEffect(() => {
    if (searchId === null) return;
    const texts = rows.flatMap((row) => (row ? [shownText(row).text] : []));
    const wanted = [...new Set(texts)].filter((one) => !known.current.has(one));
    if (wanted.length === 0) return;
    let isOver = false;
    client.logs
      .highlight({ searchId, texts: wanted })
      .then(({ ranges }) => {
        if (isOver) return;
        if (known.current.size > MAX_CACHED_LINES) known.current.clear();
        for (const [index, one] of wanted.entries()) known.current.set(one, ranges[index] ?? []);
        setMarked((count) => count + 1);
      })
      .catch(() => undefined);
    return () => {
      isOver = true;
    };
  }, [client, searchId, rows]);

  useLayoutEffect(() => {
    if (searchId === null || !block.current) return;
    const all: Range[] = [];
    const here: Range[] = [];
    for (const [index, child] of [...block.current.children].entries()) {
      const row = rows[index];
      const element = child.querySelector('[data-text]');
      if (!row || !element) continue;
      const pairs = known.current.get(shownText(row).text) ?? [];
      for (let at = 0; at + 1 < pairs.length; at += 2) {
        const range = rangeIn(element, pairs[at] ?? 0, pairs[at + 1] ?? 0);
        if (range) (row.offset === current?.offset ? here : all).push(range);
      }
    }
    const clearAll = markRanges('log-match', all);
    const clearHere = markRanges('log-match-current', here);
    return () => {
      clearAll();
      clearHere();
    };
  }, [searchId, rows, current, painted, marked, block]);

  return {
    text,
    setText,
    settings,
    setSettings,
    state: key === null ? null : state,
    isSettled: key !== null && asked === text && state !== null,
    problem: stream.state.kind === 'failed' ? stream.state.error : null,
    current,
    find,
  };
}
