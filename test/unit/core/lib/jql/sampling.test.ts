// Which documents a head learns from: shares that are as even as they can be, all of the rare ratings, languages apart.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../../core/lib/jql/random.ts';
import { evenShares, labelClass, sampleRows } from '../../../../../core/lib/jql/sampling.ts';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('even shares', () => {
  it('take all of the rare ones and fill up from the frequent ones', () => {
    // The published sets: about 2,381 of each class of 14,286 a language, where there are so many.
    expect(evenShares([9000, 8000, 7000, 4000, 900, 100], 14_286)).toEqual([
      3322, 3322, 3321, 3321, 900, 100,
    ]);
    expect(evenShares([5, 0, 5], 4)).toEqual([2, 0, 2]);
    expect(evenShares([5, 5, 5], 4)).toEqual([2, 1, 1]);
    expect(evenShares([1, 2], 100)).toEqual([1, 2]);
    expect(evenShares([], 3)).toEqual([]);
  });

  it('sum to what is wanted, never exceed a group, and differ by one at most where a group has more', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(300), { maxLength: 8 }), fc.nat(1500), (sizes, wanted) => {
        const shares = evenShares(sizes, wanted);
        expect(sum(shares)).toBe(Math.min(wanted, sum(sizes)));
        const most = Math.max(0, ...shares);
        for (const [index, share] of shares.entries()) {
          expect(share).toBeLessThanOrEqual(sizes[index] ?? 0);
          if (share < most - 1) expect(share).toBe(sizes[index]);
        }
      }),
    );
  });
});

describe('sampling', () => {
  const random = seededRandom(11);
  const labels = Float32Array.from({ length: 3000 }, () => Math.floor(random() ** 3 * 6));
  const languages = Uint16Array.from({ length: 3000 }, (_, row) => (row % 10 === 0 ? 1 : 0));
  // Every second row was held out.
  const candidates = Int32Array.from({ length: 1500 }, (_, index) => index * 2);
  const take = (options: Partial<Parameters<typeof sampleRows>[0]>) =>
    sampleRows({ candidates, labels, languages, sampling: 'natural', limit: null, seed: 1, ...options });

  it('naturally takes all, and of a limit a random part spread evenly over the languages', () => {
    expect(take({}).rows).toEqual(candidates);
    const { rows, languages: counted } = take({ limit: 200 });
    expect(rows.length).toBe(200);
    expect(counted.map(({ taken }) => sum(taken))).toEqual([100, 100]);
    const allowed = new Set(candidates);
    expect([...rows].every((row) => allowed.has(row))).toBe(true);
    expect(new Set(rows).size).toBe(200);
    expect(take({ limit: 200 }).rows).toEqual(rows);
    expect(take({ limit: 200, seed: 2 }).rows).not.toEqual(rows);
  });

  it('balanced takes of each rating what the table says, and the counts are those of the rows', () => {
    const { rows, languages: counted } = take({ sampling: 'balanced', limit: 400 });
    for (const { language, available, taken } of counted) {
      expect(sum(taken)).toBe(200 > sum(available) ? sum(available) : 200);
      for (const rating of [0, 1, 2, 3, 4, 5]) {
        const count = [...rows].filter(
          (row) => languages[row] === language && labelClass(labels[row] ?? 0) === rating,
        ).length;
        expect(count).toBe(taken[rating]);
      }
    }
  });

  it('balanced without a limit cuts the most frequent rating to the second', () => {
    const { languages: counted } = take({ sampling: 'balanced' });
    for (const { available, taken } of counted) {
      const [first = 0, second = 0] = [...available].sort((a, b) => b - a);
      expect(first).toBeGreaterThan(second);
      expect(taken).toEqual(available.map((count) => Math.min(count, second)));
    }
  });

  it('classes are half up and clamped', () => {
    expect([-3, 0.49, 0.5, 2.5, 4.51, 9].map(labelClass)).toEqual([0, 0, 1, 3, 5, 5]);
  });
});
