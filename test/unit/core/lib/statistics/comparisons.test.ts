// Against SciPy and statsmodels: test/fixtures/statistics/make_comparisons.py.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { seededRandom } from '../../../../../core/lib/jql/random.ts';
import { normalTwoSided } from '../../../../../core/lib/statistics/normal.ts';
import { mcNemar, meanDifference, pairedBootstrap } from '../../../../../core/lib/statistics/paired.ts';
import { holm } from '../../../../../core/lib/statistics/holm.ts';

const row = z.array(z.number());
const golden = z
  .object({
    tails: z.array(row),
    mcNemar: z.array(
      z.object({ onlyFirst: z.number(), onlySecond: z.number(), exact: z.number(), midP: z.number() }),
    ),
    holm: z.object({ p: row, adjusted: row }),
    bootstrap: z.array(
      z.object({
        values: row,
        mean: z.number(),
        standardError: z.number(),
        low: z.number(),
        high: z.number(),
      }),
    ),
  })
  .parse(
    JSON.parse(
      readFileSync(join(import.meta.dirname, '../../../../fixtures/statistics/comparisons.json'), 'utf8'),
    ),
  );

function expectNear(found: number, wanted: number, relative: number): void {
  expect(Math.abs(found - wanted)).toBeLessThanOrEqual(relative * Math.abs(wanted));
}

test('tails of the normal distribution, far out too', () => {
  for (const [z0 = 0, tail = 0] of golden.tails) {
    expectNear(normalTwoSided(z0), tail, 1e-11);
    expectNear(normalTwoSided(-z0), tail, 1e-11);
  }
  expect(normalTwoSided(Number.NaN)).toBeNaN();
  expect(normalTwoSided(Number.POSITIVE_INFINITY)).toBe(0);
});

test.each(golden.mcNemar)('McNemar of $onlyFirst against $onlySecond', (wanted) => {
  const found = mcNemar(wanted.onlyFirst, wanted.onlySecond);
  expectNear(found.exact, wanted.exact, 1e-9);
  // The point is taken from the exact value, so what is left has fewer digits.
  expectNear(found.midP, wanted.midP, 1e-8);
});

test('p-values of several comparisons after Holm', () => {
  const found = holm(golden.holm.p);
  for (const [index, wanted] of golden.holm.adjusted.entries()) expectNear(found[index] ?? -1, wanted, 1e-12);
  expect(holm([])).toEqual([]);
});

test.each(golden.bootstrap)('means of $values.length differences', (wanted) => {
  const found = meanDifference(wanted.values);
  expectNear(found.mean, wanted.mean, 1e-12);
  expectNear(found.standardError ?? 0, wanted.standardError, 1e-12);
  const drawn = pairedBootstrap(wanted.values, { resamples: 4000, level: 0.95, random: seededRandom(1) });
  // Ends of 4,000 draws wander by about a twentieth of a standard error.
  expect(Math.abs((drawn?.low ?? 0) - wanted.low)).toBeLessThan(wanted.standardError / 8);
  expect(Math.abs((drawn?.high ?? 0) - wanted.high)).toBeLessThan(wanted.standardError / 8);
  const again = pairedBootstrap(wanted.values, { resamples: 4000, level: 0.95, random: seededRandom(1) });
  expect(again).toEqual(drawn);
});

test('a bootstrap of nothing, of one and of equal answers', () => {
  const options = { resamples: 100, level: 0.95, random: seededRandom(1) };
  expect(pairedBootstrap([], options)).toBeNull();
  expect(pairedBootstrap([1], options)).toBeNull();
  expect(pairedBootstrap([0, 0, 0], options)).toEqual({ low: 0, high: 0, p: 1 });
  expect(pairedBootstrap([1, 1, 1], options)).toEqual({ low: 1, high: 1, p: 0.01 });
  expect(meanDifference([])).toEqual({ mean: Number.NaN, standardError: null });
});
