// The feeds a view shows right now, outside React: sources that are no longer wanted stop being followed.
import type { StudioClient } from '../../../core/api/contract.ts';
import type { SeriesSource } from '../../../core/api/series.ts';
import { followSeries, type SeriesFeed } from './series-feed.ts';

/** Charts need this long to be laid out. */
const PLACES_MS = 100;
/** Pictures that do not come must not hold back the points: a page that is hidden lays out nothing. */
const PICTURE_LIMIT_MS = 5000;

export interface FeedPool {
  /** Follows exactly these sources, keyed by `sourceKey`. */
  sync(client: StudioClient, wanted: readonly SeriesSource[]): void;
  feedOf(source: SeriesSource): SeriesFeed | null;
  /** Whether charts wait for the first pictures of long curves: until they have them the curves themselves are not fetched. */
  expectPictures(areWaiting: boolean): void;
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
  let areWaiting = false;
  const waiting = new Set<() => void>();
  let wantedTags: readonly string[] = [];
  let usedClient: StudioClient | null = null;
  const changed = () => {
    version += 1;
    for (const listener of listeners) listener();
  };
  const pictured = async (): Promise<void> => {
    // The charts of a new curve first have to say that they wait.
    await new Promise((resolve) => setTimeout(resolve, PLACES_MS));
    if (!areWaiting) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, PICTURE_LIMIT_MS);
      waiting.add(done);
    });
  };
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
    expectPictures(next) {
      areWaiting = next;
      if (!next) for (const done of waiting) done();
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
