// The keep rule and the numbers of Table 2, on values that can be counted by hand.
import { describe, expect, it } from 'vitest';
import {
  neededHeads,
  type QuantileChoice,
  recipe,
  shareFor,
} from '../../../../../core/lib/quality/recipe.ts';
import { retention, tokenChangePercent } from '../../../../../core/lib/quality/retention.ts';
import { blocksOf, countPassing, withBlocks } from '../../../../../core/lib/quality/score-blocks.ts';
import {
  type BaseColumns,
  countBase,
  headThreshold,
  nextUp,
  type ScoreArray,
  sortWithin,
} from '../../../../../core/lib/quality/score-columns.ts';
import {
  addParts,
  histogramOf,
  jointCounts,
  rightShares,
} from '../../../../../core/lib/quality/score-histogram.ts';
import { histogramCounts } from '../../../../../core/lib/statistics/histogram.ts';
import { predicted } from '../statistics/golden.ts';

const none = Number.NaN;
const sortHead = (values: ScoreArray, starts: Float64Array) => withBlocks(sortWithin(values, starts), starts);

/** Two languages: four documents and three. */
const base: BaseColumns = {
  starts: Float64Array.of(0, 4, 7),
  tokens: Uint32Array.of(1, 10, 100, 1000, 5, 50, 500),
  kept: Uint8Array.of(1, 0, 1, 2, 0, 0, 1),
};
const heads = [
  [1, 2, 3, 4, 9, none, 7],
  [4, 3, 2, 1, 9, 8, none],
  [1, 1, 1, 1, 0, 0, 0],
].map((values) => sortHead(Float32Array.from(values), base.starts));

describe('thresholds', () => {
  it('are type 7 per language, without missing scores', () => {
    const [first] = heads;
    if (!first) throw new Error('no head');
    expect(headThreshold(first, base, 0, 0.5)).toBe(2.5);
    expect(headThreshold(first, base, 1, 0.5)).toBe(8);
    expect([...first.scored]).toEqual([4, 2]);
    expect(headThreshold(sortHead(Float64Array.of(none), Float64Array.of(0, 1)), base, 0, 0.5)).toBeNaN();
    const infinite = sortHead(Float64Array.of(1, Infinity, Infinity), Float64Array.of(0, 3));
    expect(headThreshold(infinite, { ...base, starts: Float64Array.of(0, 3) }, 0, 0.9)).toBeNaN();
  });

  it('keep the golden documents', () => {
    const whole = { ...base, starts: Float64Array.of(0, 10), tokens: new Uint32Array(10).fill(1) };
    const head = sortHead(Float64Array.from(predicted), whole.starts);
    const taken = [0.5, 0.6, 0.7, 0.33].map((share) => headThreshold(head, whole, 0, share));
    expect(taken.map((value) => Number(value.toFixed(9)))).toEqual([1.75, 2.28, 2.43, 1.094]);
    const kept = taken.map(
      (bound) =>
        countPassing({ base: whole, blocks: blocksOf(whole) }, [head], 0, { bounds: [bound], needed: 1 })
          .passing.documents,
    );
    expect(kept.slice(0, 3)).toEqual([5, 4, 3]);
  });

  it('count by rule, one head, three heads and more alike', () => {
    const count = (own: typeof heads, bounds: readonly number[], needed: number) =>
      countPassing({ base: base, blocks: blocksOf(base) }, own, 0, { bounds, needed }).passing;
    expect(count(heads, [2, 2, 1], 3)).toEqual({ documents: 2, tokens: 110 });
    expect(count(heads, [2, 2, 2], 2)).toEqual({ documents: 2, tokens: 110 });
    expect(count(heads, [4, 4, 2], 1)).toEqual({ documents: 2, tokens: 1001 });
    expect(count([...heads, ...heads], [2, 2, 1, 2, 2, 1], 6)).toEqual({ documents: 2, tokens: 110 });
    expect(count(heads.slice(0, 1), [3], 1)).toEqual({ documents: 2, tokens: 1100 });
    // No threshold: nothing passes that head.
    expect(count(heads, [none, 0, 0], 3)).toEqual({ documents: 0, tokens: 0 });
    const second = countPassing({ base: base, blocks: blocksOf(base) }, heads, 1, {
      bounds: [0, 0, 0],
      needed: 3,
    });
    expect(second.passing).toEqual({ documents: 1, tokens: 5 });
    expect(second.cuts).toEqual([
      { documents: 2, tokens: 505 },
      { documents: 2, tokens: 55 },
      { documents: 3, tokens: 555 },
    ]);
    expect(countBase(base, 0)).toEqual({
      all: { documents: 4, tokens: 1111 },
      kept: { documents: 2, tokens: 101 },
    });
  });

  it('nextUp turns > into ≥', () => {
    for (const value of [0, -0, 1, -1, 0.1, -2.5, 1e-310, Number.MAX_VALUE]) {
      const next = nextUp(value);
      expect(next > value).toBe(true);
      expect((value + next) / 2 === value || (value + next) / 2 === next || next === Infinity).toBe(true);
    }
    expect(nextUp(none)).toBeNaN();
    expect(nextUp(1)).toBe(1 + Number.EPSILON);
  });
});

describe('histograms', () => {
  it('split what FineWeb-2 kept, removed and did not say', () => {
    const parts = histogramOf(base, heads[0]?.values ?? [], [0, 7], [1, 2, 3, 8]);
    expect([...parts.kept.counts]).toEqual([1, 0, 2]);
    expect([...parts.removed.counts]).toEqual([0, 1, 0]);
    expect(parts.removed).toMatchObject({ documents: 2, above: 1, tokensAbove: 5 });
    expect([...parts.unknown.counts]).toEqual([0, 0, 1]);
    const all = addParts(parts.kept, parts.removed, parts.unknown);
    expect(all).toMatchObject({ documents: 6, sum: 26, finite: 6 });
    expect(rightShares(all.counts, all.above, all.documents)).toEqual([1, 5 / 6, 4 / 6, 1 / 6]);
    expect([...parts.kept.counts]).toEqual([1, 0, 2]);
  });

  it('agree with plain counting, even and uneven edges', () => {
    const values = Float64Array.from({ length: 5000 }, (_, index) => ((index * 7919) % 6007) / 1000);
    const plain = {
      starts: Float64Array.of(0, 5000),
      tokens: new Uint32Array(5000),
      kept: new Uint8Array(5000),
    };
    for (const edges of [
      [0, 0.1, 0.2, 0.3, 0.4, 0.5],
      [0, 0.5, 0.7, 3, 6],
    ]) {
      const { removed } = histogramOf(plain, values, [0, 5000], edges);
      const wanted = edges.slice(1).map((high, bin) => {
        const low = edges[bin] ?? 0;
        const last = bin === edges.length - 2;
        return values.filter((value) => value >= low && (last ? value <= high : value < high)).length;
      });
      expect([...removed.counts]).toEqual(wanted);
    }
    expect([...histogramOf(plain, values, [0, 5000], [0, 3, 6]).removed.counts]).toEqual(
      histogramCounts(values, [0, 3, 6]),
    );
  });

  it('joint: x of the left head, y of the right', () => {
    const counts = jointCounts([0, 1, 1, 5], [1, 0, 0, 1], [0, 4], [0, 1, 2]);
    expect([...counts]).toEqual([0, 2, 1, 0]);
  });
});

describe('retention', () => {
  it('means languages without weights, and pools beside it', () => {
    const own = { documents: 10, keptDocuments: 4, fw2Documents: 5 };
    const result = retention(
      new Map([
        ['a', { ...own, tokens: 1000, keptTokens: 110, fw2Tokens: 100 }],
        ['b', { ...own, tokens: 1000, keptTokens: 180, fw2Tokens: 300 }],
        // FineWeb-2 kept nothing of this one: there is no change to speak of.
        ['c', { ...own, tokens: 1000, keptTokens: 10, fw2Tokens: 0 }],
      ]),
    );
    expect(result.languages['a']?.tokenChangePercent).toBeCloseTo(10, 12);
    expect(result.languages['c']?.tokenChangePercent).toBeNull();
    expect(result.meanTokenChangePercent).toBeCloseTo(-15, 12);
    expect(result.total).toMatchObject({
      documents: 30,
      keptTokens: 300,
      fw2Tokens: 400,
      tokenChangePercent: -25,
    });
  });

  it('has no change without a kept flag, and reproduces the mean of the paper', () => {
    const result = retention(
      new Map([
        [
          'a',
          { documents: 1, keptDocuments: 1, tokens: 1, keptTokens: 1, fw2Documents: null, fw2Tokens: null },
        ],
      ]),
    );
    expect(result.total.fw2Documents).toBeNull();
    expect(result.meanTokenChangePercent).toBeNull();
    expect(tokenChangePercent(84.17, 100)).toBeCloseTo(-15.83, 9);
    // Token changes of the thirteen languages at 0.7, as published; their mean is Table 2's −15.8.
    const published = [
      -8.32, -20.96, -9.08, -13.96, -28.69, -15.1, -16.59, -30.92, 3.96, -47.65, -12.64, -15.99, 10.15,
    ];
    const counts = published.map((change, index) => {
      const fw2Tokens = 1000 * (index + 1);
      const keptTokens = fw2Tokens * (1 + change / 100);
      const one = { documents: 1, keptDocuments: 1, tokens: 1e6, keptTokens, fw2Documents: 1, fw2Tokens };
      return [String(index), one] as const;
    });
    expect(retention(new Map(counts)).meanTokenChangePercent).toBeCloseTo(-15.83, 2);
  });
});

describe('recipes', () => {
  it('take the most particular share', () => {
    const choice: QuantileChoice = {
      overall: 0.7,
      perLanguage: { deu: 0.6 },
      perHead: { a: 0.5 },
      perLanguageAndHead: { deu: { a: 0.4 } },
    };
    expect(shareFor(choice, 'deu', 'a')).toBe(0.4);
    expect(shareFor(choice, 'deu', 'b')).toBe(0.6);
    expect(shareFor(choice, 'fra', 'a')).toBe(0.5);
    expect(shareFor(choice, 'fra', 'b')).toBe(0.7);
    expect(shareFor(choice, 'constructor', 'toString')).toBe(0.7);
  });

  it('ask for no more heads than there are', () => {
    expect(neededHeads({ kind: 'all' }, 3)).toBe(3);
    expect(neededHeads({ kind: 'any' }, 3)).toBe(1);
    expect(neededHeads({ kind: 'at-least', heads: 2 }, 3)).toBe(2);
    expect(neededHeads({ kind: 'at-least', heads: 4 }, 3)).toBeNull();
  });

  it('are refused when a part is missing or another version wrote them', () => {
    expect(recipe.safeParse({}).success).toBe(false);
    expect(recipe.safeParse({ format: 'nesso-filter', version: 2 }).success).toBe(false);
  });
});
