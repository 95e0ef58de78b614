// The batch planner against trying every way to cut, and its promises on many random corpora.
import { describe, expect, it } from 'vitest';
import {
  type BatchLimits,
  BATCH_START_TOKENS,
  planBatches,
} from '../../../../../core/lib/embedding/plan-batches.ts';
import { seededRandom } from '../../../../../core/lib/jql/random.ts';

const free: BatchLimits = {
  tokens: Number.POSITIVE_INFINITY,
  squaredTokens: Number.POSITIVE_INFINITY,
  documents: Number.POSITIVE_INFINITY,
};

const costOf = (batches: readonly (readonly number[])[]): number =>
  batches.reduce((sum, batch) => sum + BATCH_START_TOKENS + batch.length * Math.max(...batch), 0);

const mayRun = (batch: readonly number[], limits: BatchLimits): boolean => {
  const longest = Math.max(...batch);
  return (
    batch.length === 1 ||
    (batch.length * longest <= limits.tokens &&
      batch.length * longest ** 2 <= limits.squaredTokens &&
      batch.length <= limits.documents)
  );
};

/** Every way to cut the sorted lengths: 2^(n−1) of them. */
function cheapest(lengths: readonly number[], limits: BatchLimits): number {
  const sorted = lengths.toSorted((a, b) => b - a);
  let best = Number.POSITIVE_INFINITY;
  for (let cuts = 0; cuts < 2 ** (sorted.length - 1); cuts += 1) {
    const batches: number[][] = [[]];
    for (const [place, length] of sorted.entries()) {
      if (place > 0 && (cuts >> (place - 1)) & 1) batches.push([]);
      batches.at(-1)?.push(length);
    }
    if (batches.every((batch) => mayRun(batch, limits))) best = Math.min(best, costOf(batches));
  }
  return best;
}

const lengthsOf = (batches: readonly Uint32Array[], lengths: readonly number[]) =>
  batches.map((batch) => Array.from(batch, (index) => lengths[index] ?? 0));

describe('planBatches', () => {
  it('costs what the cheapest of all ways to cut costs, and keeps every limit', () => {
    const random = seededRandom(7);
    for (let round = 0; round < 60; round += 1) {
      const lengths = Array.from({ length: 10 }, () => 1 + Math.floor(random() ** 2 * 400));
      const limits = {
        tokens: 100 + Math.floor(random() * 1200),
        squaredTokens: 20_000 + Math.floor(random() * 200_000),
        documents: 1 + Math.floor(random() * 8),
      };
      const planned = lengthsOf(planBatches(lengths, limits), lengths);
      expect(planned.every((batch) => mayRun(batch, limits))).toBe(true);
      expect(costOf(planned)).toBe(cheapest(lengths, limits));
    }
  });

  it('holds every document once, longest first', () => {
    const random = seededRandom(3);
    const lengths = Array.from({ length: 5000 }, () => 1 + Math.floor(random() * 8192));
    const batches = planBatches(lengths, { tokens: 16_384, squaredTokens: 5e7, documents: 64 });
    const all = batches.flatMap((batch) => [...batch]);
    expect(all.toSorted((a, b) => a - b)).toEqual(lengths.map((_, index) => index));
    const seen = lengthsOf(batches, lengths).flat();
    expect(seen).toEqual(seen.toSorted((a, b) => b - a));
  });

  it('keeps equal lengths in the order of the documents', () => {
    expect(planBatches([5, 5, 5, 5], free).map((batch) => [...batch])).toEqual([[0, 1, 2, 3]]);
  });

  it('runs a document that is over every limit alone', () => {
    const batches = planBatches([9000, 3, 3], { tokens: 512, squaredTokens: 512 ** 2, documents: 8 });
    expect(batches.map((batch) => [...batch])).toEqual([[0], [1, 2]]);
  });

  it('plans nothing for nothing, and one document a batch where the model asks for it', () => {
    expect(planBatches([], free)).toEqual([]);
    expect(planBatches([4, 2, 3], { ...free, documents: 1 })).toHaveLength(3);
  });
});
