// Agreement of several raters corrected for chance: Krippendorff's alpha, Fleiss' and Cohen's kappa.
// A document is a list of ratings, one a rater in the same order everywhere, null where a rater gave none.
import type { Rating } from './ratings.ts';

export type Scale = 'nominal' | 'ordinal' | 'interval';
export type KappaWeights = 'none' | 'linear' | 'quadratic';

const isRating = (rating: Rating | undefined): rating is number =>
  rating !== null && rating !== undefined && !Number.isNaN(rating);

/** Distance between two values that occur, given how often each value occurs; 0 for equal ones. */
type Distance = (left: number, right: number) => number;

/** By position in `values`, which are ascending; `totals` are the margins of the coincidence matrix. */
function distanceOf(scale: Scale, values: readonly number[], totals: readonly number[]): Distance {
  if (scale === 'nominal') return (left, right) => (left === right ? 0 : 1);
  if (scale === 'interval') return (left, right) => ((values[left] ?? 0) - (values[right] ?? 0)) ** 2;
  const before = totals.reduce<number[]>((sums, total) => [...sums, (sums.at(-1) ?? 0) + total], [0]);
  return (left, right) => {
    const [low, high] = left < right ? [left, right] : [right, left];
    const between = (before[high + 1] ?? 0) - (before[low] ?? 0);
    return (between - ((totals[low] ?? 0) + (totals[high] ?? 0)) / 2) ** 2;
  };
}

/**
 * Krippendorff's alpha, 1 − D_o / D_e on the coincidence matrix; documents with fewer than two ratings are skipped.
 * NaN when nothing can be compared or only one value occurs. Source: Krippendorff, "Computing Krippendorff's
 * Alpha-Reliability" (2011).
 */
export function krippendorffAlpha(documents: readonly (readonly Rating[])[], scale: Scale): number {
  const rated = documents.map((ratings) => ratings.filter(isRating)).filter((ratings) => ratings.length >= 2);
  const values = [...new Set(rated.flat())].sort((a, b) => a - b);
  const position = new Map(values.map((value, index) => [value, index]));
  const matrix = values.map(() => values.map(() => 0));
  for (const ratings of rated) {
    const counts = values.map(() => 0);
    for (const rating of ratings) {
      const index = position.get(rating) ?? 0;
      counts[index] = (counts[index] ?? 0) + 1;
    }
    for (const [left, row] of matrix.entries()) {
      for (const right of row.keys()) {
        const pairs = (counts[left] ?? 0) * ((counts[right] ?? 0) - (left === right ? 1 : 0));
        row[right] = (row[right] ?? 0) + pairs / (ratings.length - 1);
      }
    }
  }
  const totals = matrix.map((row) => row.reduce((sum, count) => sum + count, 0));
  const all = totals.reduce((sum, count) => sum + count, 0);
  const distance = distanceOf(scale, values, totals);
  let observed = 0;
  let expected = 0;
  for (const [left, row] of matrix.entries()) {
    for (const [right, count] of row.entries()) {
      const apart = distance(left, right);
      observed += count * apart;
      expected += (totals[left] ?? 0) * (totals[right] ?? 0) * apart;
    }
  }
  return expected === 0 ? Number.NaN : 1 - ((all - 1) * observed) / expected;
}

/**
 * Fleiss' kappa over documents that were rated equally often. Documents with another number of ratings than the most frequent
 * one are left out; NaN when nothing is left or only one value occurs.
 */
export function fleissKappa(documents: readonly (readonly Rating[])[]): {
  readonly kappa: number;
  readonly documents: number;
  readonly ratings: number;
} {
  const rated = documents.map((ratings) => ratings.filter(isRating)).filter((ratings) => ratings.length >= 2);
  const sizes = new Map<number, number>();
  for (const { length } of rated) sizes.set(length, (sizes.get(length) ?? 0) + 1);
  const [ratings = 0] = [...sizes].sort(([a, x], [b, y]) => y - x || b - a)[0] ?? [];
  const used = rated.filter(({ length }) => length === ratings);
  const totals = new Map<number, number>();
  let agreed = 0;
  for (const own of used) {
    const counts = new Map<number, number>();
    for (const rating of own) counts.set(rating, (counts.get(rating) ?? 0) + 1);
    for (const [rating, count] of counts) {
      totals.set(rating, (totals.get(rating) ?? 0) + count);
      agreed += (count * (count - 1)) / (ratings * (ratings - 1));
    }
  }
  const all = used.length * ratings;
  const observed = agreed / used.length;
  const expected = [...totals.values()].reduce((sum, count) => sum + (count / all) ** 2, 0);
  const kappa = used.length === 0 || expected === 1 ? Number.NaN : (observed - expected) / (1 - expected);
  return { kappa, documents: used.length, ratings };
}

/**
 * Cohen's kappa of two raters over documents that both rated; weights by the positions in `labels` (default: the values that
 * occur, ascending), as sklearn.metrics.cohen_kappa_score does. NaN without a pair or when both give one value only.
 */
export function cohenKappa(
  left: readonly Rating[],
  right: readonly Rating[],
  weights: KappaWeights,
  labels?: readonly number[],
): number {
  const pairs = left.flatMap((a, index) => {
    const b = right[index];
    return isRating(a) && isRating(b) ? [[a, b] as const] : [];
  });
  const values = labels ?? [...new Set(pairs.flat())].sort((a, b) => a - b);
  const position = new Map(values.map((value, index) => [value, index]));
  const rows = values.map(() => 0);
  const columns = values.map(() => 0);
  const weight = (a: number, b: number): number => {
    if (weights === 'none') return a === b ? 0 : 1;
    return weights === 'linear' ? Math.abs(a - b) : (a - b) ** 2;
  };
  let observed = 0;
  let count = 0;
  for (const [a, b] of pairs) {
    const row = position.get(a);
    const column = position.get(b);
    if (row === undefined || column === undefined) continue;
    rows[row] = (rows[row] ?? 0) + 1;
    columns[column] = (columns[column] ?? 0) + 1;
    observed += weight(row, column);
    count += 1;
  }
  let expected = 0;
  for (const [row, a] of rows.entries()) {
    for (const [column, b] of columns.entries()) expected += (a * b * weight(row, column)) / count;
  }
  return count === 0 || expected === 0 ? Number.NaN : 1 - observed / expected;
}
