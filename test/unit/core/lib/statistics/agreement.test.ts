// Golden values of three raters on ten documents, Krippendorff's own example of four observers, and random sets with the values of
// SciPy, scikit-learn and NumPy (test/fixtures/statistics/make_values.py).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { cohenKappa, fleissKappa, krippendorffAlpha } from '../../../../../core/lib/statistics/agreement.ts';
import { annotatorBias, mostContested, spreadShares } from '../../../../../core/lib/statistics/annotators.ts';
import {
  confusionMatrix,
  macroF1,
  meanAbsoluteError,
  meanSquaredError,
  microF1,
  ratingClass,
  thresholdAgreement,
  weightedF1,
} from '../../../../../core/lib/statistics/classification.ts';
import { kendallTauB } from '../../../../../core/lib/statistics/kendall.ts';
import { quantile } from '../../../../../core/lib/statistics/quantile.ts';
import { spearman } from '../../../../../core/lib/statistics/spearman.ts';
import { aggregated, predicted, ratings } from './golden.ts';

const rater = (index: number): number[] => ratings.map((row) => row[index] ?? Number.NaN);
const labels = [0, 1, 2, 3, 4, 5];

const missing = ratings.map((row, document) =>
  row.map((rating, index) =>
    (document === 1 && index === 2) || (document === 6 && index === 0) ? null : rating,
  ),
);

describe('Krippendorff', () => {
  it.each([
    ['nominal', 0.3573407202, 0.3142857143],
    ['ordinal', 0.7518866466, 0.7278491972],
    ['interval', 0.7275574113, 0.7056329497],
  ] as const)('%s', (scale, complete, withMissing) => {
    expect(krippendorffAlpha(ratings, scale)).toBeCloseTo(complete, 9);
    expect(krippendorffAlpha(missing, scale)).toBeCloseTo(withMissing, 9);
  });

  it('reproduces the example with four observers, twelve units and missing values', () => {
    // Krippendorff 2011, section C: observers A to D; the values of the text are rounded to three digits.
    const _ = null;
    const observers = [
      [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
      [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
      [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
      [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
    ];
    const units = Array.from({ length: 12 }, (_unit, unit) => observers.map((row) => row[unit] ?? null));
    expect(krippendorffAlpha(units, 'nominal')).toBeCloseTo(0.743, 3);
    expect(krippendorffAlpha(units, 'ordinal')).toBeCloseTo(0.815, 3);
    expect(krippendorffAlpha(units, 'interval')).toBeCloseTo(0.849, 3);
  });

  it('reproduces the example with three coders and fifteen units', () => {
    const _ = null;
    const coders = [
      [_, _, _, _, _, 3, 4, 1, 2, 1, 1, 3, 3, _, 3],
      [1, _, 2, 1, 3, 3, 4, 3, _, _, _, _, _, _, _],
      [_, _, 2, 1, 3, 4, 4, _, 2, 1, 1, 3, 3, _, 4],
    ];
    const units = Array.from({ length: 15 }, (_unit, unit) => coders.map((row) => row[unit] ?? null));
    expect(krippendorffAlpha(units, 'nominal')).toBeCloseTo(0.691, 3);
    expect(krippendorffAlpha(units, 'ordinal')).toBeCloseTo(0.807, 3);
    expect(krippendorffAlpha(units, 'interval')).toBeCloseTo(0.811, 3);
  });

  it('has no value when nothing can be compared', () => {
    expect(krippendorffAlpha([], 'nominal')).toBeNaN();
    expect(krippendorffAlpha([[1, null]], 'ordinal')).toBeNaN();
    expect(krippendorffAlpha([[2, 2]], 'interval')).toBeNaN();
  });
});

describe('kappa', () => {
  it('of Fleiss', () => {
    expect(fleissKappa(ratings).kappa).toBeCloseTo(0.3351800554, 9);
    // Two documents have only two ratings left: the other eight count.
    expect(fleissKappa(missing)).toMatchObject({ documents: 8, ratings: 3 });
    expect(fleissKappa([]).kappa).toBeNaN();
  });

  it('of Cohen', () => {
    expect(cohenKappa(rater(0), rater(1), 'none', labels)).toBeCloseTo(0.512195122, 9);
    expect(cohenKappa(rater(0), rater(1), 'linear', labels)).toBeCloseTo(0.5882352941, 9);
    expect(cohenKappa(rater(0), rater(1), 'quadratic', labels)).toBeCloseTo(0.66367713, 9);
    expect(cohenKappa([1, null], [null, 1], 'none')).toBeNaN();
  });
});

describe('Kendall', () => {
  it('τ-b with ties', () => {
    expect(kendallTauB(rater(0), rater(1))).toBeCloseTo(0.6329621044, 9);
    expect(kendallTauB(rater(0), rater(2))).toBeCloseTo(0.5899375524, 9);
    expect(kendallTauB(rater(1), rater(2))).toBeCloseTo(0.7533102835, 9);
    expect(kendallTauB([1, 1], [1, 2])).toBeNaN();
    expect(kendallTauB([1, Number.NaN, 2], [3, 1, 4])).toBe(1);
  });
});

describe('annotators', () => {
  it('spreads add up', () => {
    const shares = spreadShares(ratings);
    expect(shares.slice(0, 4)).toEqual([0.3, 0.7, 0.9, 1]);
    expect(spreadShares([[1], [null, 3]])[0]).toBeNaN();
  });

  it('bias is against the others on the same documents', () => {
    const bias = annotatorBias([
      [0, 1, 2],
      [3, 3, null],
      [5, null, null],
    ]);
    expect(bias[0]).toEqual({ ratings: 3, mean: 8 / 3, shared: 2, bias: -0.75 });
    expect(bias[1]).toEqual({ ratings: 2, mean: 2, shared: 2, bias: 0 });
    expect(bias[2]).toEqual({ ratings: 1, mean: 2, shared: 1, bias: 1.5 });
  });

  it('names what is contested most', () => {
    expect(mostContested(ratings, 3)).toEqual([8, 5, 2]);
    expect(mostContested([[1, 1], [2]], 3)).toEqual([]);
  });
});

describe('classes', () => {
  const truth = aggregated.map(ratingClass);
  const named = predicted.map(ratingClass);

  it('F1, agreement at a threshold', () => {
    expect(weightedF1(truth, named)).toBeCloseTo(0.6766666667, 9);
    expect(microF1(truth, named)).toBeCloseTo(0.7, 12);
    expect(thresholdAgreement(truth, named, 3)).toBeCloseTo(0.9, 12);
  });

  it('confusion with the invalid column first', () => {
    const matrix = confusionMatrix(truth, named);
    expect(matrix.map((row) => row.slice(1))).toEqual([
      [2, 0, 0, 0, 0, 0],
      [0, 2, 0, 0, 0, 0],
      [0, 1, 1, 0, 0, 0],
      [0, 0, 1, 1, 1, 0],
      [0, 0, 0, 0, 1, 0],
      [0, 0, 0, 0, 0, 0],
    ]);
    expect(matrix.map((row) => row[0])).toEqual([0, 0, 0, 0, 0, 0]);
    expect(confusionMatrix([2, 2], [null, 5])[2]).toEqual([1, 0, 0, 0, 0, 0, 1]);
  });
});

const values = z
  .array(
    z.object({
      ratings: z.array(z.array(z.number().nullable())),
      complete: z.array(z.array(z.number())),
      truth: z.array(z.number()),
      scores: z.array(z.number()),
      expected: z.object({
        spearman: z.number(),
        pValue: z.number(),
        kendall: z.number(),
        kendallRaters: z.number(),
        cohenNone: z.number(),
        cohenLinear: z.number(),
        cohenQuadratic: z.number(),
        fleiss: z.number(),
        krippendorffInterval: z.number(),
        macroF1: z.number(),
        weightedF1: z.number(),
        microF1: z.number(),
        confusion: z.array(z.array(z.number())),
        meanSquaredError: z.number(),
        meanAbsoluteError: z.number(),
        quantiles: z.record(z.string(), z.number()),
      }),
    }),
  )
  .parse(
    JSON.parse(
      readFileSync(join(import.meta.dirname, '../../../../fixtures/statistics/values.json'), 'utf8'),
    ),
  );

describe('random sets agree with SciPy, scikit-learn and NumPy', () => {
  it.each(values.map((set) => [set.truth.length, set] as const))('%d documents', (_size, set) => {
    const { expected, truth, scores, complete } = set;
    const classes = scores.map(ratingClass);
    const [first = [], second = []] = [0, 1].map((index) => complete.map((row) => row[index] ?? Number.NaN));
    expect(spearman(scores, truth).coefficient).toBeCloseTo(expected.spearman, 12);
    expect(spearman(scores, truth).pValue / expected.pValue).toBeCloseTo(1, 6);
    expect(kendallTauB(scores, truth)).toBeCloseTo(expected.kendall, 12);
    expect(kendallTauB(first, second)).toBeCloseTo(expected.kendallRaters, 12);
    expect(cohenKappa(first, second, 'none', labels)).toBeCloseTo(expected.cohenNone, 12);
    expect(cohenKappa(first, second, 'linear', labels)).toBeCloseTo(expected.cohenLinear, 12);
    expect(cohenKappa(first, second, 'quadratic', labels)).toBeCloseTo(expected.cohenQuadratic, 12);
    expect(fleissKappa(complete).kappa).toBeCloseTo(expected.fleiss, 12);
    expect(krippendorffAlpha(set.ratings, 'interval')).toBeCloseTo(expected.krippendorffInterval, 12);
    expect(macroF1(truth, classes)).toBeCloseTo(expected.macroF1, 12);
    expect(weightedF1(truth, classes)).toBeCloseTo(expected.weightedF1, 12);
    expect(microF1(truth, classes)).toBeCloseTo(expected.microF1, 12);
    expect(confusionMatrix(truth, classes).map((row) => row.slice(1))).toEqual(expected.confusion);
    expect(meanSquaredError(truth, scores)).toBeCloseTo(expected.meanSquaredError, 12);
    expect(meanAbsoluteError(truth, scores)).toBeCloseTo(expected.meanAbsoluteError, 12);
    for (const [share, value] of Object.entries(expected.quantiles)) {
      expect(quantile(scores, Number(share))).toBeCloseTo(value, 12);
    }
  });
});
