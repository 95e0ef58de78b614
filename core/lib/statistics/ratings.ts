// Aggregates of several ratings of one document, by people or by language models.
// Source: JQL, aggregation "majority_vote": the most frequent rating, or the mean of the most frequent ones.

/** One rating, or null where the rater gave none that is valid. */
export type Rating = number | null;

function valid(ratings: readonly Rating[]): readonly number[] {
  return ratings.filter((rating): rating is number => rating !== null && !Number.isNaN(rating));
}

/** The mode; on a tie the mean of the tied values; null when no rating is valid. [4,1,0] -> 1.666…, [1,2,null] -> 1.5. */
export function aggregateRating(ratings: readonly Rating[]): number | null {
  const counts = new Map<number, number>();
  for (const rating of valid(ratings)) counts.set(rating, (counts.get(rating) ?? 0) + 1);
  if (counts.size === 0) return null;
  const highest = Math.max(...counts.values());
  const modes = [...counts].filter(([, count]) => count === highest).map(([rating]) => rating);
  return modes.reduce((sum, mode) => sum + mode, 0) / modes.length;
}

/** Largest minus smallest valid rating; null when there is none. */
export function ratingSpread(ratings: readonly Rating[]): number | null {
  const values = valid(ratings);
  return values.length === 0 ? null : Math.max(...values) - Math.min(...values);
}

/** Population standard deviation (ddof 0) of the valid ratings of one document; null when there is none. */
export function ratingDeviation(ratings: readonly Rating[]): number | null {
  const values = valid(ratings);
  if (values.length === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

export interface RatingAgreement {
  /** Documents with at least two valid ratings: the base of both shares. */
  readonly documents: number;
  /** Share of documents on which at least two ratings are equal. */
  readonly majority: number;
  /** Share of documents on which all valid ratings are equal. */
  readonly full: number;
  /** Mean over documents of the population standard deviation. */
  readonly meanDeviation: number;
}

/** Agreement over documents; shares are NaN when no document has two valid ratings. */
export function ratingAgreement(documents: readonly (readonly Rating[])[]): RatingAgreement {
  const rated = documents.map(valid).filter((ratings) => ratings.length >= 2);
  const share = (count: number): number => (rated.length === 0 ? Number.NaN : count / rated.length);
  return {
    documents: rated.length,
    majority: share(rated.filter((ratings) => new Set(ratings).size < ratings.length).length),
    full: share(rated.filter((ratings) => new Set(ratings).size === 1).length),
    meanDeviation: share(rated.reduce((sum, ratings) => sum + (ratingDeviation(ratings) ?? 0), 0)),
  };
}
