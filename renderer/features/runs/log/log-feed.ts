// The rows of one log outside React: follows its state, fetches pages of rows that are looked at, remembers which repeats are open.
// Before the lines of a long log are counted it has the last ones only.
import type { StudioClient } from '../../../../core/api/contract.ts';
import { onBeat } from '../../../app/live-beat.ts';
import type { LogRow, LogSource, LogState } from '../../../../core/api/logs.ts';

const PAGE_ROWS = 100;
/** Pages kept; scrolling through a long log lets go of the oldest. */
const MAX_PAGES = 100;
const TAIL_ROWS = 500;
/** Rows at the end that may still change: a growing repeat, a progress bar. */
const UNSETTLED_ROWS = 70;
const RETRY_MS = 1000;

export interface LogFeed {
  readonly source: LogSource;
  readonly state: LogState | null;
  readonly problem: unknown;
  /** The lines are not counted yet: rows are the last ones of the log. */
  readonly isTail: boolean;
  readonly totalRows: number;
  readonly isFolded: boolean;
  readonly unfolded: readonly number[];
  rowAt(row: number): LogRow | null;
  /** Fetches the rows [first, end) unless they are there. */
  need(first: number, end: number): void;
  setFolded(isFolded: boolean): void;
  /** Opens a repeat, or folds it again. */
  toggleRepeat(row: LogRow): void;
  /** Opens the repeat that hides a line. */
  unfold(firstLine: number): void;
  readonly version: number;
  subscribe(listener: () => void): () => void;
}

interface Page {
  rows: readonly LogRow[];
  /** What it shows may be out of date. */
  isStale: boolean;
  isAsked: boolean;
}

/** Follows `source` until `signal` aborts. */
export function followLog(client: StudioClient, source: LogSource, signal: AbortSignal): LogFeed {
  const listeners = new Set<() => void>();
  const pages = new Map<number, Page>();
  /** Hidden lines of each open repeat, by its first line. */
  const unfolded = new Map<number, number>();
  let state: LogState | null = null;
  let tail: readonly LogRow[] | null = null;
  let problem: unknown = null;
  let isFolded = true;
  let layout = 0;
  let version = 0;
  let wanted: readonly [number, number] = [0, 0];
  /** Only the end has grown since what is drawn. */
  let isGrowth = false;

  const changed = (): void => {
    isGrowth = false;
    version += 1;
    for (const listener of listeners) listener();
  };
  const totalRows = (): number => {
    if (!state?.isComplete) return tail?.length ?? 0;
    if (!isFolded) return state.lines;
    return state.foldedRows + [...unfolded.values()].reduce((sum, hidden) => sum + hidden, 0);
  };
  const ask = async (index: number, page: Page): Promise<void> => {
    page.isAsked = true;
    page.isStale = false;
    const asked = layout;
    try {
      const folding = { isFolded, unfolded: [...unfolded.keys()] };
      const input = { source, firstRow: index * PAGE_ROWS, count: PAGE_ROWS, folding };
      const { rows, generation } = await client.logs.rows(input, { signal });
      if (asked !== layout || (state && generation !== state.generation)) return;
      page.rows = rows.map((row, at) => sameRow(page.rows[at], row));
      for (const { repeat } of rows)
        if (repeat?.isUnfolded) unfolded.set(repeat.firstLine, (repeat.times - 1) * repeat.period);
      if (isGrowth) onBeat(changed);
      else changed();
    } catch (error) {
      if (signal.aborted) return;
      problem = error;
      page.isStale = true;
      changed();
    } finally {
      page.isAsked = false;
      if (page.isStale && problem === null && pages.get(index) === page) need(...wanted);
    }
  };
  /** Whether an answer is on its way, with which the change is told. */
  const need = (first: number, end: number): boolean => {
    wanted = [first, end];
    let isAsking = false;
    if (!state?.isComplete) return isAsking;
    const last = Math.floor((Math.min(end, totalRows()) - 1) / PAGE_ROWS);
    for (let index = Math.floor(first / PAGE_ROWS); index <= last; index += 1) {
      const page = pages.get(index) ?? { rows: [], isStale: true, isAsked: false };
      pages.delete(index);
      pages.set(index, page);
      isAsking ||= page.isStale;
      if (page.isStale && !page.isAsked) void ask(index, page);
    }
    for (const index of [...pages.keys()].slice(0, Math.max(0, pages.size - MAX_PAGES))) pages.delete(index);
    return isAsking;
  };
  const relayout = (): void => {
    layout += 1;
    pages.clear();
    need(...wanted);
    changed();
  };
  const take = (next: LogState): void => {
    const before = state;
    const rowsBefore = totalRows();
    state = next;
    problem = null;
    if (before && before.generation !== next.generation) {
      unfolded.clear();
      relayout();
      return;
    }
    if (next.isComplete) {
      tail = null;
      const unsettled = Math.floor(Math.max(0, rowsBefore - UNSETTLED_ROWS) / PAGE_ROWS);
      for (const [index, page] of pages) if (index >= unsettled) page.isStale = true;
      // Lines and their text come on the screen together.
      const [first, end] = wanted;
      const follows = before?.isComplete === true && end >= rowsBefore;
      isGrowth = follows && need(first, totalRows());
      if (isGrowth) return;
      need(...wanted);
    } else void readTail();
    changed();
  };
  let isReadingTail = false;
  const readTail = async (): Promise<void> => {
    if (isReadingTail) return;
    isReadingTail = true;
    try {
      const { rows } = await client.logs.tail({ source, count: TAIL_ROWS }, { signal });
      if (!state?.isComplete) tail = rows;
      changed();
    } catch {
      // What is wrong with the file is said by the stream of states.
    } finally {
      isReadingTail = false;
    }
  };
  const follow = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        for await (const next of await client.logs.watch({ source }, { signal })) take(next);
        return;
      } catch (error) {
        if (signal.aborted) return;
        problem = error;
        changed();
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  };
  void readTail();
  void follow();

  return {
    source,
    get state() {
      return state;
    },
    get problem() {
      return problem;
    },
    get isTail() {
      return tail !== null && !state?.isComplete;
    },
    get totalRows() {
      return totalRows();
    },
    get isFolded() {
      return isFolded;
    },
    get unfolded() {
      return [...unfolded.keys()];
    },
    rowAt(row) {
      if (!state?.isComplete) return tail?.[row] ?? null;
      return pages.get(Math.floor(row / PAGE_ROWS))?.rows[row % PAGE_ROWS] ?? null;
    },
    need: (first, end) => void need(first, end),
    setFolded(next) {
      if (next === isFolded) return;
      isFolded = next;
      unfolded.clear();
      relayout();
    },
    toggleRepeat({ repeat }) {
      if (!repeat) return;
      if (!unfolded.delete(repeat.firstLine))
        unfolded.set(repeat.firstLine, (repeat.times - 1) * repeat.period);
      relayout();
    },
    unfold(firstLine) {
      // How many lines it hides is told with its first row.
      unfolded.set(firstLine, unfolded.get(firstLine) ?? 0);
      relayout();
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

/** The one that is there where it says the same: what is drawn of it stays. */
function sameRow(before: LogRow | undefined, now: LogRow): LogRow {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(now) ? before : now;
}
