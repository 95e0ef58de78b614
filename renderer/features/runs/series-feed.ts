// A live feed of one source (a run or a log file): columns outside React that grow as points arrive.
// The stream only says that there is more; points come as one binary answer from where we stand. Long curves come when their first
// picture, which is asked for by itself (curves/overview-feed.ts), is on screen.
import type { StudioClient } from '../../../core/api/contract.ts';
import type { SeriesSource, SeriesState } from '../../../core/api/series.ts';
import { type ColumnBuffer, createColumnBuffer } from '../../../core/lib/series/column-buffer.ts';
import { isExtra } from '../../../core/lib/series/extra-columns.ts';
import { TOKEN_TAGS } from '../../../core/lib/series/x-values.ts';
import { readSeriesColumns } from '../../../core/rpc/series-columns.ts';
import { onBeat } from '../../app/live-beat.ts';
import { chartedTags } from './tags.ts';

/** Sources with at most this many metrics are fetched whole. */
const EAGER_TAGS = 100;
/** Points in one answer, so that the first chart is there before the last metric has come: 8 MB. */
const POINTS_AT_ONCE = 500_000;
/** What the contract takes. */
const MAX_TAGS_AT_ONCE = 200;

/** Metrics of which so many points are missing come after their picture. */
export const LONG_POINTS = 50_000;

/** So few new points are a run that goes on: they are drawn with what else goes on. More are a run that is being read. */
const LIVE_POINTS = 100;

/** Wait before trying again after the connection was lost. */
const RETRY_MS = 1000;

export interface SeriesFeed {
  readonly columns: ReadonlyMap<string, ColumnBuffer>;
  /** How many points core has of a metric. */
  pointsOf(tag: string): number;
  /** Of a source with hundreds of metrics only those that are shown are fetched: these too from now on. */
  want(tags: readonly string[]): void;
  readonly state: SeriesState | null;
  readonly problem: unknown;
  /** Grows with every change: what React components compare. */
  readonly version: number;
  subscribe(listener: () => void): () => void;
}

export interface FollowOptions {
  readonly signal: AbortSignal;
  /** Resolves when long curves may be fetched. */
  readonly beforeLong: () => Promise<void>;
}

/** Starts following `source` until `signal` aborts. Reconnects by itself and resumes without gap or repeat. */
export function followSeries(client: StudioClient, source: SeriesSource, options: FollowOptions): SeriesFeed {
  const { signal, beforeLong } = options;
  const columns = new Map<string, ColumnBuffer>();
  const listeners = new Set<() => void>();
  let wanted: ReadonlySet<string> = new Set();
  let pulling = Promise.resolve();
  let state: SeriesState | null = null;
  let problem: unknown = null;
  let version = 0;

  const changed = () => {
    version += 1;
    for (const listener of listeners) listener();
  };

  async function pull(next: SeriesState): Promise<void> {
    const before = state;
    if (before && next.generation !== before.generation)
      for (const column of columns.values()) column.clear();
    state = next;
    const missing = (tag: string) => (next.points[tag] ?? 0) - (columns.get(tag)?.length ?? 0);
    const tags = inOrder(Object.keys(next.points), wanted).filter((tag) => missing(tag) > 0);
    if (next.isReading || tags.some((tag) => missing(tag) >= LONG_POINTS)) {
      // Charts take their places, and ask for their pictures.
      for (const tag of tags) if (!columns.has(tag)) columns.set(tag, createColumnBuffer());
      changed();
      // Core is busy with reading; the state that says it is done comes by itself.
      if (next.isReading) return;
      await beforeLong();
      signal.throwIfAborted();
    }
    const isLive = before !== null && !next.ended && tags.every((tag) => missing(tag) <= LIVE_POINTS);
    for (const batch of batchesOf(tags, missing)) {
      const after = Object.fromEntries(batch.map((tag) => [tag, columns.get(tag)?.length ?? 0]));
      const { parts, generation } = await readSeriesColumns(
        await client.series.columns({ source, tags: batch, after }, { signal }),
      );
      // Replaced since: the next state says so.
      if (generation !== next.generation) return;
      for (const { tag, first, steps, values } of parts) {
        const column = columns.get(tag) ?? createColumnBuffer();
        if (first === column.length) column.append(steps, values);
        columns.set(tag, column);
      }
      if (isLive) onBeat(changed);
      else changed();
    }
    if (tags.length === 0 && (before === null || isOther(before, next))) changed();
  }

  async function follow(): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const next of await client.series.watch({ source }, { signal })) {
          problem = null;
          const current = pulling.then(() => pull(next));
          // Whoever waits behind it does not fail with it.
          pulling = current.catch(() => {});
          await current;
        }
        return;
      } catch (error) {
        if (signal.aborted) return;
        problem = error;
        changed();
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }
  void follow();

  return {
    columns,
    pointsOf: (tag) => state?.points[tag] ?? 0,
    want(tags) {
      if (tags.every((tag) => wanted.has(tag))) return;
      wanted = new Set([...wanted, ...tags]);
      // After what is on its way: two answers for one column would not fit each other.
      pulling = pulling.then(() => (state ? pull(state) : undefined)).catch(() => {});
    },
    get state() {
      return state;
    },
    get problem() {
      return problem;
    },
    get version() {
      return version;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** More bytes without a point are no news: of a run that prints its log beside its metrics that is every second state. */
function isOther(before: SeriesState, next: SeriesState): boolean {
  return (
    before.generation !== next.generation ||
    before.ended !== next.ended ||
    before.skippedLines !== next.skippedLines ||
    Object.keys(before.points).length !== Object.keys(next.points).length ||
    Object.entries(next.points).some(([tag, count]) => before.points[tag] !== count)
  );
}

/** Wanted and well-known metrics first; of many only those, and the columns beside them. */
function inOrder(names: readonly string[], wanted: ReadonlySet<string>): readonly string[] {
  const extras = names.filter((name) => isExtra(name));
  const metrics = names.filter((name) => !isExtra(name));
  const charted = chartedTags(metrics);
  const first = charted.filter((tag, place) => wanted.has(tag) || place < 4);
  const tokens = metrics.filter((tag) => TOKEN_TAGS.includes(tag));
  const others = metrics.length <= EAGER_TAGS ? [...charted, ...metrics] : [];
  return [...new Set([...first, ...tokens, ...extras, ...others])];
}

function batchesOf(tags: readonly string[], pointsOf: (tag: string) => number): readonly string[][] {
  const batches: string[][] = [];
  let points = Number.POSITIVE_INFINITY;
  for (const tag of tags) {
    const own = pointsOf(tag);
    const newest = batches.at(-1);
    if (newest && points + own <= POINTS_AT_ONCE && newest.length < MAX_TAGS_AT_ONCE) {
      newest.push(tag);
      points += own;
    } else {
      batches.push([tag]);
      points = own;
    }
  }
  return batches;
}
