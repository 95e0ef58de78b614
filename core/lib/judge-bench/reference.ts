// The values that the JQL paper (arXiv 2505.22232) prints, as files of resources/reference/jql: one a figure or table, with what
// is known to be wrong or unclear about it. Pure: the shape of the files.
import { z } from 'zod';

const share = z.number().min(-1).max(1);

const base = {
  /** The name of the file. */
  id: z.string().regex(/^[a-z0-9-]+$/),
  /** `Fig. 2`, `Table 4`. */
  where: z.string().min(1),
  title: z.string().min(1),
  /** What the printed values leave open, or get wrong. */
  notes: z.array(z.string().min(1)),
};

/** Null: the paper prints no value there. */
const languageMatrix = z.object({
  ...base,
  kind: z.literal('language-matrix'),
  measure: z.enum(['spearman', 'macro-f1']),
  languages: z.array(z.string()),
  rows: z.array(
    z.object({
      name: z.string(),
      /** In the order of `languages`; null where only the averages are recorded. */
      values: z.array(share.nullable()).nullable(),
      avg13: share,
      avg35: share,
    }),
  ),
});

const confusion = z.object({
  ...base,
  kind: z.literal('confusion'),
  rows: z.array(
    z.object({
      name: z.string(),
      /** Rows: true 0–5. Columns: invalid, then 0–5. */
      matrix: z.array(z.array(share).length(7)).length(6),
    }),
  ),
});

const sampleSize = z.object({
  ...base,
  kind: z.literal('sample-size'),
  points: z.array(
    z.object({
      samples: z.number().int().positive(),
      epochs: z.number().int().positive(),
      avg13: share,
      avg35: share,
    }),
  ),
});

const crossLanguage = z.object({
  ...base,
  kind: z.literal('cross-language'),
  trainLanguages: z.array(z.string()),
  testLanguages: z.array(z.string()),
  /** Ends of the colour scale. */
  scale: z.tuple([z.number(), z.number()]),
  /** One value a training language. */
  rows: z.array(z.object({ name: z.string(), avg35: z.array(share) })),
  cells: z.array(z.object({ judge: z.string(), train: z.string(), test: z.string(), value: share })),
});

const quantities = z.object({
  ...base,
  kind: z.literal('quantities'),
  unit: z.enum(['percent', 'documents', 'spearman', 'p', 'hours', 'mixed']),
  rows: z.array(z.object({ name: z.string(), values: z.record(z.string(), z.number()) })),
});

export const referenceFigure = z.discriminatedUnion('kind', [
  languageMatrix,
  confusion,
  sampleSize,
  crossLanguage,
  quantities,
]);
export type ReferenceFigure = z.infer<typeof referenceFigure>;
export type ReferenceKind = ReferenceFigure['kind'];

/** The figure of that id when it is of that kind. */
export function referenceOf<K extends ReferenceKind>(
  figures: readonly ReferenceFigure[],
  id: string,
  kind: K,
): Extract<ReferenceFigure, { kind: K }> | undefined {
  return figures.find((figure): figure is Extract<ReferenceFigure, { kind: K }> => {
    return figure.id === id && figure.kind === kind;
  });
}
