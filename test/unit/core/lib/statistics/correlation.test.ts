// Golden values from SciPy 1.17 (scipy.stats.rankdata, spearmanr, t.sf).
import { describe, expect, it } from 'vitest';
import { averageRanks } from '../../../../../core/lib/statistics/ranks.ts';
import { pearson, spearman } from '../../../../../core/lib/statistics/spearman.ts';
import { studentTwoSided } from '../../../../../core/lib/statistics/student-t.ts';
import { aggregated, predicted, ratings } from './golden.ts';

const column = (rater: number): number[] => ratings.map((row) => row[rater] ?? Number.NaN);

describe('average ranks', () => {
  it('gives ties the mean of their positions', () => {
    expect([...averageRanks([3, 1, 3, 2, 3])]).toEqual([4, 1, 4, 2, 4]);
    expect([...averageRanks([])]).toEqual([]);
  });
});

describe('Student t', () => {
  it.each([
    [2, 5, 0.10193947882985835],
    [0.5, 1, 0.7048327646991335],
    [9.8, 100, 2.7179289900981247e-16],
    [0, 7, 1],
  ])('tail of t=%d with %d degrees', (t, degrees, expected) => {
    expect(studentTwoSided(t, degrees) / expected).toBeCloseTo(1, 9);
  });
});

describe('Spearman', () => {
  it('matches SciPy on tied ratings', () => {
    const result = spearman([0, 1, 1, 2, 3, 3, 3, 5], [0.2, 0.9, 1.4, 1.4, 2, 3.3, 2, 4.1]);
    expect(result.coefficient).toBeCloseTo(0.9629000975, 10);
    expect(result.pValue).toBeCloseTo(1.241352e-4, 10);
  });

  it('matches SciPy on the golden ratings', () => {
    const result = spearman(predicted, aggregated);
    expect(result.coefficient).toBeCloseTo(0.9448564034753671, 13);
    expect(result.pValue).toBeCloseTo(3.783782047430692e-5, 13);
    expect(spearman(column(0), column(1)).coefficient).toBeCloseTo(0.7444831996, 9);
    expect(spearman(column(0), column(2)).coefficient).toBeCloseTo(0.7016191218, 9);
    expect(spearman(column(1), column(2)).coefficient).toBeCloseTo(0.8375966085, 9);
    expect(pearson(column(0), column(2))).toBeCloseTo(0.7092993656, 9);
  });

  it('drops pairs with NaN before ranking', () => {
    const result = spearman([1, Number.NaN, 2, 3, 9], [1, 5, 2, 3, Number.NaN]);
    expect(result).toEqual({ coefficient: 1, pValue: 0, pairs: 3 });
  });

  it('is NaN, not 0, for a constant side or too few pairs', () => {
    expect(spearman([1, 1, 1], [1, 2, 3]).coefficient).toBeNaN();
    expect(spearman([1], [2]).coefficient).toBeNaN();
    expect(() => spearman([1], [1, 2])).toThrow(RangeError);
  });
});
