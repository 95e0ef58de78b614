// React's view of a log feed: followed while the component is shown.
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { LogSource } from '../../../../core/api/logs.ts';
import { useClient } from '../../../app/session.ts';
import { followLog, type LogFeed } from './log-feed.ts';

const nothing = (): (() => void) => () => undefined;

export function useLogFeed(source: LogSource): { readonly feed: LogFeed | null; readonly version: number } {
  const client = useClient();
  const [feed, setFeed] = useState<LogFeed | null>(null);
  const key = JSON.stringify(source);
  useEffect(() => {
    const controller = new AbortController();
    setFeed(followLog(client, JSON.parse(key) as LogSource, controller.signal));
    return () => controller.abort();
  }, [client, key]);
  const version = useSyncExternalStore(feed?.subscribe ?? nothing, () => feed?.version ?? 0);
  return { feed, version };
}
