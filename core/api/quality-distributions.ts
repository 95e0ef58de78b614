// How scores and lengths of a corpus lie, and how far its heads agree, as the quality lab shows them. Shares are 0–1.
import { z } from 'zod';
import { headName, language } from './quality-corpus.ts';

/**
 * Counts of one part of the documents. `counts[i]` lies in [edges[i], edges[i+1]), the last bin is closed on both sides.
 * Density for a chart: counts[i] / documents / bin width.
 */
export const distributionPart = z.object({
  documents: z.number(),
  tokens: z.number(),
  below: z.number(),
  above: z.number(),
  mean: z.number().nullable(),
  counts: z.array(z.number()),
});

export const distribution = z.object({
  head: headName,
  language,
  edges: z.array(z.number()),
  all: distributionPart,
  /** FineWeb-2's kept and removed documents; null without a kept flag. */
  kept: distributionPart.nullable(),
  removed: distributionPart.nullable(),
  /** Share with a score at or above each edge, of documents and of tokens (Fig. 15). */
  rightCdf: z.object({ documents: z.array(z.number()), tokens: z.array(z.number()) }),
});
export type Distribution = z.infer<typeof distribution>;

/** Edges grow by equal steps, or by equal factors with `log`. `beyond` answers for the marks 512 and 8192. */
export const tokenLengths = z.object({
  label: z.string(),
  language,
  scale: z.enum(['linear', 'log']),
  edges: z.array(z.number()),
  counts: z.array(z.number()),
  above: z.number(),
  documents: z.number(),
  tokens: z.number(),
  beyond: z.array(z.object({ mark: z.number(), documents: z.number(), tokens: z.number() })),
});
export type TokenLengths = z.infer<typeof tokenLengths>;

/** NaN (fewer than two pairs, or one side constant) is null: a dash, never 0. */
export const headCorrelation = z.object({
  left: headName,
  right: headName,
  coefficient: z.number().nullable(),
  pairs: z.number(),
});

export const headAgreement = z.object({
  language,
  heads: z.array(headName),
  /** `spearman[i][j]`. For all languages: the unweighted mean of the languages, never pooled. */
  spearman: z.array(z.array(z.number().nullable())),
  perLanguage: z.array(z.object({ language: z.string(), correlations: z.array(headCorrelation) })),
  /** Documents per cell: `counts[y * bins + x]`, x of `left`, y of `right`, both over `edges`. All chosen languages pooled. */
  joint: z.array(z.object({ left: headName, right: headName, counts: z.array(z.number()) })),
  edges: z.array(z.number()),
});
export type HeadAgreement = z.infer<typeof headAgreement>;
