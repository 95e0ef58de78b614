// React's view of the feed pool: follows the given sources while the component is shown.
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { SeriesSource } from '../../../core/api/series.ts';
import { useClient } from '../../app/session.ts';
import { createFeedPool, type FeedPool } from './feed-pool.ts';

/** `sources` must be memoised. The version changes whenever any of the feeds has more points. */
export function useFeedPool(sources: readonly SeriesSource[]): { pool: FeedPool; version: number } {
  const client = useClient();
  const [pool] = useState(() => createFeedPool());
  useEffect(() => pool.sync(client, sources), [pool, client, sources]);
  useEffect(() => () => pool.dispose(), [pool]);
  const version = useSyncExternalStore(pool.subscribe, () => pool.version);
  return { pool, version };
}
