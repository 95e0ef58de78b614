// The feeds a view shows right now, outside React: sources that are no longer wanted stop being followed.
import type { StudioClient } from '../../../core/api/contract.ts';
import type { SeriesSource } from '../../../core/api/series.ts';
import { followSeries, type SeriesFeed } from './series-feed.ts';

/** Pictures that do not come must not hold back the points: a page that is hidden lays out nothing. */
const PICTURE_LIMIT_MS = 5000;

export interface FeedPool {
  /** Follows exactly these sources, keyed by `sourceKey`. */
  sync(client: StudioClient, wanted: readonly SeriesSource[]): void;
  feedOf(source: SeriesSource): SeriesFeed | null;
  /**
   * Whether charts wait for the first pictures of long curves, as of a version of this pool: until they have them the curves themselves
   * are not fetched. To be told after every change.
   */
  expectPictures(areWaiting: boolean, version: number): void;
  /** Metrics that are shown: see `SeriesFeed.want`. */
  want(tags: readonly string[]): void;
  readonly version: number;
  subscribe(listener: () => void): () => void;
  dispose(): void;
}

interface Followed {
  readonly feed: SeriesFeed;
  readonly controller: AbortController;
}

export function createFeedPool(): FeedPool {
  const followed = new Map<string, Followed>();
  const listeners = new Set<() => void>();
  let version = 0;
  const waiting = new Set<(areWaiting: boolean, at: number) => void>();
  let wantedTags: readonly string[] = [];
  let usedClient: StudioClient | null = null;
  const changed = () => {
    version += 1;
    for (const listener of listeners) listener();
  };
  const pictured = (): Promise<void> =>
    new Promise((resolve) => {
      // What charts have said so far was about fewer points.
      const since = version;
      const end = () => {
        clearTimeout(timer);
        waiting.delete(told);
        resolve();
      };
      const told = (areWaiting: boolean, at: number) => {
        if (!areWaiting && at >= since) end();
      };
      const timer = setTimeout(end, PICTURE_LIMIT_MS);
      waiting.add(told);
    });
  const drop = (key: string) => {
    followed.get(key)?.controller.abort();
    followed.delete(key);
  };

  return {
    sync(client, wanted) {
      const keys = new Set(wanted.map(sourceKey));
      for (const key of followed.keys()) if (client !== usedClient || !keys.has(key)) drop(key);
      usedClient = client;
      for (const source of wanted) {
        const key = sourceKey(source);
        if (followed.has(key)) continue;
        const controller = new AbortController();
        const feed = followSeries(client, source, { signal: controller.signal, beforeLong: pictured });
        feed.subscribe(changed);
        feed.want(wantedTags);
        followed.set(key, { feed, controller });
      }
      changed();
    },
    expectPictures(areWaiting, at) {
      for (const told of waiting) told(areWaiting, at);
    },
    want(tags) {
      wantedTags = tags;
      for (const { feed } of followed.values()) feed.want(tags);
    },
    feedOf: (source) => followed.get(sourceKey(source))?.feed ?? null,
    get version() {
      return version;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose() {
      for (const key of followed.keys()) drop(key);
    },
  };
}

export function sourceKey(source: SeriesSource): string {
  return source.kind === 'run' ? `run:${source.id}` : `file:${source.path}`;
}
