// Counts what passes a set of thresholds, block by block: most blocks pass or fail as a whole. Exact in any order of the rows, quick
// in one where neighbours have scores alike.
import {
  type BaseColumns,
  type Counted,
  type ScoreArray,
  type SortedScores,
  sortedScores,
} from './score-columns.ts';

/** Rows that are counted together where all of them pass, or none does. Larger ones are cut more often. */
export const BLOCK_ROWS = 256;

/** Blocks begin anew with each language: block b of it holds BLOCK_ROWS rows, the last one what is left. */
export interface HeadColumn extends SortedScores {
  /** Per block; NaN where a score is missing, so that never all of it passes. */
  readonly lowest: Float64Array;
  /** Per block, missing scores left out; NaN where all are missing. */
  readonly highest: Float64Array;
}

/** First block of each language, and the number of blocks at the end. */
export function firstBlocks(starts: Float64Array): Float64Array {
  const first = new Float64Array(starts.length);
  for (let language = 1; language < starts.length; language += 1) {
    const rows = (starts[language] ?? 0) - (starts[language - 1] ?? 0);
    first[language] = (first[language - 1] ?? 0) + Math.ceil(rows / BLOCK_ROWS);
  }
  return first;
}

/** Calls with each block and its rows, in order. */
function forEachBlock(
  starts: Float64Array,
  visit: (block: number, start: number, end: number) => void,
): void {
  let block = 0;
  for (let language = 1; language < starts.length; language += 1) {
    const end = starts[language] ?? 0;
    for (let start = starts[language - 1] ?? 0; start < end; start += BLOCK_ROWS) {
      visit(block, start, Math.min(end, start + BLOCK_ROWS));
      block += 1;
    }
  }
}

/** The blocks of a sorted column, whose `values` lie in the order they are counted in. */
export function withBlocks(head: SortedScores, starts: Float64Array): HeadColumn {
  const blocks = firstBlocks(starts).at(-1) ?? 0;
  const lowest = new Float64Array(blocks);
  const highest = new Float64Array(blocks).fill(Number.NaN);
  forEachBlock(starts, (block, start, end) => {
    const [low, high] = rangeOf(head.values, start, end);
    lowest[block] = low;
    highest[block] = high;
  });
  return { ...head, lowest, highest };
}

/** The same before anything is known about the blocks: each is looked at row by row. For the first answers, until rows are in order. */
export function withoutBlocks(head: SortedScores, starts: Float64Array): HeadColumn {
  const blocks = firstBlocks(starts).at(-1) ?? 0;
  return {
    ...head,
    lowest: new Float64Array(blocks).fill(Number.NaN),
    highest: new Float64Array(blocks).fill(Number.POSITIVE_INFINITY),
  };
}

function rangeOf(values: ScoreArray, start: number, end: number): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let numbers = 0;
  for (let row = start; row < end; row += 1) {
    const value = values[row] as number;
    if (value < low) low = value;
    if (value > high) high = value;
    numbers += Number(value === value);
  }
  if (numbers === 0) return [Number.NaN, Number.NaN];
  // A block of nothing but +Infinity has no lower value than the start.
  return [numbers < end - start ? Number.NaN : low, high];
}

/** Tokens of each block. */
export function blockTokens({ starts, tokens }: Pick<BaseColumns, 'starts' | 'tokens'>): Float64Array {
  const sums = new Float64Array(firstBlocks(starts).at(-1) ?? 0);
  forEachBlock(starts, (block, start, end) => {
    let sum = 0;
    for (let row = start; row < end; row += 1) sum += tokens[row] as number;
    sums[block] = sum;
  });
  return sums;
}

/** A head passes a document with `score >= bounds[head]`; a NaN bound lets nothing pass. `needed` heads must pass it. */
export interface Limits {
  readonly bounds: readonly number[];
  readonly needed: number;
}

export interface Passing {
  readonly passing: Counted;
  /** What each head alone lets pass. */
  readonly cuts: readonly Counted[];
}

/** What is known about the blocks before any threshold. */
export interface Blocks {
  /** First block of each language. */
  readonly first: Float64Array;
  readonly tokens: Float64Array;
}

export function blocksOf(base: BaseColumns): Blocks {
  return { first: firstBlocks(base.starts), tokens: blockTokens(base) };
}

/** For heads `withoutBlocks`, whose blocks are never taken as a whole. */
export function unknownBlocks(base: BaseColumns): Blocks {
  const first = firstBlocks(base.starts);
  return { first, tokens: new Float64Array(first.at(-1) ?? 0) };
}

/**
 * Documents of one language that pass, exactly. A block that every head lets through or holds back as a whole is one addition;
 * only the rows of the others are looked at.
 */
export function countPassing(
  { base, blocks }: { readonly base: BaseColumns; readonly blocks: Blocks },
  heads: readonly HeadColumn[],
  language: number,
  limits: Limits,
): Passing {
  const { bounds, needed } = limits;
  const values = heads.map((head) => head.values);
  const end = base.starts[language + 1] ?? 0;
  let start = base.starts[language] ?? 0;
  let documents = 0;
  let tokens = 0;
  const cutTokens = heads.map(() => 0);
  const whole = heads.map(() => false);
  const last = blocks.first[language + 1] ?? 0;
  for (let block = blocks.first[language] ?? 0; block < last; block += 1) {
    const next = Math.min(end, start + BLOCK_ROWS);
    let passed = 0;
    let isCut = false;
    for (let index = 0; index < heads.length; index += 1) {
      const head = heads[index] as HeadColumn;
      const bound = bounds[index] ?? Number.NaN;
      const all = (head.lowest[block] as number) >= bound;
      isCut ||= !all && (head.highest[block] as number) >= bound;
      whole[index] = all;
      passed += Number(all);
    }
    if (isCut) {
      const counted = countRows(base.tokens, values, [start, next], limits);
      documents += counted.passing.documents;
      tokens += counted.passing.tokens;
      for (let index = 0; index < heads.length; index += 1) {
        cutTokens[index] = (cutTokens[index] as number) + (counted.cutTokens[index] as number);
      }
    } else if (passed > 0) {
      const own = blocks.tokens[block] as number;
      if (passed >= needed) {
        documents += next - start;
        tokens += own;
      }
      for (let index = 0; index < heads.length; index += 1) {
        if (whole[index]) cutTokens[index] = (cutTokens[index] as number) + own;
      }
    }
    start = next;
  }
  return {
    passing: { documents, tokens },
    cuts: heads.map((head, index) => ({
      documents: countFrom(sortedScores(head, base, language), bounds[index] ?? Number.NaN),
      tokens: cutTokens[index] ?? 0,
    })),
  };
}

/** How many of the ascending scores are at or above `bound`; none for NaN. */
function countFrom(sorted: ScoreArray, bound: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) >= bound) high = middle;
    else low = middle + 1;
  }
  return sorted.length - low;
}

interface Sums {
  readonly passing: Counted;
  readonly cutTokens: readonly number[];
}

/** Row by row. */
function countRows(
  tokens: Uint32Array,
  values: readonly ScoreArray[],
  [from, to]: readonly [number, number],
  limits: Limits,
): Sums {
  const [a, b, c] = values;
  const range = [from | 0, to | 0] as const;
  return a && b && c && values.length === 3
    ? countThree(tokens, [a, b, c], range, limits)
    : countAny(tokens, values, range, limits);
}

function countAny(
  tokens: Uint32Array,
  values: readonly ScoreArray[],
  [start, end]: readonly [number, number],
  { bounds, needed }: Limits,
): Sums {
  let documents = 0;
  let total = 0;
  const cutTokens = values.map(() => 0);
  for (let row = start; row < end; row += 1) {
    const own = tokens[row] as number;
    let passed = 0;
    for (let head = 0; head < values.length; head += 1) {
      const pass = Number((values[head]?.[row] as number) >= (bounds[head] ?? Number.NaN));
      passed += pass;
      cutTokens[head] = (cutTokens[head] as number) + pass * own;
    }
    const keep = Number(passed >= needed);
    documents += keep;
    total += keep * own;
  }
  return { passing: { documents, tokens: total }, cutTokens };
}

/**
 * The usual ensemble, written out. `Number(condition)` compiles to no branch: whether a document passes is close to a coin toss,
 * and `condition ? 1 : 0` makes the processor guess wrong all the time. Documents are counted as
 * integers, which saves another tenth; tokens need doubles.
 */
function countThree(
  tokens: Uint32Array,
  [a, b, c]: readonly [ScoreArray, ScoreArray, ScoreArray],
  [start, end]: readonly [number, number],
  { bounds, needed }: Limits,
): Sums {
  const [boundA = Number.NaN, boundB = Number.NaN, boundC = Number.NaN] = bounds;
  let documents = 0;
  let total = 0;
  let tokensA = 0;
  let tokensB = 0;
  let tokensC = 0;
  for (let row = start; row < end; row += 1) {
    const own = tokens[row] as number;
    const passA = Number((a[row] as number) >= boundA);
    const passB = Number((b[row] as number) >= boundB);
    const passC = Number((c[row] as number) >= boundC);
    const keep = Number(passA + passB + passC >= needed);
    documents = (documents + keep) | 0;
    total += keep * own;
    tokensA += passA * own;
    tokensB += passB * own;
    tokensC += passC * own;
  }
  return { passing: { documents, tokens: total }, cutTokens: [tokensA, tokensB, tokensC] };
}
