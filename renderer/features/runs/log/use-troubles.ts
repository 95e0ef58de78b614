// The troubles of a log, asked for anew when there are more of them.
import { useEffect, useState } from 'react';
import type { LogSource, LogState, LogTrouble } from '../../../../core/api/logs.ts';
import { useClient } from '../../../app/session.ts';

/** A crash prints many at once: they are asked for together. */
const SETTLE_MS = 300;

export interface Troubles {
  readonly list: readonly LogTrouble[];
  readonly count: number;
  readonly root: LogTrouble | null;
}

const none: Troubles = { list: [], count: 0, root: null };

export function useTroubles(source: LogSource, state: LogState | null): Troubles {
  const client = useClient();
  const [troubles, setTroubles] = useState<Troubles>(none);
  const key = JSON.stringify(source);
  const count = state?.isComplete ? state.troubleCount : 0;
  const generation = state?.generation ?? 0;
  useEffect(() => {
    if (count === 0) {
      setTroubles(none);
      return;
    }
    const controller = new AbortController();
    const timer = setTimeout(() => {
      const wanted = JSON.parse(key) as LogSource;
      client.logs.troubles({ source: wanted }, { signal: controller.signal }).then(
        (found) => setTroubles({ list: found.troubles, count: found.count, root: found.root }),
        () => undefined,
      );
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [client, key, count, generation]);
  return troubles;
}

/** Whether a line belongs to one. */
export function troubleAt(
  { list, root }: { readonly list: readonly LogTrouble[]; readonly root: LogTrouble | null },
  line: number | null,
): 'root' | 'other' | null {
  if (line === null) return null;
  const holds = (trouble: LogTrouble): boolean => line >= trouble.line && line < trouble.line + trouble.lines;
  if (root && holds(root)) return 'root';
  return list.some(holds) ? 'other' : null;
}
