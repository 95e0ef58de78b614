// The agreement of a campaign's annotators, with what a blind campaign keeps to itself taken out.
import { reportRatings } from '../quality/rating-report.ts';
import { aggregateRating, ratingSpread } from '../statistics/ratings.ts';
import type { Campaign } from './campaign.ts';
import { type Annotator, isRevealed, ratedDocuments } from './campaign-state.ts';

/** Shown at most; the rest is told by the statistics. */
const CONTESTED = 20;

/**
 * Statistics over every rating; single documents (`aggregated`, `mostContested`) only where their ratings may be shown.
 * Aggregation: the most frequent rating, else the mean of the most frequent ones.
 */
export function reportCampaign(campaign: Campaign, annotators: readonly Annotator[]) {
  const rated = ratedDocuments(campaign, annotators);
  const shown = rated.documents.filter(({ id }) => isRevealed(campaign, id, annotators));
  const position = new Map(campaign.documents.map(({ id }, index) => [id, index]));
  const { mostContested } = reportRatings({ annotators: rated.annotators, documents: shown });
  const flags = campaign.documents.map(({ id }, index) => ({
    document: id,
    position: index,
    annotators: annotators.flatMap(({ annotator, marks }) =>
      marks.get(id)?.kind === 'flag' ? [annotator] : [],
    ),
  }));
  return {
    ...reportRatings(rated),
    campaignDocuments: campaign.documents.length,
    overlap: campaign.overlap,
    /** Documents with as many ratings as wanted. */
    completeDocuments: rated.documents.filter(
      ({ ratings }) => ratings.filter((rating) => rating !== null).length >= campaign.overlap,
    ).length,
    /** Rated documents whose single ratings stay hidden until they are complete. */
    hiddenDocuments: rated.documents.length - shown.length,
    aggregated: shown.map(({ id, ratings }) => ({ document: id, rating: aggregateRating(ratings) })),
    mostContested: mostContested.slice(0, CONTESTED).map((entry) => ({
      ...entry,
      ratings: [...entry.ratings],
      position: position.get(entry.document) ?? 0,
    })),
    flagged: flags.filter((flag) => flag.annotators.length > 0),
  };
}

/** The documents behind a bar of the spread: those with two ratings or more, so many apart at most, that may be shown. */
export function documentsOfSpread(
  campaign: Campaign,
  annotators: readonly Annotator[],
  { atMost, limit }: { readonly atMost: number; readonly limit: number },
) {
  const rated = ratedDocuments(campaign, annotators);
  const position = new Map(campaign.documents.map(({ id }, index) => [id, index]));
  const found = rated.documents.flatMap(({ id, ratings }) => {
    const spread = ratings.filter((rating) => rating !== null).length < 2 ? null : ratingSpread(ratings);
    return spread === null || spread > atMost
      ? []
      : [{ document: id, position: position.get(id) ?? 0, ratings: [...ratings], spread }];
  });
  const shown = found.filter(({ document }) => isRevealed(campaign, document, annotators));
  return {
    total: found.length,
    hidden: found.length - shown.length,
    annotators: [...rated.annotators],
    documents: shown.toSorted((a, b) => a.position - b.position).slice(0, limit),
  };
}
