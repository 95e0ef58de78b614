// A live feed of one source (a run or a log file): columns outside React that grow as points arrive.
// The stream only says that there is more; points come as one binary answer from where we stand.
import type { StudioClient } from '../../../core/api/contract.ts';
import type { SeriesSource, SeriesState } from '../../../core/api/series.ts';
import { type ColumnBuffer, createColumnBuffer } from '../../../core/lib/series/column-buffer.ts';
import { unpackColumns } from '../../../core/rpc/columns.ts';

/** Wait before trying again after the connection was lost. */
const RETRY_MS = 1000;

export interface SeriesFeed {
  readonly columns: ReadonlyMap<string, ColumnBuffer>;
  readonly state: SeriesState | null;
  readonly problem: unknown;
  /** Grows with every change: what React components compare. */
  readonly version: number;
  subscribe(listener: () => void): () => void;
}

/** Starts following `source` until `signal` aborts. Reconnects by itself and resumes without gap or repeat. */
export function followSeries(client: StudioClient, source: SeriesSource, signal: AbortSignal): SeriesFeed {
  const columns = new Map<string, ColumnBuffer>();
  const listeners = new Set<() => void>();
  let state: SeriesState | null = null;
  let problem: unknown = null;
  let version = 0;

  const changed = () => {
    version += 1;
    for (const listener of listeners) listener();
  };

  async function pull(next: SeriesState): Promise<void> {
    if (state && next.generation !== state.generation) for (const column of columns.values()) column.clear();
    const tags = Object.keys(next.points).filter(
      (tag) => (next.points[tag] ?? 0) > (columns.get(tag)?.length ?? 0),
    );
    if (tags.length > 0) {
      const after = Object.fromEntries(tags.map((tag) => [tag, columns.get(tag)?.length ?? 0]));
      const answer = await client.series.columns({ source, tags, after }, { signal });
      const counts = answer.columns.map((column) => column.count);
      const parts = await unpackColumns(answer.data, counts);
      answer.columns.forEach(({ tag, first }, index) => {
        const column = columns.get(tag) ?? createColumnBuffer();
        const part = parts[index];
        if (part && first === column.length) column.append(part.steps, part.values);
        columns.set(tag, column);
      });
    }
    state = next;
    changed();
  }

  async function follow(): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const next of await client.series.watch({ source }, { signal })) {
          problem = null;
          await pull(next);
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
