// React's view of series feeds: one feed per source, followed while a component shows it.
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { StudioClient } from '../../../core/api/contract.ts';
import type { SeriesSource } from '../../../core/api/series.ts';
import { followSeries, type SeriesFeed } from './series-feed.ts';

const nothing = { subscribe: () => () => {}, version: 0 };

/** The feed of `source` (null while it starts) and its version, which changes with every batch of points. */
export function useSeriesFeed(
  client: StudioClient,
  source: SeriesSource | null,
): { feed: SeriesFeed | null; version: number } {
  const key = source === null ? null : sourceKey(source);
  const [feed, setFeed] = useState<SeriesFeed | null>(null);
  useEffect(() => {
    if (key === null) return;
    const controller = new AbortController();
    setFeed(followSeries(client, parseSource(key), controller.signal));
    return () => {
      controller.abort();
      setFeed(null);
    };
  }, [client, key]);
  const store = feed ?? nothing;
  const version = useSyncExternalStore(store.subscribe, () => store.version);
  return { feed, version };
}

export function sourceKey(source: SeriesSource): string {
  return JSON.stringify(source);
}

function parseSource(key: string): SeriesSource {
  return JSON.parse(key) as SeriesSource;
}
