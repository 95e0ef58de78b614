// Troubles in a log: single lines that tell of one, and tracebacks as one block whatever ranks wrote between its lines. Says what
// kind it is and whose fault it may be; knows nothing about files.
import { failureCauseOf } from '../logs/nanotron-events.ts';
import type { FailureCause } from '../logs/log-events.ts';
import { lineLevel, lineRank, lineTimeMs } from './line-facts.ts';

export type TroubleKind = FailureCause | 'traceback' | 'cuda' | 'crash' | 'launcher' | 'error';

export interface Trouble {
  readonly kind: TroubleKind;
  /** First line, from 0, and how many lines belong to it (others may stand between them). */
  readonly line: number;
  readonly lines: number;
  /** One line that names it. */
  readonly title: string;
  readonly rank: string | null;
  readonly timeMs: number | null;
  /** It follows from another one: a watchdog, a launcher that ends the others, a cancelled job. */
  readonly isConsequence: boolean;
}

const MAX_TITLE = 300;
/** A traceback longer than this lost its end. */
const MAX_BLOCK_LINES = 2000;
/** Ranks that print a traceback at the same time. */
const MAX_OPEN_BLOCKS = 256;
const MAX_PREFIX = 120;
/** Lines between a traceback and the words "During handling of the above exception". */
const CHAIN_LINES = 4;

const start = /Traceback \(most recent call last\):?\s*$/;
const chain = /^(?:During handling of the above exception|The above exception was the direct cause)/;

interface Block {
  readonly prefix: string;
  readonly line: number;
  readonly rank: string | null;
  readonly timeMs: number | null;
  last: number;
  title: string;
  /** Waiting for its exception; afterwards for a second traceback that belongs to it. */
  isOpen: boolean;
  closedAt: number;
}

export interface TroubleFinder {
  /** Every line must be shown while this is true, however harmless. */
  readonly wantsEveryLine: boolean;
  /** A suspicious line, or any line while `wantsEveryLine`. True when it is an error or a warning. */
  push(line: number, text: string): boolean;
  /** Tracebacks that may still go on; a file may end with one. */
  readonly pending: readonly Trouble[];
}

/** `text` is plain. `onTrouble` gets troubles in the order in which they ended. */
export function createTroubleFinder(
  onTrouble: (trouble: Trouble) => void,
  referenceMs: number,
): TroubleFinder {
  const blocks: Block[] = [];
  let newestMs: number | null = null;

  const troubleOf = (block: Block): Trouble => {
    const cause = failureCauseOf(block.title);
    return {
      kind: cause ?? (isCuda(block.title) ? 'cuda' : 'traceback'),
      line: block.line,
      lines: block.last - block.line + 1,
      title: block.title.slice(0, MAX_TITLE),
      rank: block.rank,
      timeMs: block.timeMs,
      isConsequence: isConsequence(block.title, cause),
    };
  };
  const settle = (line: number): void => {
    for (let index = blocks.length - 1; index >= 0; index -= 1) {
      const block = blocks[index];
      if (!block) continue;
      const isOver = block.isOpen ? line - block.line > MAX_BLOCK_LINES : line - block.closedAt > CHAIN_LINES;
      if (isOver) {
        blocks.splice(index, 1);
        onTrouble(troubleOf(block));
      }
    }
  };
  const inBlock = (line: number, text: string): boolean => {
    // The longest prefix first: the empty one fits every line.
    const block = blocks
      .filter(({ prefix }) => text.startsWith(prefix))
      .sort((a, b) => b.prefix.length - a.prefix.length)[0];
    if (!block) return false;
    const rest = text.slice(block.prefix.length);
    if (block.isOpen) {
      block.last = line;
      if (rest === '' || /^[\s|+]/.test(rest)) return true;
      block.title = rest;
      block.isOpen = false;
      block.closedAt = line;
      return true;
    }
    if (rest.trim() === '') return false;
    if (chain.test(rest)) {
      block.closedAt = line;
      block.last = line;
      return true;
    }
    return false;
  };

  return {
    get wantsEveryLine() {
      return blocks.length > 0;
    },
    get pending() {
      return blocks.map(troubleOf);
    },
    push(line, text) {
      settle(line);
      if (start.test(text)) {
        const prefix = prefixOf(text);
        const before = blocks.find((block) => !block.isOpen && block.prefix === prefix);
        if (before) {
          // The next one of a chain: the last exception is the one that got out.
          before.isOpen = true;
          before.last = line;
        } else if (blocks.length < MAX_OPEN_BLOCKS) {
          blocks.push({
            prefix,
            line,
            rank: lineRank(text),
            timeMs: lineTimeMs(text, referenceMs) ?? newestMs,
            last: line,
            title: 'Traceback without its end',
            isOpen: true,
            closedAt: line,
          });
        }
        return true;
      }
      if (inBlock(line, text)) return true;
      const cause = failureCauseOf(text);
      const level = lineLevel(text);
      const timeMs = lineTimeMs(text, referenceMs);
      if (timeMs !== null) newestMs = timeMs;
      const kind = kindOf(text, cause, level === 'error');
      if (kind === null) return level === 'warning';
      onTrouble({
        kind,
        line,
        lines: 1,
        title: text.trim().slice(0, MAX_TITLE),
        rank: lineRank(text),
        timeMs: timeMs ?? newestMs,
        isConsequence: kind === 'launcher' || isConsequence(text, cause),
      });
      return true;
    },
  };
}

/** The one to look at first: the earliest that follows from no other. By time where every one has it, else in file order. */
export function rootTrouble<T extends Trouble>(troubles: readonly T[]): T | null {
  const causes = troubles.filter(({ isConsequence: follows }) => !follows);
  const candidates = causes.length > 0 ? causes : troubles;
  const hasTimes = candidates.every(({ timeMs }) => timeMs !== null);
  let root: T | null = null;
  for (const one of candidates) {
    if (!root || (hasTimes && (one.timeMs ?? 0) < (root.timeMs ?? 0))) root = one;
  }
  return root;
}

/** What a launcher puts before every line of a rank. What a progress bar left on the line is none. */
function prefixOf(text: string): string {
  const prefix = text.slice(0, text.search(/Traceback \(most recent/));
  return prefix.length > MAX_PREFIX || /[%<\u2580-\u259f]/.test(prefix) ? '' : prefix;
}

function kindOf(text: string, cause: FailureCause | null, isError: boolean): TroubleKind | null {
  if (isLauncher(text)) return 'launcher';
  if (cause !== null) return cause;
  if (isCuda(text)) return 'cuda';
  if (
    /Segmentation fault|core dumped|^Killed$|terminate called after|Fatal Python error|Bus error/.test(text)
  )
    return 'crash';
  if (/\bNCCL (?:INFO|TRACE|VERSION)\b/.test(text)) return null;
  return isError ? 'error' : null;
}

function isCuda(text: string): boolean {
  return /CUDA error|cudaError|CUBLAS_STATUS_(?!SUCCESS)|device-side assert|CUDA driver error|Xid \d/.test(
    text,
  );
}

/** Programs that start ranks and tell that one ended. */
function isLauncher(text: string): boolean {
  return /ChildFailedError|closing signal SIG|^srun: error:|^slurmstepd: error: \*\*\* STEP|torch\.distributed\.elastic.*(?:ERROR|failed)|failed \(exitcode: /.test(
    text,
  );
}

/** The other ranks wait for the one that failed, and give up; a job is cancelled after it failed. */
function isConsequence(text: string, cause: FailureCause | null): boolean {
  return (
    cause === 'nccl-timeout' ||
    cause === 'cancelled' ||
    isLauncher(text) ||
    /DistBackendError.*(?:remote process exited|Connection (?:reset|closed))|SIGTERM|SignalException|KeyboardInterrupt|Broken pipe|process group watchdog/i.test(
      text,
    )
  );
}
