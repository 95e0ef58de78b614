// What the files of an annotation campaign may say: campaign.json, and one line of an annotator's file.
// Knows neither folders nor data sets.
import { z } from 'zod';

/** People rate hundreds; JQL had 511. More belongs to a language model. */
export const MAX_CAMPAIGN_DOCUMENTS = 10_000;
/** Long enough for a URL as id. */
const MAX_ID_CHARACTERS = 2000;
/** About twenty pages; a guideline that is longer is not read. */
export const MAX_GUIDELINE_CHARACTERS = 50_000;
export const MAX_OVERLAP = 50;

/** File names that Windows keeps for devices. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/;

/** Names of campaigns and annotators are file names on every system: lower case, so that none differ in case alone. */
export const fileSafeName = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/, 'must be lower-case letters, digits, - _ or .')
  .refine((name) => !reserved.test(name), 'is a name that some systems keep for themselves');

export const documentId = z.string().min(1).max(MAX_ID_CHARACTERS);

export const campaign = z.object({
  version: z.literal(1),
  name: z.string().min(1).max(200),
  /** Path inside the workspace. */
  dataset: z.string().min(1).max(4096),
  /** Null: the data set has no id column, and a document is called by its row, `row 17`. */
  idColumn: z.string().nullable(),
  textColumn: z.string(),
  seed: z.number().int(),
  /** The score column whose classes 0–5 were drawn from evenly. */
  stratifiedBy: z.string().nullable(),
  /** Ratings wanted for every document. */
  overlap: z.number().int().min(1).max(MAX_OVERLAP),
  /** Ratings of others stay hidden until a document has `overlap` of them. */
  blind: z.boolean(),
  guideline: z.string().max(MAX_GUIDELINE_CHARACTERS),
  createdMs: z.number(),
  /** In the shuffled order everybody works in. `row` is where the document was found, counted from 0. */
  documents: z
    .array(z.object({ id: documentId, row: z.number().int().min(0) }))
    .min(1)
    .max(MAX_CAMPAIGN_DOCUMENTS),
});
export type Campaign = z.infer<typeof campaign>;

export const mark = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('rating'), rating: z.number().int().min(0).max(5) }),
  /** Something is wrong with the document itself. */
  z.object({ kind: z.literal('flag') }),
  /** Not rated by this person; comes again after all others. */
  z.object({ kind: z.literal('skip') }),
]);
export type Mark = z.infer<typeof mark>;

const line = { document: documentId, atMs: z.number() };
export const annotationLine = z.discriminatedUnion('kind', [
  z.object({ ...line, kind: z.literal('rating'), rating: z.number().int().min(0).max(5) }),
  z.object({ ...line, kind: z.literal('flag') }),
  z.object({ ...line, kind: z.literal('skip') }),
]);
