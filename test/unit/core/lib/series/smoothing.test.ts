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
