// What single annotators do: how far above or below the others each rates, where documents are contested, how spreads add up.
import { type Rating, ratingDeviation, ratingSpread } from './ratings.ts';

const valid = (ratings: readonly Rating[]): readonly number[] =>
  ratings.filter((rating): rating is number => rating !== null && !Number.isNaN(rating));

export interface AnnotatorBias {
  readonly ratings: number;
  readonly mean: number;
  /** Documents that others rated too: the base of `bias`. */
  readonly shared: number;
  /** Mean of own rating minus the mean of the others' on the same document; NaN when nobody else rated any. */
  readonly bias: number;
}

/** One entry a rater, in the order of the columns of `documents`. */
export function annotatorBias(documents: readonly (readonly Rating[])[]): readonly AnnotatorBias[] {
  const raters = Math.max(0, ...documents.map((ratings) => ratings.length));
  return Array.from({ length: raters }, (_, rater) => {
    let ratings = 0;
    let sum = 0;
    let shared = 0;
    let difference = 0;
    for (const document of documents) {
      const own = document[rater];
      if (own === null || own === undefined || Number.isNaN(own)) continue;
      ratings += 1;
      sum += own;
      const others = valid(document.filter((_rating, index) => index !== rater));
      if (others.length === 0) continue;
      shared += 1;
      difference += own - others.reduce((total, other) => total + other, 0) / others.length;
    }
    return {
      ratings,
      mean: ratings === 0 ? Number.NaN : sum / ratings,
      shared,
      bias: shared === 0 ? Number.NaN : difference / shared,
    };
  });
}

/** Share of documents with a spread of at most 0, 1, … `highest` (Fig. 8); documents with one rating or none are left out. */
export function spreadShares(documents: readonly (readonly Rating[])[], highest = 5): readonly number[] {
  const spreads = documents
    .filter((ratings) => valid(ratings).length >= 2)
    .map((ratings) => ratingSpread(ratings) ?? 0);
  return Array.from({ length: highest + 1 }, (_, limit) =>
    spreads.length === 0 ? Number.NaN : spreads.filter((spread) => spread <= limit).length / spreads.length,
  );
}

/** Indexes of the documents raters differ on most: largest spread, then largest deviation, then first. */
export function mostContested(documents: readonly (readonly Rating[])[], limit: number): readonly number[] {
  return documents
    .map((ratings, index) => ({
      index,
      spread: valid(ratings).length < 2 ? 0 : (ratingSpread(ratings) ?? 0),
      deviation: ratingDeviation(ratings) ?? 0,
    }))
    .filter(({ spread }) => spread > 0)
    .sort((a, b) => b.spread - a.spread || b.deviation - a.deviation || a.index - b.index)
    .slice(0, limit)
    .map(({ index }) => index);
}
