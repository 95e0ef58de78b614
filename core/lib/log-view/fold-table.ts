// Which lines are folded away, and how lines and shown rows are numbered then. Grows at its end only; memory is bounded.
import type { FoldedRun } from './fold-runs.ts';

/** 24 bytes a run: 12 MB. A log with more repeats than that shows the later ones unfolded. */
const MAX_RUNS = 500_000;

export interface RowOfLine {
  readonly row: number;
  /** The run that hides this line, or whose shown line it is. */
  readonly run: FoldedRun | null;
  readonly isHidden: boolean;
}

export interface FoldTable {
  add(run: FoldedRun): void;
  readonly runCount: number;
  /** How many rows are shown for this many lines; `unfolded` are first lines of runs that are open. */
  rows(lines: number, open: FoldedRun | null, unfolded: readonly number[]): number;
  /** The line that a row shows, with the run that begins there or goes on there. */
  lineOfRow(
    row: number,
    open: FoldedRun | null,
    unfolded: readonly number[],
  ): { line: number; run: FoldedRun | null };
  rowOfLine(line: number, open: FoldedRun | null, unfolded: readonly number[]): RowOfLine;
}

export function createFoldTable(): FoldTable {
  let first = new Float64Array(256);
  let hiddenBefore = new Float64Array(256);
  let periods = new Uint8Array(256);
  let times = new Float64Array(256);
  let count = 0;
  let hidden = 0;

  const grow = (): void => {
    const size = first.length * 2;
    const larger = <T extends Float64Array | Uint8Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    first = larger(first, new Float64Array(size));
    hiddenBefore = larger(hiddenBefore, new Float64Array(size));
    times = larger(times, new Float64Array(size));
    periods = larger(periods, new Uint8Array(size));
  };
  const runAt = (index: number, open: FoldedRun | null): FoldedRun | null => {
    if (index < 0) return null;
    if (index === count) return open;
    return { firstLine: first[index] ?? 0, period: periods[index] ?? 1, times: times[index] ?? 1 };
  };
  const hiddenOf = (run: FoldedRun): number => (run.times - 1) * run.period;
  const hiddenUpTo = (index: number): number => (index >= count ? hidden : (hiddenBefore[index] ?? 0));
  /** Index of the last run that begins at or before the line; -1 for none. `count` is the open one. */
  const lastAt = (line: number, open: FoldedRun | null): number => {
    if (open && open.firstLine <= line) return count;
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((first[middle] ?? 0) <= line) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };
  /** Lines of a run that folding would hide among those before `line`. */
  const hiddenWithin = (run: FoldedRun, line: number): number =>
    Math.max(0, Math.min(line - run.firstLine - run.period, hiddenOf(run)));
  const shownBefore = (line: number, open: FoldedRun | null, unfolded: readonly number[]): number => {
    const index = lastAt(line, open);
    const run = runAt(index, open);
    let shown = line - hiddenUpTo(index) - (run ? hiddenWithin(run, line) : 0);
    for (const start of unfolded) {
      const known = start < line ? runAt(lastAt(start, open), open) : null;
      if (known?.firstLine === start) shown += hiddenWithin(known, line);
    }
    return shown;
  };
  const runOf = (line: number, open: FoldedRun | null): FoldedRun | null => {
    const run = runAt(lastAt(line, open), open);
    return run && line < run.firstLine + run.period * run.times ? run : null;
  };

  return {
    get runCount() {
      return count;
    },
    add(run) {
      if (count >= MAX_RUNS) return;
      if (count === first.length) grow();
      first[count] = run.firstLine;
      periods[count] = run.period;
      times[count] = run.times;
      hiddenBefore[count] = hidden;
      hidden += hiddenOf(run);
      count += 1;
    },
    rows: (lines, open, unfolded) => shownBefore(lines, open, unfolded),
    rowOfLine(line, open, unfolded) {
      const run = runOf(line, open);
      const isHidden =
        run !== null && line >= run.firstLine + run.period && !unfolded.includes(run.firstLine);
      return { row: shownBefore(line, open, unfolded) - (isHidden ? 1 : 0), run, isHidden };
    },
    lineOfRow(row, open, unfolded) {
      // The last line with so many shown ones before it: a hidden line has one more before it than the last shown one has.
      let low = row;
      let high = row + hidden + (open ? hiddenOf(open) : 0);
      while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if (shownBefore(middle, open, unfolded) <= row) low = middle;
        else high = middle - 1;
      }
      return { line: low, run: runOf(low, open) };
    },
  };
}
