// What the bench says: one cell a language and source, averages over languages, people's own agreement. As zod, because it
// travels; null is what cannot be computed, never 0. Rounding of classes is half-up, clamped to 0–5.
import { z } from 'zod';

const value = z.number().nullable();

export const benchCell = z.object({
  language: z.string(),
  /** Valid on both sides: what every measure here is over. */
  documents: z.number().int(),
  /** The source has no valid sample. */
  invalid: z.number().int(),
  /** People scored it, the source says nothing. */
  missing: z.number().int(),
  spearman: value,
  pValue: value,
  /** Bootstrap, 95 %. */
  low: value,
  high: value,
  /** Over the classes that occur (scikit-learn's default), and over 0–5. */
  macroF1: value,
  macroF1SixClasses: value,
  accuracy: value,
  mse: value,
  mae: value,
  /** At 1, 2, 3, 4 and 5: share on which both are at or above, or both below. */
  thresholdAgreement: z.array(value),
  /** Counts. Rows: true 0–5. Columns: invalid, then 0–5. */
  confusion: z.array(z.array(z.number().int())),
  /** Documents scored at least 0, 1, … 5, of `documents`: right-CDF of the source. */
  atLeast: z.array(z.number().int()),
});
export type BenchCell = z.infer<typeof benchCell>;

/** An unweighted mean over languages and how many of the wanted ones it is over. */
export const benchMean = z.object({ value, languages: z.number().int(), wanted: z.number().int() });
export type BenchMean = z.infer<typeof benchMean>;

const means = z.object({ avg13: benchMean, avg35: benchMean, all: benchMean });
export type BenchMeans = z.infer<typeof means>;

export const benchRow = z.object({
  name: z.string(),
  /** In the order of the report's languages; null where the source has none of the language's documents. */
  cells: z.array(benchCell.nullable()),
  spearman: means,
  macroF1: means,
  invalidShare: means,
  /** Over the languages. */
  pValues: z.object({ mean: value, smallest: value, largest: value }),
  head: z
    .object({ trainLanguages: z.array(z.string()), trainDocuments: z.number(), epochs: z.number() })
    .nullable(),
  maxLength: z.number().nullable(),
  withoutTruth: z.number().int(),
});
export type BenchRow = z.infer<typeof benchRow>;

export const regimeName = z.enum([
  'one language',
  'family, second order',
  'family',
  'others and family',
  'not of the family',
  'several with this one',
]);
export type RegimeName = z.infer<typeof regimeName>;

export const benchReport = z.object({
  truth: z.object({
    name: z.string(),
    documents: z.number().int(),
    languages: z.array(z.object({ language: z.string(), documents: z.number().int() })),
    /** Half-up rounded scores 0–5. */
    histogram: z.array(z.number().int()),
    /** Of documents with two ratings or more; null without single ratings. */
    spread: z
      .object({
        documents: z.number().int(),
        shares: z.array(value),
        majority: value,
        meanDeviation: value,
      })
      .nullable(),
    /** By the file's own count; null without one. Edges in tokens, left-closed, the last one closed. */
    lengths: z
      .object({
        label: z.string(),
        edges: z.array(z.number()),
        counts: z.array(z.number().int()),
        beyond: z.array(z.object({ tokens: z.number(), share: z.number() })),
      })
      .nullable(),
  }),
  languages: z.array(z.string()),
  rows: z.array(benchRow),
  /** Mean over heads of Spearman, by how a head's training languages relate to the tested one. */
  regimes: z.array(
    z.object({
      name: regimeName,
      heads: z.number().int(),
      values: z.array(value),
      /** By language: the rows that the value is the mean of. */
      rows: z.array(z.array(z.number().int())),
      means,
    }),
  ),
  /** Names of rows that were trained on one language, with it. */
  crossLanguage: z.array(z.object({ row: z.number().int(), train: z.string(), mean: value })),
  sampleSizes: z.array(z.object({ row: z.number().int(), samples: z.number(), epochs: z.number() })),
  /** Rows of the same source at a short and at a long limit. */
  lengthPairs: z.array(z.object({ name: z.string(), short: z.number().int(), long: z.number().int() })),
  bootstrap: z.object({ resamples: z.number().int(), seed: z.number().int(), level: z.number() }),
  /** What a person should know about the inputs. */
  notes: z.array(z.string()),
});
export type BenchReport = z.infer<typeof benchReport>;
