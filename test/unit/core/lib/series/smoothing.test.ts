import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smooth } from '../../../../../core/lib/series/smoothing.ts';

const line = (count: number, every: number) => {
  const steps = Float64Array.from({ length: count }, (_, index) => index * every);
  return { steps, values: steps.map((step) => 5 * Math.exp(-step / 4000) + 2) };
};

describe('smooth', () => {
  it('gives the same early curve whatever comes later', () => {
    const long = line(20_000, 1);
    const early = smooth(long.steps.slice(0, 500), long.values.slice(0, 500), 100);
    const all = smooth(long.steps, long.values, 100);
    expect(Array.from(all).slice(0, 500)).toEqual(Array.from(early));
  });

  it('agrees between a dense and a sparse log of one curve within one percent', () => {
    const dense = line(10_000, 1);
    const sparse = line(1000, 10);
    const a = smooth(dense.steps, dense.values, 200)[9000] as number;
    const b = smooth(sparse.steps, sparse.values, 200)[900] as number;
    expect(Math.abs(a - b) / a).toBeLessThan(0.01);
  });

  it('starts at the first value and survives nan', () => {
    const result = smooth(Float64Array.of(0, 1, 2), Float64Array.of(4, Number.NaN, 4), 10);
    expect(result[0]).toBeCloseTo(4, 12);
    expect(result[1]).toBeNaN();
    expect(result[2]).toBeCloseTo(4, 12);
  });
});

describe('the smoother', () => {
  const points = fc.array(
    fc.record({
      gap: fc.double({ min: 0.001, max: 1e6, noNaN: true }),
      value: fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constant(Number.NaN)),
    }),
    { minLength: 1, maxLength: 60 },
  );
  const columnsOf = (list: readonly { readonly gap: number; readonly value: number }[]) => {
    let at = 0;
    const x = Float64Array.from(list, ({ gap }) => (at += gap));
    return { x, values: Float64Array.from(list, ({ value }) => value) };
  };

  it('gives every prefix of every curve the prefix of its smoothed curve', () => {
    fc.assert(
      fc.property(points, fc.double({ min: 0.01, max: 1e6, noNaN: true }), fc.nat(), (list, span, cut) => {
        const { x, values } = columnsOf(list);
        const length = cut % (list.length + 1);
        const whole = smooth(x, values, span).subarray(0, length);
        expect(smooth(x.subarray(0, length), values.subarray(0, length), span)).toEqual(whole);
      }),
    );
  });

  it('says the same in tokens as in steps where a step has a fixed number of tokens', () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 1, max: 4_000_000 }), (list, perStep) => {
        const { x, values } = columnsOf(list);
        const inSteps = smooth(x, values, 50);
        const inTokens = smooth(
          x.map((step) => step * perStep),
          values,
          50 * perStep,
        );
        const largest = Math.max(1, ...values.filter(Number.isFinite).map(Math.abs));
        // Both ways lose digits where a long gap precedes short ones; they must not lose more than these.
        const rounding = 1e-6 * largest;
        inSteps.forEach((value, index) => {
          if (Number.isNaN(value)) expect(inTokens[index]).toBeNaN();
          else expect(Math.abs((inTokens[index] ?? Number.NaN) - value)).toBeLessThanOrEqual(rounding);
        });
      }),
    );
  });

  it('stays between the smallest and the largest value: it has no bias at the start', () => {
    fc.assert(
      fc.property(points, fc.double({ min: 0.01, max: 1e9, noNaN: true }), (list, span) => {
        const { x, values } = columnsOf(list);
        const finite = [...values].filter(Number.isFinite);
        const slack = 1e-6;
        for (const value of smooth(x, values, span)) {
          if (Number.isNaN(value)) continue;
          expect(value).toBeGreaterThanOrEqual(Math.min(...finite) - slack);
          expect(value).toBeLessThanOrEqual(Math.max(...finite) + slack);
        }
      }),
    );
  });
});
