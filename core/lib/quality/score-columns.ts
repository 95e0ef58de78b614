// The scores of a corpus in memory, grouped by language: thresholds by looking up sorted copies.
// Knows nothing about where the rows come from. NaN stands for a missing score everywhere in here.
import { quantileOfSorted } from '../statistics/quantile.ts';
import { sortScores } from './sort-scores.ts';

export type ScoreArray = Float32Array | Float64Array;

/** 1: FineWeb-2 kept the document, 0: removed it, 2: not known. */
export const KEPT = { removed: 0, kept: 1, unknown: 2 } as const;

/** What does not depend on a head. Rows of language l are those from starts[l] up to starts[l + 1]. */
export interface BaseColumns {
  readonly starts: Float64Array;
  readonly tokens: Uint32Array;
  readonly kept: Uint8Array;
}

export interface SortedScores {
  readonly values: ScoreArray;
  /** Ascending within each language, NaN at the end. */
  readonly sorted: ScoreArray;
  /** Documents with a number, per language. */
  readonly scored: Float64Array;
}

/** Sorts within each language, into copies. */
export function sortWithin(values: ScoreArray, starts: Float64Array): SortedScores {
  const sorted = values.slice();
  const languages = starts.length - 1;
  const scored = new Float64Array(languages);
  for (let language = 0; language < languages; language += 1) {
    const part = sorted.subarray(starts[language], starts[language + 1]);
    sortScores(part);
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
export function sortedScores(head: SortedScores, base: BaseColumns, language: number): ScoreArray {
  const start = base.starts[language] ?? 0;
  return head.sorted.subarray(start, start + (head.scored[language] ?? 0));
}

/** Type 7 quantile of one head in one language; NaN when there is no score, or none finite at that place. */
export function headThreshold(
  head: SortedScores,
  base: BaseColumns,
  language: number,
  share: number,
): number {
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

/** Documents and tokens of one language, and of them those that FineWeb-2 kept. */
export function countBase(
  base: BaseColumns,
  language: number,
): { readonly all: Counted; readonly kept: Counted } {
  const start = base.starts[language] ?? 0;
  const end = base.starts[language + 1] ?? 0;
  let tokens = 0;
  let keptDocuments = 0;
  let keptTokens = 0;
  for (let row = start; row < end; row += 1) {
    const own = base.tokens[row] ?? 0;
    tokens += own;
    if (base.kept[row] !== KEPT.kept) continue;
    keptDocuments += 1;
    keptTokens += own;
  }
  return {
    all: { documents: end - start, tokens },
    kept: { documents: keptDocuments, tokens: keptTokens },
  };
}
