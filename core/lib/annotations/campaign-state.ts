// What follows from a campaign and everybody's marks: where to go on, who did how much, what may be shown to whom.
import type { RatedDocuments } from '../quality/rating-report.ts';
import type { AnnotationMarks } from './annotation-lines.ts';
import type { Campaign, Mark } from './campaign.ts';

export interface Annotator extends AnnotationMarks {
  readonly annotator: string;
}

/** How many people gave a document a number. */
export function ratingsOf(document: string, annotators: readonly Annotator[]): number {
  return annotators.filter(({ marks }) => marks.get(document)?.kind === 'rating').length;
}

/** In a blind campaign what others said is shown once a document has all ratings it is to get. */
export function isRevealed(campaign: Campaign, document: string, annotators: readonly Annotator[]): boolean {
  return !campaign.blind || ratingsOf(document, annotators) >= campaign.overlap;
}

/**
 * Position of the document to go on with: the first after `after` that this person has not marked and that still needs ratings,
 * then from the beginning, then what the person skipped. Null when nothing is left. `after` -1 starts at the beginning.
 */
export function nextPosition(
  campaign: Campaign,
  annotators: readonly Annotator[],
  annotator: string,
  after: number,
): number | null {
  const own = annotators.find((candidate) => candidate.annotator === annotator)?.marks;
  const count = campaign.documents.length;
  const start = Math.min(Math.max(after, -1), count - 1) + 1;
  const order = Array.from({ length: count }, (_, index) => (start + index) % count);
  const idAt = (position: number): string => campaign.documents[position]?.id ?? '';
  const needs = (position: number): boolean => ratingsOf(idAt(position), annotators) < campaign.overlap;
  const open = order.find((position) => !own?.has(idAt(position)) && needs(position));
  if (open !== undefined) return open;
  return order.find((position) => own?.get(idAt(position))?.kind === 'skip' && needs(position)) ?? null;
}

export interface AnnotatorProgress {
  readonly annotator: string;
  readonly rated: number;
  readonly flagged: number;
  readonly skipped: number;
  readonly brokenLines: number;
  /** Marks of documents that are not in the campaign; they count nowhere. */
  readonly strangeDocuments: number;
  readonly newestMs: number | null;
}

export function annotatorProgress(campaign: Campaign, annotator: Annotator): AnnotatorProgress {
  const known = new Set(campaign.documents.map(({ id }) => id));
  const own = [...annotator.marks].filter(([document]) => known.has(document)).map(([, mark]) => mark);
  const count = (kind: Mark['kind']): number => own.filter((mark) => mark.kind === kind).length;
  return {
    annotator: annotator.annotator,
    rated: count('rating'),
    flagged: count('flag'),
    skipped: count('skip'),
    brokenLines: annotator.brokenLines,
    strangeDocuments: annotator.marks.size - own.length,
    newestMs: annotator.newestMs,
  };
}

/** Documents with one rating or more, in the order of the campaign; people without any rating are left out. */
export function ratedDocuments(campaign: Campaign, annotators: readonly Annotator[]): RatedDocuments {
  const known = new Set(campaign.documents.map(({ id }) => id));
  const raters = annotators.filter(({ marks }) =>
    [...marks].some(([document, { kind }]) => kind === 'rating' && known.has(document)),
  );
  const documents = campaign.documents.map(({ id }) => ({
    id,
    ratings: raters.map(({ marks }) => {
      const mark = marks.get(id);
      return mark?.kind === 'rating' ? mark.rating : null;
    }),
  }));
  return {
    annotators: raters.map(({ annotator }) => annotator),
    documents: documents.filter(({ ratings }) => ratings.some((rating) => rating !== null)),
  };
}
