// Questions about a score table that the DuckDB child holds in memory, and their answers. Languages are numbered in the order of
// the table reference; every matrix is language × head.
import { z } from 'zod';

/** `wide`: the scores need all of a double; otherwise half the memory holds them exactly. */
const headField = z.object({ field: z.string().regex(/^s\d+$/), wide: z.boolean() });
export type HeadField = z.infer<typeof headField>;

/** A Parquet file with the columns `language`, `kept`, `tokens` and one `s<n>` a head. */
export const scoreTableRef = z.object({
  path: z.string(),
  /** A table of this process with the same rows, while the file is not written yet. */
  memory: z
    .string()
    .regex(/^scores_[0-9a-f]+$/)
    .nullable(),
  languages: z.array(z.object({ name: z.string(), documents: z.number() })),
  /** Heads that are loaded with the first one asked for. */
  together: z.array(headField),
});
export type ScoreTableRef = z.infer<typeof scoreTableRef>;

export const scoreQuestion = z.discriminatedUnion('kind', [
  /** Counts what passes, and what each head alone would let pass (`cuts`). */
  z.object({
    kind: z.literal('count'),
    heads: z.array(headField),
    /** Shares to cut, or thresholds that are already known (null: nothing passes). */
    bounds: z.union([
      z.object({ kind: z.literal('shares'), shares: z.array(z.array(z.number())) }),
      z.object({ kind: z.literal('thresholds'), thresholds: z.array(z.array(z.number().nullable())) }),
    ]),
    operator: z.enum(['gte', 'gt']),
    needed: z.number(),
  }),
  /** `head` null: token counts. `language` null: all of them. */
  z.object({
    kind: z.literal('histogram'),
    head: headField.nullable(),
    language: z.number().nullable(),
    edges: z.array(z.number()),
  }),
  z.object({
    kind: z.literal('joint'),
    left: headField,
    right: headField,
    language: z.number().nullable(),
    edges: z.array(z.number()),
  }),
  /** Spearman's coefficient of two heads in one language, or in every one. */
  z.object({
    kind: z.literal('spearman'),
    left: headField,
    right: headField,
    language: z.number().nullable(),
  }),
]);
export type ScoreQuestion = z.infer<typeof scoreQuestion>;

const numbers = z.custom<Float64Array>((value) => value instanceof Float64Array);
const counted = z.object({ documents: z.number(), tokens: z.number() });
const part = z.object({
  documents: z.number(),
  tokens: z.number(),
  below: z.number(),
  above: z.number(),
  sum: z.number(),
  finite: z.number(),
  counts: numbers,
  tokenCounts: numbers,
  tokensBelow: z.number(),
  tokensAbove: z.number(),
});

export const scoreAnswer = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('count'),
    languages: z.array(
      z.object({
        thresholds: z.array(z.number().nullable()),
        all: counted,
        passing: counted,
        fw2: counted,
        cuts: z.array(counted),
      }),
    ),
  }),
  z.object({ kind: z.literal('histogram'), removed: part, kept: part, unknown: part }),
  z.object({ kind: z.literal('joint'), counts: numbers }),
  /** In the order of the languages; NaN where there is none or it was not asked for. */
  z.object({ kind: z.literal('spearman'), coefficients: numbers, pairs: numbers }),
]);
export type ScoreAnswer = z.infer<typeof scoreAnswer>;
