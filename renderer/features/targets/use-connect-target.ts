// Connects a target, and looks at the site when nobody has before. What ssh asks meanwhile is asked by the window itself.
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { queryKeys } from '../../app/query-keys.ts';
import { useClient } from '../../app/session.ts';

export interface ConnectTarget {
  /** False when it did not work; the target's state then says why. */
  connect(name: string): Promise<boolean>;
  probe(name: string): Promise<void>;
  readonly isProbing: boolean;
  /** What the last look at a site failed with. */
  readonly problem: unknown;
}

export function useConnectTarget(): ConnectTarget {
  const client = useClient();
  const queries = useQueryClient();
  const [isProbing, setProbing] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const probe = useCallback(
    async (name: string) => {
      setProbing(true);
      setProblem(null);
      try {
        queries.setQueryData(queryKeys.siteProfile(name), await client.targets.probe({ name }));
      } catch (error) {
        setProblem(error);
      } finally {
        setProbing(false);
      }
    },
    [client, queries],
  );
  const connect = useCallback(
    async (name: string) => {
      try {
        await client.targets.connect({ name });
      } catch {
        // Its state carries the reason, in every window.
        return false;
      }
      void queries.invalidateQueries({ queryKey: queryKeys.board(name) });
      if ((await client.targets.profile({ name }).catch(() => null)) === null) await probe(name);
      return true;
    },
    [client, queries, probe],
  );
  return { connect, probe, isProbing, problem };
}
