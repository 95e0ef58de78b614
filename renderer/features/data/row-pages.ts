// Rows of a dataset by page, outside React: fetched when they come into view, the least recently seen dropped.
import type { Cell } from '../../../core/api/dataset-rows.ts';
import type { StudioClient } from '../../../core/api/contract.ts';

export const PAGE_ROWS = 100;
/** 60 pages of 100 rows with a 2 kB preview each stay below 12 MB. */
const MAX_PAGES = 60;

export interface RowPages {
  /** `row` is the place in the file, or in the view that is paged. */
  rowAt(row: number): readonly Cell[] | null;
  /** The row number in the file of what stands at a place; null while it is not fetched. */
  numberAt(row: number): number | null;
  /** Fetches the pages of rows [first, last] that are missing; requests for rows far away are given up. */
  need(first: number, last: number): void;
  /** Fetches again what was asked for last and did not come. */
  retry(): void;
  readonly version: number;
  readonly problem: unknown;
  subscribe(listener: () => void): () => void;
  dispose(): void;
}

/** A whole file, or a view of it. */
export type PageSource =
  | { readonly kind: 'file'; readonly path: string; readonly tokenizer?: string }
  | { readonly kind: 'view'; readonly viewId: string; readonly tokenizer?: string };

interface Page {
  readonly rows: readonly (readonly Cell[])[];
  /** Null in a file, where a row's place is its number. */
  readonly numbers: readonly number[] | null;
}

export function createRowPages(
  client: StudioClient,
  source: PageSource,
  columns: readonly string[],
): RowPages {
  const pages = new Map<number, Page>();
  const fetching = new Map<number, AbortController>();
  const listeners = new Set<() => void>();
  /** Nothing to fetch: no column is wanted, and numbers are places. */
  const isEmpty = columns.length === 0 && source.kind === 'file';
  let version = 0;
  let problem: unknown = null;
  let asked: { readonly first: number; readonly last: number } | null = null;
  const changed = () => {
    version += 1;
    for (const listener of listeners) listener();
  };

  async function readPage(first: number, signal: AbortSignal): Promise<Page> {
    const { tokenizer = '' } = source;
    const wanted = { limit: PAGE_ROWS, columns: [...columns], ...(tokenizer === '' ? {} : { tokenizer }) };
    if (source.kind === 'view') {
      const answer = await client.datasets.viewPage({ ...wanted, viewId: source.viewId, first }, { signal });
      return { rows: answer.rows, numbers: answer.rowNumbers };
    }
    const answer = await client.datasets.page({ ...wanted, path: source.path, firstRow: first }, { signal });
    return { rows: answer.rows, numbers: null };
  }

  async function fetchPage(page: number, controller: AbortController): Promise<void> {
    try {
      pages.set(page, await readPage(page * PAGE_ROWS, controller.signal));
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

  function need(first: number, last: number): void {
    if (isEmpty) return;
    asked = { first, last };
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
  }

  return {
    rowAt: (row) => (isEmpty ? [] : (pages.get(Math.floor(row / PAGE_ROWS))?.rows[row % PAGE_ROWS] ?? null)),
    numberAt: (row) =>
      source.kind === 'file'
        ? row
        : (pages.get(Math.floor(row / PAGE_ROWS))?.numbers?.[row % PAGE_ROWS] ?? null),
    need,
    retry() {
      if (asked) need(asked.first, asked.last);
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
