// Against SciPy: test/fixtures/votes/make_values.py.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { clopperPearson, signTest } from '../../../../../core/lib/statistics/binomial.ts';

const { cases } = z
  .object({
    cases: z.array(
      z.object({
        wins: z.number(),
        losses: z.number(),
        confidence: z.number(),
        p: z.number(),
        low: z.number(),
        high: z.number(),
      }),
    ),
  })
  .parse(
    JSON.parse(readFileSync(join(import.meta.dirname, '../../../../fixtures/votes/values.json'), 'utf8')),
  );

test.each(cases)('$wins to $losses at $confidence', ({ wins, losses, confidence, p, low, high }) => {
  expect(Math.abs(signTest(wins, losses) - p)).toBeLessThanOrEqual(1e-9 * p + 1e-300);
  const interval = clopperPearson(wins, wins + losses, confidence);
  expect(interval.low).toBeCloseTo(low, 9);
  expect(interval.high).toBeCloseTo(high, 9);
});

test('nothing decided says nothing', () => {
  expect(signTest(0, 0)).toBe(1);
  expect(clopperPearson(0, 0)).toEqual({ low: 0, high: 1 });
});
