// Spearman's coefficient of two score columns within one language: Pearson's of the average ranks, taken from sorted copies.
// Pairs with a missing side are dropped before ranking. Knows nothing about where the rows come from.
import { type BaseColumns, type ScoreArray, type SortedScores, sortedScores } from './score-columns.ts';
import { sortScores } from './sort-scores.ts';

export interface RankCorrelation {
  /** NaN with fewer than two pairs, or with one side constant. */
  readonly coefficient: number;
  readonly pairs: number;
}

/** Reads each column once and looks every value up in its sorted copy. */
export function rankCorrelation(
  base: BaseColumns,
  left: SortedScores,
  right: SortedScores,
  language: number,
): RankCorrelation {
  const start = base.starts[language] ?? 0;
  const end = base.starts[language + 1] ?? 0;
  const ownLeft = left.values.subarray(start, end);
  const ownRight = right.values.subarray(start, end);
  if (left.scored[language] === end - start && right.scored[language] === end - start) {
    return correlate(
      { values: ownLeft, sorted: sortedScores(left, base, language) },
      { values: ownRight, sorted: sortedScores(right, base, language) },
    );
  }
  const pairs: number[] = [];
  for (let row = 0; row < ownLeft.length; row += 1) {
    if (!Number.isNaN(ownLeft[row]) && !Number.isNaN(ownRight[row])) pairs.push(row);
  }
  const [paired, other] = [takeSorted(ownLeft, pairs), takeSorted(ownRight, pairs)];
  return correlate(paired, other);
}

interface Ranked {
  readonly values: ScoreArray;
  /** The same values, ascending. */
  readonly sorted: ScoreArray;
}

function takeSorted(values: ScoreArray, rows: readonly number[]): Ranked {
  const taken =
    values instanceof Float32Array ? new Float32Array(rows.length) : new Float64Array(rows.length);
  for (let index = 0; index < rows.length; index += 1) taken[index] = values[rows[index] as number] as number;
  const sorted = taken.slice();
  sortScores(sorted);
  return { values: taken, sorted };
}

function correlate(left: Ranked, right: Ranked): RankCorrelation {
  const pairs = left.values.length;
  const rankLeft = rankOf(left.sorted);
  const rankRight = rankOf(right.sorted);
  // Ranks count from 0 here; their mean is taken off first, so that sums of squares stay exact to a double.
  const mean = (pairs - 1) / 2;
  let squaresLeft = 0;
  let squaresRight = 0;
  let products = 0;
  for (let row = 0; row < pairs; row += 1) {
    const x = rankLeft(left.values[row] as number) - mean;
    const y = rankRight(right.values[row] as number) - mean;
    squaresLeft += x * x;
    squaresRight += y * y;
    products += x * y;
  }
  const scale = Math.sqrt(squaresLeft) * Math.sqrt(squaresRight);
  return { coefficient: pairs < 2 || scale === 0 ? Number.NaN : products / scale, pairs };
}

const float = new Float32Array(1);
const floatBits = new Uint32Array(float.buffer);

/** The upper half of a value's bits as a float, as a number that grows with the value. */
function code(value: number): number {
  // Adding 0 makes the two zeros, which are equal, one.
  float[0] = value + 0;
  const upper = (floatBits[0] as number) >>> 16;
  return upper & 0x8000 ? 0xffff ^ upper : upper | 0x8000;
}

/**
 * Mean position of a value among ascending ones that hold it. Values are looked up by the upper half of their bits first: scores in
 * the steps of bfloat16 are found there at once, others by halving what shares that half.
 */
function rankOf(sorted: ScoreArray): (value: number) => number {
  const from = new Uint32Array(65_537);
  for (let index = 0; index < sorted.length; index += 1) {
    const next = code(sorted[index] as number) + 1;
    from[next] = (from[next] as number) + 1;
  }
  for (let next = 1; next < from.length; next += 1) {
    from[next] = (from[next] as number) + (from[next - 1] as number);
  }
  return (value) => {
    const own = code(value);
    const start = from[own] as number;
    const end = from[own + 1] as number;
    if (sorted[start] === value && sorted[end - 1] === value) return (start + end - 1) / 2;
    const first = firstWhere(sorted, start, end, (other) => other >= value);
    const behind = firstWhere(sorted, first, end, (other) => other > value);
    return (first + behind - 1) / 2;
  };
}

function firstWhere(
  sorted: ScoreArray,
  start: number,
  end: number,
  isBehind: (value: number) => boolean,
): number {
  let low = start;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBehind(sorted[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return low;
}
