// Spearman's rank correlation with its p-value, as scipy.stats.spearmanr computes it.
import { averageRanks } from './ranks.ts';
import { studentTwoSided } from './student-t.ts';

export interface Correlation {
  /** NaN when fewer than two pairs are left or one side is constant: shown as a dash, never as 0. */
  readonly coefficient: number;
  readonly pValue: number;
  /** Pairs with a number on both sides. */
  readonly pairs: number;
}

function isConstant(values: ArrayLike<number>): boolean {
  for (let index = 1; index < values.length; index += 1) if (values[index] !== values[0]) return false;
  return true;
}

/** Pearson's correlation of two columns of equal length; NaN for a constant side. */
export function pearson(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const n = a.length;
  if (n < 2) return Number.NaN;
  // By comparing, not by a variance of 0: a rounded mean of equal values may miss them by a bit.
  if (isConstant(a) || isConstant(b)) return Number.NaN;
  let meanA = 0;
  let meanB = 0;
  for (let index = 0; index < n; index += 1) {
    meanA += (a[index] ?? 0) / n;
    meanB += (b[index] ?? 0) / n;
  }
  let covariance = 0;
  let varianceA = 0;
  let varianceB = 0;
  for (let index = 0; index < n; index += 1) {
    const deltaA = (a[index] ?? 0) - meanA;
    const deltaB = (b[index] ?? 0) - meanB;
    covariance += deltaA * deltaB;
    varianceA += deltaA * deltaA;
    varianceB += deltaB * deltaB;
  }
  if (varianceA === 0 || varianceB === 0) return Number.NaN;
  return Math.max(-1, Math.min(1, covariance / Math.sqrt(varianceA * varianceB)));
}

/**
 * Pearson's correlation of average ranks. Pairs with NaN on either side are dropped before ranking.
 * p: two-sided Student t with n - 2 degrees of freedom; 0 for a perfect correlation, NaN below three pairs.
 * The shortcut 1 - 6*sum(d^2)/(n(n^2-1)) is wrong with ties, and human ratings are mostly ties.
 */
export function spearman(a: ArrayLike<number>, b: ArrayLike<number>): Correlation {
  if (a.length !== b.length) throw new RangeError('Spearman needs two columns of equal length');
  const left: number[] = [];
  const right: number[] = [];
  for (let index = 0; index < a.length; index += 1) {
    const x = a[index] ?? Number.NaN;
    const y = b[index] ?? Number.NaN;
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    left.push(x);
    right.push(y);
  }
  const pairs = left.length;
  const coefficient = pearson(averageRanks(left), averageRanks(right));
  if (Number.isNaN(coefficient) || pairs < 3) return { coefficient, pValue: Number.NaN, pairs };
  if (Math.abs(coefficient) === 1) return { coefficient, pValue: 0, pairs };
  const t = coefficient * Math.sqrt((pairs - 2) / (1 - coefficient * coefficient));
  return { coefficient, pValue: studentTwoSided(t, pairs - 2), pairs };
}
