// Finds lines that repeat what was just said: the same line again and again, or a few lines in turn (a warning of two lines from
// every rank). Works on hashes of lines; which lines count as the same is the caller's business.

export interface FoldedRun {
  /** Number of the first line, from 0. */
  readonly firstLine: number;
  /** Lines that are said once: shown. */
  readonly period: number;
  /** How often they are said in all. */
  readonly times: number;
}

export interface FoldRuns {
  /** The next line. 0 is a line that is never folded. */
  push(hash: number): void;
  /** The run the newest lines are in, when it is worth folding already. It may still grow. */
  readonly open: FoldedRun | null;
}

/** A traceback of a rank is some twenty lines; what repeats after more lines than this is not what was just said. */
const MAX_PERIOD = 64;
/** Folding one line costs a row and says little. */
const MIN_HIDDEN = 2;

/** `onRun` gets each run once it has ended, in order. */
export function createFoldRuns(onRun: (run: FoldedRun) => void): FoldRuns {
  /** Hashes of the last lines, by line number modulo the period's limit. */
  const recent = new Int32Array(MAX_PERIOD);
  let line = 0;
  /** Lines before this one belong to a run already. */
  let free = 0;
  let period = 0;
  /** How many lines in a row equal the one a period before. */
  let matched = 0;

  const runOf = (): FoldedRun | null => {
    if (period === 0) return null;
    const times = 1 + Math.floor(matched / period);
    const hidden = (times - 1) * period;
    if (hidden < MIN_HIDDEN) return null;
    return { firstLine: line - matched - period, period, times };
  };
  const close = (): void => {
    const run = runOf();
    if (run) {
      onRun(run);
      free = run.firstLine + run.period * run.times;
    }
    period = 0;
    matched = 0;
  };

  return {
    push(hash) {
      if (period > 0 && hash !== 0 && recent[(line - period) % MAX_PERIOD] === hash) matched += 1;
      else {
        close();
        const limit = Math.min(MAX_PERIOD - 1, line - free);
        for (let back = 1; hash !== 0 && back <= limit; back += 1) {
          if (recent[(line - back) % MAX_PERIOD] !== hash) continue;
          period = back;
          matched = 1;
          break;
        }
      }
      recent[line % MAX_PERIOD] = hash;
      line += 1;
    },
    get open() {
      return runOf();
    },
  };
}
