// Golden values from NumPy 2.4 (numpy.quantile, numpy.histogram).
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { histogramCounts, histogramEdges } from '../../../../../core/lib/statistics/histogram.ts';
import { quantile } from '../../../../../core/lib/statistics/quantile.ts';
import { predicted } from './golden.ts';

describe('quantile', () => {
  it('is type 7', () => {
    const values = [10, 3, 1, Number.NaN, 4, 2];
    expect(quantile(values, 0.6)).toBeCloseTo(3.4, 12);
    expect(quantile(values, 0.7)).toBeCloseTo(3.8, 12);
    expect(quantile(values, 0.33)).toBeCloseTo(2.32, 12);
    expect([0.5, 0.6, 0.7, 0.33].map((share) => quantile(predicted, share))).toEqual(
      [1.75, 2.28, 2.43, 1.094].map((value) => expect.closeTo(value, 12) as number),
    );
  });

  it('is NaN for nothing and refuses shares outside 0 to 1', () => {
    expect(quantile([], 0.5)).toBeNaN();
    expect(() => quantile([1], 1.5)).toThrow(RangeError);
  });
});

describe('histogram', () => {
  it('is left-closed with a closed last bin', () => {
    const edges = histogramEdges(0, 5, 5);
    expect(edges).toEqual([0, 1, 2, 3, 4, 5]);
    expect(histogramCounts([0, 1, 1, 2, 4.999, 5, 5.1, -0.1, Number.NaN], edges)).toEqual([1, 2, 1, 0, 2]);
  });

  it('gives a single value a range', () => {
    expect(histogramEdges(3, 3, 2)).toEqual([2.5, 3, 3.5]);
  });

  it('counts every value inside exactly once, in the bin its edges say', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }), { minLength: 1 }),
        fc.integer({ min: 1, max: 40 }),
        (values, bins) => {
          const edges = histogramEdges(Math.min(...values), Math.max(...values), bins);
          const expected = Array.from({ length: bins }, (_, bin) => {
            const low = edges[bin] ?? 0;
            const high = edges[bin + 1] ?? 0;
            return values.filter((v) => v >= low && (bin === bins - 1 ? v <= high : v < high)).length;
          });
          expect(histogramCounts(values, edges)).toEqual(expected);
        },
      ),
    );
  });
});
