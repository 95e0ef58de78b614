// Long lines and progress bars that a person opened in place.
import { useCallback, useState } from 'react';
import type { LogRow } from '../../../../core/api/logs.ts';
import { describeError } from '../../../app/describe-error.ts';
import { useClient } from '../../../app/session.ts';
import type { LogFeed } from './log-feed.ts';
import { type OpenedLine, shownText } from './log-row.tsx';

/** Opened in place; the rest of a longer line is in the saved file. */
const MAX_OPENED_BYTES = 1_048_576;
/** Earlier states of a progress bar that are shown. */
const MAX_STATES = 2000;

export interface OpenedLines {
  /** By line. */
  readonly opened: ReadonlyMap<number, OpenedLine>;
  readonly toggleOpened: (row: LogRow) => void;
}

export function useOpenedLines(feed: LogFeed | null): OpenedLines {
  const client = useClient();
  const [opened, setOpened] = useState<ReadonlyMap<number, OpenedLine>>(new Map());
  const toggleOpened = useCallback(
    (row: LogRow) => {
      const { line: number } = row;
      if (number === null || !feed) return;
      if (opened.has(number)) {
        setOpened((known) => new Map([...known].filter(([key]) => key !== number)));
        return;
      }
      const put = (value: OpenedLine) => setOpened((known) => new Map(known).set(number, value));
      put({ text: null, isAll: true });
      const range = { first: number, last: number, form: 'raw' as const, limitBytes: MAX_OPENED_BYTES };
      client.logs.text({ source: feed.source, ...range }).then(
        ({ text }) => put(openedLine(text, row)),
        (error: unknown) => put({ text: describeError(error).title, isAll: true }),
      );
    },
    [client, feed, opened],
  );
  return { opened, toggleOpened };
}

function openedLine(raw: string, row: LogRow): OpenedLine {
  const isAll = raw.length >= row.sizeBytes || new Blob([raw]).size >= row.sizeBytes;
  if (row.updates === 0) return { text: shownText({ ...row, text: raw }).text, isAll };
  const states = raw.split('\r').filter((state) => state !== '');
  const shown = states.slice(-MAX_STATES).map((state) => shownText({ ...row, text: state }).text);
  return { text: shown.join('\n'), isAll };
}
