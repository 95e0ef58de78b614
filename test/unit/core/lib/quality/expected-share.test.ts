// What an ensemble should keep, against a simulation of a Gaussian copula (percent: all three, two or more, any) and by hand.
import { describe, expect, it } from 'vitest';
import { expectedShare } from '../../../../../core/lib/quality/expected-share.ts';

const simulated: readonly (readonly [number, number, readonly [number, number, number]])[] = [
  [0.83, 0.6, [27.1, 39.5, 53.4]],
  [0.83, 0.7, [18.6, 29.1, 42.2]],
  [0.87, 0.7, [20.0, 29.4, 40.6]],
  [0.87, 0.9, [5.3, 9.2, 15.5]],
  [0.9, 0.8, [13.1, 19.4, 27.5]],
  [0.95, 0.6, [33.0, 39.9, 47.1]],
  [0.95, 0.9, [7.0, 9.7, 13.3]],
];

describe('the expected share of an ensemble', () => {
  it.each(simulated)('at Spearman %s and quantile %s', (spearman, quantile, shares) => {
    for (const [index, wanted] of shares.entries()) {
      const found = 100 * (expectedShare(3, 3 - index, quantile, spearman) ?? Number.NaN);
      expect(Math.abs(found - wanted)).toBeLessThan(0.15);
    }
  });

  it('is that of independent heads, of one head, and of heads that are one', () => {
    expect(expectedShare(3, 3, 0.7, 0)).toBeCloseTo(0.027, 9);
    expect(expectedShare(3, 1, 0.7, 0)).toBeCloseTo(1 - 0.343, 9);
    expect(expectedShare(1, 1, 0.7, 0.2)).toBeCloseTo(0.3, 12);
    expect(expectedShare(5, 5, 0.7, 1)).toBeCloseTo(0.3, 12);
    expect([expectedShare(2, 2, 0, 0.5), expectedShare(2, 2, 1, 0.5)]).toEqual([1, 0]);
  });

  it('is not known outside of the model', () => {
    expect([
      expectedShare(2, 2, 0.5, -0.1),
      expectedShare(2, 3, 0.5, 0.5),
      expectedShare(2, 1, 1.5, 0.5),
    ]).toEqual([null, null, null]);
    expect(expectedShare(2, 2, 0.5, Number.NaN)).toBeNull();
  });
});
