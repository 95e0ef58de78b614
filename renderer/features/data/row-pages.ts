// Rows of a dataset by page, outside React: fetched when they come into view, the least recently seen dropped.
import type { Cell } from '../../../core/api/datasets.ts';
import type { StudioClient } from '../../../core/api/contract.ts';

export const PAGE_ROWS = 100;
/** 60 pages of 100 rows with a 2 kB preview each stay below 12 MB. */
const MAX_PAGES = 60;

export interface RowPages {
  rowAt(row: number): readonly Cell[] | null;
  /** Fetches the pages of rows [first, last] that are missing; requests for rows far away are given up. */
  need(first: number, last: number): void;
  readonly version: number;
  readonly problem: unknown;
  subscribe(listener: () => void): () => void;
  dispose(): void;
}

export function createRowPages(client: StudioClient, path: string, columns: readonly string[]): RowPages {
  const pages = new Map<number, readonly (readonly Cell[])[]>();
  const fetching = new Map<number, AbortController>();
  const listeners = new Set<() => void>();
  let version = 0;
  let problem: unknown = null;
  const changed = () => {
    version += 1;
    for (const listener of listeners) listener();
  };

  async function fetchPage(page: number, controller: AbortController): Promise<void> {
    try {
      const answer = await client.datasets.page(
        { path, firstRow: page * PAGE_ROWS, limit: PAGE_ROWS, columns: [...columns] },
        { signal: controller.signal },
      );
      pages.set(page, answer.rows);
      problem = null;
      const oldest = pages.keys().next();
      if (pages.size > MAX_PAGES && !oldest.done) pages.delete(oldest.value);
    } catch (error) {
      if (!controller.signal.aborted) problem = error;
    } finally {
      fetching.delete(page);
      if (!controller.signal.aborted) changed();
    }
  }

  return {
    rowAt: (row) =>
      columns.length === 0 ? [] : (pages.get(Math.floor(row / PAGE_ROWS))?.[row % PAGE_ROWS] ?? null),
    need(first, last) {
      if (columns.length === 0) return;
      const from = Math.floor(first / PAGE_ROWS);
      const to = Math.floor(last / PAGE_ROWS);
      for (const [page, controller] of fetching) {
        if (page < from - 1 || page > to + 1) controller.abort();
      }
      for (let page = from; page <= to; page += 1) {
        const known = pages.get(page);
        if (known) {
          pages.delete(page);
          pages.set(page, known);
        } else if (!fetching.has(page)) {
          const controller = new AbortController();
          fetching.set(page, controller);
          void fetchPage(page, controller);
        }
      }
    },
    get version() {
      return version;
    },
    get problem() {
      return problem;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose() {
      for (const controller of fetching.values()) controller.abort();
    },
  };
}
