import { expect, test } from 'vitest';
import { bitsPerByte, lossAgainst } from '../../../../../core/lib/quantizations/quantization-loss.ts';

const scored = (values: readonly (number | null)[], likeliest: readonly number[] = []) =>
  values.map((logProbability, index) => ({ id: index, logProbability, likeliest: likeliest[index] ?? null }));

test('half a chance for each of four tokens of two bytes is half a bit per byte', () => {
  expect(
    bitsPerByte(scored([null, Math.log(0.5), Math.log(0.5), Math.log(0.5), Math.log(0.5)]), 8),
  ).toBeCloseTo(0.5);
  expect(bitsPerByte([], 0)).toBeNaN();
});

test('the loss is the difference, with its standard error over the tokens', () => {
  // numpy: d = [0.1, 0.3, -0.1, 0.2]; sum 0.5, std(ddof=1) 0.17078251, error of the sum 0.34156503
  const own = scored([null, -1.1, -2.3, -0.9, -3.2], [1, 2, 3, 4, 5]);
  const reference = scored([null, -1, -2, -1, -3], [1, 2, 0, 4, 5]);
  const loss = lossAgainst(reference, own, 10);
  expect(loss?.bitsPerByte).toBeCloseTo(0.5 / (Math.LN2 * 10), 9);
  expect(loss?.standardError).toBeCloseTo(0.34156503 / (Math.LN2 * 10), 7);
  expect(loss).toMatchObject({ agreement: 0.8, positions: 5 });
});

test('other tokens, or other numbers of them, cannot be compared one by one', () => {
  expect(lossAgainst(scored([null, -1]), scored([null]), 4)).toBeNull();
  const other = scored([null, -1]).map((position) => ({ ...position, id: position.id + 1 }));
  expect(lossAgainst(scored([null, -1]), other, 4)).toBeNull();
  expect(lossAgainst([], [], 4)).toMatchObject({ agreement: null, positions: 0 });
});
