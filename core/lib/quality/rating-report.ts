// The agreement of annotators in one report. Numbers that do not exist (NaN) are null, so that JSON can hold them.
import { cohenKappa, fleissKappa, krippendorffAlpha } from '../statistics/agreement.ts';
import { annotatorBias, mostContested, spreadShares } from '../statistics/annotators.ts';
import { ratingClass } from '../statistics/classification.ts';
import { kendallTauB } from '../statistics/kendall.ts';
import { aggregateRating, type Rating, ratingAgreement, ratingSpread } from '../statistics/ratings.ts';
import { spearman } from '../statistics/spearman.ts';

/** Documents that are shown as contested. */
const CONTESTED = 20;
/** Pairs grow with the square of the annotators; JQL had 15. */
const MAX_PAIRED_ANNOTATORS = 60;

export interface RatedDocuments {
  readonly annotators: readonly string[];
  /** `ratings` in the order of `annotators`. */
  readonly documents: readonly { readonly id: string; readonly ratings: readonly Rating[] }[];
}

export type RatingReport = ReturnType<typeof reportRatings>;

const real = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** Ratings on the JQL scale use the labels 0–5, also those that nobody gave; other scales the values that occur. */
function labelsOf(documents: RatedDocuments['documents']): readonly number[] | undefined {
  const onScale = documents.every(({ ratings }) =>
    ratings.every((rating) => rating === null || (Number.isInteger(rating) && rating >= 0 && rating <= 5)),
  );
  return onScale ? [0, 1, 2, 3, 4, 5] : undefined;
}

export function reportRatings({ annotators, documents }: RatedDocuments) {
  const rows = documents.map(({ ratings }) => ratings);
  const agreement = ratingAgreement(rows);
  const fleiss = fleissKappa(rows);
  const aggregated = rows.map(aggregateRating).filter((value) => value !== null);
  const labels = labelsOf(documents);
  const paired = annotators.length <= MAX_PAIRED_ANNOTATORS ? annotators : [];
  const pairs = paired.flatMap((left, a) =>
    paired.slice(a + 1).map((right, offset) => pairOf(rows, { left, right, a, b: a + 1 + offset }, labels)),
  );
  return {
    documents: documents.length,
    ratings: rows.flat().filter((rating) => rating !== null).length,
    /** Documents with at least two ratings: the base of the shares and of `meanStandardDeviation`. */
    comparedDocuments: agreement.documents,
    invalidDocuments: documents.length - aggregated.length,
    /** Aggregates (majority, else mean of the modes), half-up, per class 0–5. */
    aggregatedClasses: [0, 1, 2, 3, 4, 5].map(
      (label) => aggregated.filter((value) => ratingClass(value) === label).length,
    ),
    majorityAgreement: real(agreement.majority),
    fullAgreement: real(agreement.full),
    meanStandardDeviation: real(agreement.meanDeviation),
    /** Share of documents with a spread of at most 0, 1, … 5. */
    spreadShares: spreadShares(rows).map(real),
    krippendorff: {
      nominal: real(krippendorffAlpha(rows, 'nominal')),
      ordinal: real(krippendorffAlpha(rows, 'ordinal')),
      interval: real(krippendorffAlpha(rows, 'interval')),
    },
    fleiss: { kappa: real(fleiss.kappa), documents: fleiss.documents, ratings: fleiss.ratings },
    annotators: annotatorBias(rows).map(({ ratings, mean, shared, bias }, index) => ({
      annotator: annotators[index] ?? '',
      ratings,
      mean: real(mean),
      shared,
      bias: real(bias),
    })),
    pairs,
    mostContested: mostContested(rows, CONTESTED).map((index) => ({
      document: documents[index]?.id ?? '',
      ratings: rows[index] ?? [],
      spread: ratingSpread(rows[index] ?? []),
    })),
  };
}

function pairOf(
  rows: readonly (readonly Rating[])[],
  pair: { readonly left: string; readonly right: string; readonly a: number; readonly b: number },
  labels: readonly number[] | undefined,
) {
  const shared = rows.flatMap((ratings) => {
    const x = ratings[pair.a] ?? null;
    const y = ratings[pair.b] ?? null;
    return x === null || y === null ? [] : [[x, y] as const];
  });
  const left = shared.map(([x]) => x);
  const right = shared.map(([, y]) => y);
  return {
    left: pair.left,
    right: pair.right,
    documents: shared.length,
    cohen: {
      none: real(cohenKappa(left, right, 'none', labels)),
      linear: real(cohenKappa(left, right, 'linear', labels)),
      quadratic: real(cohenKappa(left, right, 'quadratic', labels)),
    },
    spearman: real(spearman(left, right).coefficient),
    kendall: real(kendallTauB(left, right)),
  };
}
