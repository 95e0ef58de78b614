// Golden values from NumPy 2.4 and scikit-learn 1.9.
import { describe, expect, it } from 'vitest';
import {
  macroF1,
  meanAbsoluteError,
  meanSquaredError,
  ratingClass,
} from '../../../../../core/lib/statistics/classification.ts';
import {
  aggregateRating,
  ratingAgreement,
  ratingDeviation,
  ratingSpread,
} from '../../../../../core/lib/statistics/ratings.ts';
import { aggregated, predicted, ratings } from './golden.ts';

describe('ratings', () => {
  it('aggregates by majority, else the mean of the modes', () => {
    expect(ratings.map(aggregateRating)).toEqual(aggregated);
    expect(aggregateRating([3, 3, 1])).toBe(3);
    expect(aggregateRating([4, 1, 0])).toBeCloseTo(5 / 3, 12);
    expect(aggregateRating([1, 2, null])).toBe(1.5);
    expect(aggregateRating([2, null, null])).toBe(2);
    expect(aggregateRating([null, null, null])).toBeNull();
  });

  it('measures spread and agreement', () => {
    expect(ratings.map(ratingSpread)).toEqual([1, 0, 2, 1, 1, 2, 0, 1, 3, 0]);
    const agreement = ratingAgreement(ratings);
    expect(agreement.majority).toBeCloseTo(0.8, 12);
    expect(agreement.full).toBeCloseTo(0.3, 12);
    expect(agreement.meanDeviation).toBeCloseTo(0.48921428345985635, 13);
    expect(ratingDeviation([null])).toBeNull();
    expect(ratingAgreement([[1, null]]).majority).toBeNaN();
  });
});

describe('classes', () => {
  it('rounds half-up and clamps', () => {
    expect(predicted.map(ratingClass)).toEqual([0, 1, 1, 2, 4, 2, 0, 1, 3, 4]);
    expect([-1, 0.5, 1.5, 2.5, 7].map(ratingClass)).toEqual([0, 1, 2, 3, 5]);
  });

  it('matches scikit-learn', () => {
    const truth = aggregated.map(ratingClass);
    const named = predicted.map(ratingClass);
    expect(macroF1(truth, named)).toBeCloseTo(0.6933333333, 10);
    expect(macroF1(truth, named, [0, 1, 2, 3, 4, 5])).toBeCloseTo(0.5777777778, 10);
    expect(macroF1([0, 0, 1, 2, 3, 5], [0, 1, 1, 2, 2, 4])).toBeCloseTo(1 / 3, 12);
    expect(meanSquaredError(aggregated, predicted)).toBeCloseTo(0.2574444444, 10);
    expect(meanAbsoluteError(aggregated, predicted)).toBeCloseTo(0.4233333333, 10);
  });
});
