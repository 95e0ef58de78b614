// The line one is at: by a link, a click on its number, a match or a trouble. Opens the repeat that hides it.
import { useCallback, useState } from 'react';
import { notifyError } from '../../../app/notifications.ts';
import { useClient } from '../../../app/session.ts';
import type { LogFeed } from './log-feed.ts';

export interface ActiveLine {
  readonly line: number | null;
  set(line: number): void;
  go(line: number): Promise<void>;
}

export function useActiveLine(feed: LogFeed | null, reveal: (row: number) => void): ActiveLine {
  const client = useClient();
  const [line, set] = useState<number | null>(null);
  const go = useCallback(
    async (wanted: number) => {
      if (!feed) return;
      const place = { kind: 'line' as const, line: wanted };
      const folding = () => ({ isFolded: feed.isFolded, unfolded: [...feed.unfolded] });
      try {
        let found = await client.logs.locate({ source: feed.source, at: place, folding: folding() });
        if (found.hiddenBy !== null) {
          feed.unfold(found.hiddenBy);
          found = await client.logs.locate({ source: feed.source, at: place, folding: folding() });
        }
        set(found.line);
        reveal(found.row);
      } catch (error) {
        notifyError(error);
      }
    },
    [client, feed, reveal],
  );
  return { line, set, go };
}
