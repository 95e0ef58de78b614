// Contract of likelihoods: bits per byte of texts nobody trained on, pairs of a right and a wrong sentence, and where two models
// differ on one text. What was measured is kept in evals/likelihood/ and not measured again.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { procedure } from './procedure.ts';
import { workspacePath } from './workspace.ts';

const MAX_MODELS = 500;
/** Some pages: every token of it is drawn. */
export const MAX_COMPARED_CHARACTERS = 20_000;
/** Documents of a user's file that are measured at most. */
export const MAX_DOCUMENTS = 10_000;

/** `held-out` and `pairs` are shipped; a file is one of the workspace, its documents from the first on. */
export const likelihoodSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('held-out') }),
  z.object({ kind: z.literal('pairs') }),
  z.object({
    kind: z.literal('file'),
    path: workspacePath,
    limit: z.number().int().min(1).max(MAX_DOCUMENTS).default(200),
  }),
]);
export type LikelihoodSource = z.infer<typeof likelihoodSource>;

/** Of the activity that measures. */
export const likelihoodWorkKey = (source: LikelihoodSource): string =>
  `likelihood/${source.kind === 'file' ? source.path : source.kind}`;

export const likelihoodModel = z.object({
  path: workspacePath,
  name: z.string(),
  run: z.object({ id: z.string(), step: z.number(), tokens: z.number().nullable() }).nullable(),
  type: z.string().nullable(),
  /** Of texts: all, each language, each domain of it. Empty for pairs. */
  bits: z.array(
    z.object({
      language: z.string().nullable(),
      domain: z.string().nullable(),
      documents: z.number(),
      bytes: z.number(),
      tokens: z.number(),
      bitsPerByte: z.number(),
      standardError: z.number().nullable(),
    }),
  ),
  /** Of pairs: all, each language, each phenomenon of it. Empty for texts. */
  pairs: z.array(
    z.object({
      language: z.string().nullable(),
      phenomenon: z.string().nullable(),
      pairs: z.number(),
      correct: z.number(),
      share: z.number(),
      standardError: z.number(),
    }),
  ),
  /** Documents or pairs it has been measured on, of `total`. */
  measured: z.number(),
});
export type LikelihoodModel = z.infer<typeof likelihoodModel>;

export const likelihoodTable = z.object({
  source: likelihoodSource,
  title: z.string(),
  /** Documents or pairs. */
  total: z.number(),
  /** Documents of a file that were left out by the limit; null when it is not known how many there are. */
  left: z.number().nullable(),
  models: z.array(likelihoodModel),
});
export type LikelihoodTable = z.infer<typeof likelihoodTable>;

export const comparedText = z.object({
  stretches: z.array(
    z.object({
      text: z.string(),
      /** Natural log-probabilities; null for a first token that has nothing before it. */
      a: z.number().nullable(),
      b: z.number().nullable(),
    }),
  ),
  bytes: z.number(),
  /** Bits per byte of the whole text. */
  bitsA: z.number(),
  bitsB: z.number(),
});
export type ComparedText = z.infer<typeof comparedText>;

const progress = z.object({ kind: z.literal('progress'), doneRows: z.number(), totalRows: z.number() });
const models = z.array(workspacePath).min(1).max(MAX_MODELS);

export const likelihoodContract = {
  /** What has been measured of a source. */
  table: procedure.input(z.object({ source: likelihoodSource })).output(likelihoodTable),
  /** Measures what is not measured yet, one model after another. Ends with the stream. */
  measure: procedure
    .input(z.object({ source: likelihoodSource, models }))
    .output(
      eventIterator(
        z.discriminatedUnion('kind', [
          progress,
          z.object({ kind: z.literal('result'), result: likelihoodTable }),
        ]),
      ),
    ),
  /** Two models on one text. */
  compare: procedure
    .input(
      z.object({
        a: workspacePath,
        b: workspacePath,
        text: z.string().min(1).max(MAX_COMPARED_CHARACTERS),
      }),
    )
    .output(comparedText),
};
