// head.json: what a trained head is, of which data and vectors, how it was trained and how well it ranks. Stands beside
// head.safetensors; whoever compares heads reads it (sample sizes, languages, validation and test per language).
import { z } from 'zod';
import { LABEL_CLASSES } from './sampling.ts';

/** Null where it cannot be computed: all scores or all labels equal. */
const correlation = z.number().nullable();

const evaluationCard = z.object({
  documents: z.number().int(),
  loss: z.number().nullable(),
  /** Over all documents together. */
  spearman: correlation,
  /** Unweighted mean over the languages that have one. */
  meanSpearman: correlation,
  /** `language` is empty where the data name none. */
  languages: z.array(z.object({ language: z.string(), documents: z.number().int(), spearman: correlation })),
});
export type EvaluationCard = z.infer<typeof evaluationCard>;

export const headCard = z.object({
  kind: z.literal('jql-head'),
  version: z.literal(2),
  /** Of the studio that trained it. */
  studio: z.string(),
  createdAt: z.string(),
  embedder: z.object({
    id: z.string(),
    variant: z.string(),
    dimensions: z.number().int(),
    sha256: z.string().nullable(),
  }),
  hidden: z.number().int(),
  data: z.object({
    /** Name, without folders. */
    file: z.string(),
    sha256: z.string(),
    /** What the vectors were made of, where the data are an embedding set. */
    source: z.string().nullable(),
    textColumn: z.string().nullable(),
    labelColumn: z.string(),
    sampling: z.enum(['natural', 'balanced']),
    limit: z.number().int().nullable(),
    languages: z.array(z.string()),
    skipped: z.number().int(),
    /** Documents learned from, of those that were not held out; one number each for the ratings 0–5. */
    classes: z.array(
      z.object({
        language: z.string(),
        available: z.array(z.number().int()).length(LABEL_CLASSES),
        taken: z.array(z.number().int()).length(LABEL_CLASSES),
      }),
    ),
  }),
  rows: z.object({ train: z.number().int(), validation: z.number().int() }),
  training: z.object({
    loss: z.literal('mean squared error'),
    optimiser: z.literal('AdamW'),
    schedule: z.literal('cosine to 0'),
    learningRate: z.number(),
    weightDecay: z.number(),
    batchSize: z.number().int(),
    epochs: z.number().int(),
    patience: z.number().int(),
    minimumGain: z.number(),
    seed: z.number().int(),
    outputScale: z.number(),
    outputBias: z.number().nullable(),
    vectors: z.enum(['float32', 'float16']),
    /** Epochs and steps until it ended. */
    epochsDone: z.number().int(),
    steps: z.number().int(),
    endedBy: z.enum(['completed', 'early stop', 'stopped']),
    seconds: z.number(),
  }),
  /** Of the best epoch, the one that was kept; null when none was evaluated. */
  validation: evaluationCard.extend({ bestEpoch: z.number().int() }).nullable(),
  /** On a set of its own, when one was given. */
  test: evaluationCard.extend({ file: z.string(), sha256: z.string() }).nullable(),
});
export type HeadCard = z.infer<typeof headCard>;
