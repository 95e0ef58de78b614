// Contract of annotation: campaigns over documents of one data set, one document at a time for each person, and how far
// people agree. A campaign is called by the name of its folder below annotations/.
import { z } from 'zod';
import {
  documentId,
  fileSafeName,
  mark,
  MAX_CAMPAIGN_DOCUMENTS,
  MAX_GUIDELINE_CHARACTERS,
  MAX_OVERLAP,
} from '../lib/annotations/campaign.ts';
import { procedure } from './procedure.ts';
import { workspacePath } from './workspace.ts';

const rating = z.number().nullable();
const share = z.number().nullable();
/** Positions count from 0 in the shuffled order of the campaign. */
const position = z.number().int().min(0);
const person = { campaign: fileSafeName, annotator: fileSafeName };

export const campaignSummary = z.object({
  campaign: fileSafeName,
  name: z.string(),
  dataset: z.string(),
  documents: z.number(),
  overlap: z.number(),
  blind: z.boolean(),
  guideline: z.string(),
  stratifiedBy: z.string().nullable(),
  seed: z.number(),
  createdMs: z.number(),
});
export type CampaignSummary = z.infer<typeof campaignSummary>;

export const campaignEntry = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('campaign'), ...campaignSummary.shape }),
  z.object({ kind: z.literal('problem'), campaign: z.string(), problem: z.string() }),
]);

export const annotationDocument = z.object({
  position,
  documents: z.number(),
  id: documentId,
  text: z.string(),
  /** The text is longer than what is sent. */
  truncated: z.boolean(),
  mine: mark.nullable(),
  ratings: z.number(),
  overlap: z.number(),
  /** Null: hidden until the document has `overlap` ratings. */
  others: z.array(z.object({ annotator: z.string(), mark })).nullable(),
});
export type AnnotationDocument = z.infer<typeof annotationDocument>;

export const annotatorProgress = z.object({
  annotator: z.string(),
  rated: z.number(),
  flagged: z.number(),
  skipped: z.number(),
  brokenLines: z.number(),
  /** Marks of documents that are not in the campaign. */
  strangeDocuments: z.number(),
  newestMs: z.number().nullable(),
});

export const campaignProgress = z.object({
  documents: z.number(),
  /** Documents with as many ratings as wanted. */
  completeDocuments: z.number(),
  ratings: z.number(),
  annotators: z.array(annotatorProgress),
});

export const annotationReport = z.object({
  campaignDocuments: z.number(),
  /** Documents with one rating or more. */
  documents: z.number(),
  completeDocuments: z.number(),
  /** Documents whose single ratings a blind campaign still hides; the statistics count them. */
  hiddenDocuments: z.number(),
  overlap: z.number(),
  ratings: z.number(),
  /** Documents with at least two ratings: the base of the shares. */
  comparedDocuments: z.number(),
  invalidDocuments: z.number(),
  aggregatedClasses: z.array(z.number()),
  majorityAgreement: share,
  fullAgreement: share,
  meanStandardDeviation: share,
  /** Share of documents with a spread of at most 0, 1, … 5. */
  spreadShares: z.array(share),
  krippendorff: z.object({ nominal: share, ordinal: share, interval: share }),
  /** Over the documents that were rated equally often. */
  fleiss: z.object({ kappa: share, documents: z.number(), ratings: z.number() }),
  annotators: z.array(
    z.object({
      annotator: z.string(),
      ratings: z.number(),
      mean: share,
      shared: z.number(),
      /** Mean of own rating minus the mean of the others' on the same document. */
      bias: share,
    }),
  ),
  pairs: z.array(
    z.object({
      left: z.string(),
      right: z.string(),
      documents: z.number(),
      cohen: z.object({ none: share, linear: share, quadratic: share }),
      spearman: share,
      kendall: share,
    }),
  ),
  aggregated: z.array(z.object({ document: z.string(), rating })),
  mostContested: z.array(
    z.object({ document: z.string(), position, ratings: z.array(rating), spread: z.number().nullable() }),
  ),
  flagged: z.array(z.object({ document: z.string(), position, annotators: z.array(z.string()) })),
});
export type AnnotationReport = z.infer<typeof annotationReport>;

/** Documents that are listed at once. */
export const MAX_SPREAD_DOCUMENTS = 200;

export const annotationSpread = z.object({
  /** With so small a spread; `documents` are the first of them that may be shown. */
  total: z.number(),
  /** A blind campaign still hides these. */
  hidden: z.number(),
  annotators: z.array(z.string()),
  documents: z.array(
    z.object({ document: z.string(), position, ratings: z.array(rating), spread: z.number() }),
  ),
});

export const newCampaign = z.object({
  campaign: fileSafeName,
  name: z.string().min(1).max(200),
  dataset: workspacePath,
  documents: z.number().int().min(1).max(MAX_CAMPAIGN_DOCUMENTS),
  seed: z.number().int(),
  /** A score column: as many documents of every class 0–5 as there are, evenly; those without a score are left out. */
  stratifyBy: z.string().nullable(),
  overlap: z.number().int().min(1).max(MAX_OVERLAP),
  blind: z.boolean(),
  guideline: z.string().max(MAX_GUIDELINE_CHARACTERS),
});
export type NewCampaign = z.infer<typeof newCampaign>;

export const annotationsContract = {
  /** Newest first. */
  list: procedure.output(z.array(campaignEntry)),
  /** Draws the documents with the seed and writes annotations/<campaign>/campaign.json. */
  create: procedure.input(newCampaign).output(campaignSummary),
  /** Where this person goes on; null when nothing is left. `after` -1 starts at the beginning. */
  next: procedure
    .input(z.object({ ...person, after: z.number().int().min(-1) }))
    .output(z.object({ position: position.nullable() })),
  at: procedure.input(z.object({ ...person, position })).output(annotationDocument),
  /** Appends one line to the person's file and says where to go on. */
  rate: procedure
    .input(z.object({ ...person, document: documentId, mark }))
    .output(z.object({ next: position.nullable() })),
  progress: procedure.input(z.object({ campaign: fileSafeName })).output(campaignProgress),
  report: procedure.input(z.object({ campaign: fileSafeName })).output(annotationReport),
  /** Documents whose highest and lowest rating differ by at most so much, in the order of the campaign. */
  spread: procedure
    .input(z.object({ campaign: fileSafeName, atMost: z.number().int().min(0).max(5) }))
    .output(annotationSpread),
};
