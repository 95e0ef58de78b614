// The range that a few far points do not decide, against quantiles that NumPy gives, and the count of what lies outside.
import { expect, it } from 'vitest';
import { countOutside, robustRange, type ValuePiece } from '../../../../../core/lib/series/robust-range.ts';

const piece = (values: readonly number[], start = 0, end = values.length): ValuePiece => ({
  values: Float64Array.from(values),
  start,
  end,
  summary: null,
});
const upTo = (last: number) => Array.from({ length: last + 1 }, (_, index) => index);

it('is the middle 98 % and 15 % of it on either side', () => {
  // numpy.quantile(range(101), [0.01, 0.99]) is 1 and 99.
  const range = robustRange([piece(upTo(100))], false);
  expect(range?.min).toBeCloseTo(1 - 14.7, 10);
  expect(range?.max).toBeCloseTo(99 + 14.7, 10);
});

it('is the same over pieces, and without what is no number', () => {
  const values = [...upTo(100), Number.NaN, Number.POSITIVE_INFINITY];
  const range = robustRange([piece(values, 0, 40), piece(values, 40)], false);
  expect(range?.min).toBeCloseTo(-13.7, 10);
  expect(range?.max).toBeCloseTo(113.7, 10);
  expect(robustRange([piece([Number.NaN])], false)).toBeNull();
  expect(robustRange([], false)).toBeNull();
  expect(robustRange([piece([7, 7])], false)).toEqual({ min: 7, max: 7 });
});

it('takes distances of logarithms on a logarithmic axis, where nothing is zero or less', () => {
  const range = robustRange([piece([...upTo(100).map((power) => 10 ** (power / 10)), 0, -5])], true);
  expect(Math.log10(range?.min ?? 0)).toBeCloseTo(-1.37, 10);
  expect(Math.log10(range?.max ?? 0)).toBeCloseTo(11.37, 10);
  expect(robustRange([piece([0, -1])], true)).toBeNull();
});

it('counts exactly what lies outside, the edges inside', () => {
  const values = [...upTo(3000), Number.NaN, Number.NEGATIVE_INFINITY];
  expect(countOutside(piece(values), 10, 2990)).toBe(20);
  expect(countOutside(piece(values, 11, 2990), 10, 2990)).toBe(0);
  expect(countOutside(piece(values, 5, 5), 10, 20)).toBe(0);
});
