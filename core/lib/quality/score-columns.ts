// The scores of a corpus in memory, grouped by language: thresholds by looking up sorted copies, counts in one pass.
// Knows nothing about where the rows come from. NaN stands for a missing score everywhere in here.
import { quantileOfSorted } from '../statistics/quantile.ts';

export type ScoreArray = Float32Array | Float64Array;

/** 1: FineWeb-2 kept the document, 0: removed it, 2: not known. */
export const KEPT = { removed: 0, kept: 1, unknown: 2 } as const;

/** What does not depend on a head. Rows of language l are those from starts[l] up to starts[l + 1]. */
export interface BaseColumns {
  readonly starts: Float64Array;
  readonly tokens: Uint32Array;
  readonly kept: Uint8Array;
}

export interface HeadColumn {
  readonly values: ScoreArray;
  /** Ascending within each language, NaN at the end. */
  readonly sorted: ScoreArray;
  /** Documents with a number, per language. */
  readonly scored: Float64Array;
}

/** Sorts within each language. About 1.1 s for 10 million rows. */
export function sortHead(values: ScoreArray, starts: Float64Array): HeadColumn {
  const sorted = values.slice();
  const languages = starts.length - 1;
  const scored = new Float64Array(languages);
  for (let language = 0; language < languages; language += 1) {
    const part = sorted.subarray(starts[language], starts[language + 1]);
    part.sort();
    scored[language] = firstNaN(part);
  }
  return { values, sorted, scored };
}

/** Index of the first NaN of an ascending column, which is where NaN begins. */
function firstNaN(sorted: ScoreArray): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (Number.isNaN(sorted[middle] ?? Number.NaN)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Scores of one language that are numbers, ascending. */
export function sortedScores(head: HeadColumn, base: BaseColumns, language: number): ScoreArray {
  const start = base.starts[language] ?? 0;
  return head.sorted.subarray(start, start + (head.scored[language] ?? 0));
}

/** Type 7 quantile of one head in one language; NaN when there is no score, or none finite at that place. */
export function headThreshold(head: HeadColumn, base: BaseColumns, language: number, share: number): number {
  const value = quantileOfSorted(sortedScores(head, base, language), share);
  return Number.isFinite(value) ? value : Number.NaN;
}

/** The next larger double, so that `> τ` becomes `>= nextUp(τ)`. NaN stays NaN. */
export function nextUp(value: number): number {
  if (Number.isNaN(value) || value === Number.POSITIVE_INFINITY) return value;
  if (value === 0) return Number.MIN_VALUE;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigInt64(0);
  view.setBigInt64(0, value > 0 ? bits + 1n : bits - 1n);
  return view.getFloat64(0);
}

export interface Counted {
  readonly documents: number;
  readonly tokens: number;
}

/**
 * Documents of one language that at least `needed` heads let pass, with `score >= bounds[head]`. A NaN bound lets nothing pass.
 * 10 million rows with three heads: see docs/LOG.md for the measured time.
 */
export function countPassing(
  base: BaseColumns,
  heads: readonly HeadColumn[],
  language: number,
  bounds: readonly number[],
  needed: number,
): Counted {
  const start = base.starts[language] ?? 0;
  const end = base.starts[language + 1] ?? 0;
  const [first, second, third] = heads;
  if (first && second && third && heads.length === 3) {
    return countThree(base.tokens, [first.values, second.values, third.values], [start, end], bounds, needed);
  }
  if (first && heads.length === 1) return countOne(base.tokens, first.values, [start, end], bounds[0] ?? 0);
  let documents = 0;
  let tokens = 0;
  for (let row = start; row < end; row += 1) {
    let passed = 0;
    for (let head = 0; head < heads.length; head += 1) {
      if ((heads[head]?.values[row] ?? Number.NaN) >= (bounds[head] ?? Number.NaN)) passed += 1;
    }
    if (passed >= needed) {
      documents += 1;
      tokens += base.tokens[row] ?? 0;
    }
  }
  return { documents, tokens };
}

function countOne(
  tokens: Uint32Array,
  values: ScoreArray,
  [start, end]: readonly [number, number],
  bound: number,
): Counted {
  let documents = 0;
  let total = 0;
  for (let row = start; row < end; row += 1) {
    if ((values[row] as number) >= bound) {
      documents += 1;
      total += tokens[row] as number;
    }
  }
  return { documents, tokens: total };
}

/** The usual ensemble. Without branches: whether a document passes is close to a coin toss, which a processor guesses badly. */
function countThree(
  tokens: Uint32Array,
  values: readonly [ScoreArray, ScoreArray, ScoreArray],
  [start, end]: readonly [number, number],
  bounds: readonly number[],
  needed: number,
): Counted {
  const [a, b, c] = values;
  const boundA = bounds[0] ?? Number.NaN;
  const boundB = bounds[1] ?? Number.NaN;
  const boundC = bounds[2] ?? Number.NaN;
  let documents = 0;
  let total = 0;
  for (let row = start; row < end; row += 1) {
    const passed =
      Number((a[row] as number) >= boundA) +
      Number((b[row] as number) >= boundB) +
      Number((c[row] as number) >= boundC);
    const keep = Number(passed >= needed);
    documents += keep;
    total += keep * (tokens[row] as number);
  }
  return { documents, tokens: total };
}

/** Documents and tokens of one language, and of them those that FineWeb-2 kept. */
export function countBase(
  base: BaseColumns,
  language: number,
): { readonly all: Counted; readonly kept: Counted; readonly known: number } {
  const start = base.starts[language] ?? 0;
  const end = base.starts[language + 1] ?? 0;
  let tokens = 0;
  let keptDocuments = 0;
  let keptTokens = 0;
  let known = 0;
  for (let row = start; row < end; row += 1) {
    const own = base.tokens[row] ?? 0;
    tokens += own;
    if (base.kept[row] !== KEPT.unknown) known += 1;
    if (base.kept[row] === KEPT.kept) {
      keptDocuments += 1;
      keptTokens += own;
    }
  }
  return {
    all: { documents: end - start, tokens },
    kept: { documents: keptDocuments, tokens: keptTokens },
    known,
  };
}
