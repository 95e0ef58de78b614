// Contract of conversion: a checkpoint or a Hugging Face folder as a model that can be chatted with or published.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { weightTypes } from '../lib/conversion/gguf-metadata.ts';
import { procedure } from './procedure.ts';
import { workspacePath } from './workspace.ts';

/** What only a person knows of a model's card. */
export const cardFields = z.object({
  /** ISO 639-1: `it`, `en`. */
  languages: z.array(z.string().regex(/^[a-z]{2,3}$/, 'Write a language as it, en, de')).default([]),
  /** As the hub names licences: `apache-2.0`, `mit`, `other`. */
  license: z.string().max(100).nullable().default(null),
  /** Repositories of models it was made from. */
  baseModels: z.array(z.string().max(200)).default([]),
  /** Repositories or names of datasets. */
  datasets: z.array(z.string().max(200)).default([]),
  /** One paragraph: what it is for. */
  summary: z.string().max(10_000).nullable().default(null),
  /** Values of evaluations, with the task, shots and version in the name. */
  metrics: z.array(z.object({ name: z.string().max(200), value: z.string().max(100) })).default([]),
  /** Values that a harness measured, as a report of the run has them. */
  results: z
    .array(
      z.object({
        task: z.string().max(300),
        metric: z.string().max(100),
        value: z.number(),
        standardError: z.number().nullable(),
        shots: z.number().nullable(),
        questions: z.number().nullable(),
        harness: z.string().max(100),
      }),
    )
    .max(2000)
    .default([]),
});
export type CardFields = z.infer<typeof cardFields>;

/** What was written. */
export const converted = z.object({
  /** A file for GGUF, else a folder. */
  output: z.string(),
  architecture: z.string(),
  tensors: z.number(),
  /** Each weight once. */
  parameters: z.number(),
  sizeBytes: z.number(),
  durationMs: z.number(),
  /** Over names, types and values of the weights that were read: the same for every sharding of them. */
  sourceSha256: z.string(),
  warnings: z.array(z.string()),
});
export type Converted = z.infer<typeof converted>;

const apart = {
  /** Euclidean norms. */
  normA: z.number().or(z.nan()),
  normB: z.number().or(z.nan()),
  /** Norm of B − A. */
  difference: z.number().or(z.nan()),
  /** 1 for equal directions; null where one is all zeros. */
  cosine: z.number().or(z.nan()).nullable(),
  /** Largest absolute difference of one value. */
  largest: z.number().or(z.nan()),
  /** Values that differ, of `values`. */
  changed: z.number(),
  values: z.number(),
};

export const weightDifference = z.object({
  tensors: z.array(z.object({ name: z.string(), shape: z.array(z.number()), ...apart })),
  onlyInA: z.array(z.string()),
  onlyInB: z.array(z.string()),
  /** In both, but of different sizes. */
  otherShapes: z.array(z.string()),
  total: z.object(apart),
});
export type WeightDifference = z.infer<typeof weightDifference>;

const ids = z.array(z.number());

const parityMeasurements = z.object({
  /** The type the file says it has: `Q4_K_M`, `F16`. */
  quantization: z.string(),
  tokenizer: z.object({
    texts: z.number(),
    differences: z.array(z.object({ text: z.string(), expected: ids, got: ids })),
  }),
  template: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('none') }),
    z.object({ kind: z.literal('equal'), conversations: z.number() }),
    z.object({ kind: z.literal('different'), detail: z.string() }),
  ]),
  logits: z.object({
    prompts: z.number(),
    positions: z.number(),
    /** Share of positions where both find the same token most likely. */
    top1: z.number(),
    /** Of log-probabilities, in nats, among tokens the source gives at least one in ten thousand. */
    largestGap: z.number().or(z.nan()),
    /** Kullback-Leibler divergence from the source, in nats. */
    meanDivergence: z.number().or(z.nan()),
    largestDivergence: z.number().or(z.nan()),
  }),
});
export type ParityMeasurements = z.infer<typeof parityMeasurements>;

/** `lossy`: as good as its quantization lets expect. `reasons` say why it is not equal. */
export const parityReport = parityMeasurements.extend({
  verdict: z.enum(['equal', 'lossy', 'different']),
  reasons: z.array(z.string()),
  durationMs: z.number(),
});
export type ParityReport = z.infer<typeof parityReport>;

/** Kept beside the model, as `<model>.parity.json`. */
export const parityRecord = z.object({
  format: z.literal(1),
  report: parityReport,
  /** What it was compared with, as it was named then. */
  source: z.string(),
  verifiedMs: z.number(),
  /** Of the model that was looked at: another file under its name is not verified. */
  model: z.object({ sizeBytes: z.number(), sourceSha256: z.string().nullable() }),
});
export type ParityRecord = z.infer<typeof parityRecord>;

export const verificationEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), share: z.number() }),
  z.object({ kind: z.literal('result'), result: parityReport }),
]);
export type VerificationEvent = z.infer<typeof verificationEvent>;

export const conversionEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), share: z.number() }),
  z.object({ kind: z.literal('result'), result: converted }),
]);
export type ConversionEvent = z.infer<typeof conversionEvent>;

export const differenceEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), share: z.number() }),
  z.object({ kind: z.literal('result'), result: weightDifference }),
]);
export type DifferenceEvent = z.infer<typeof differenceEvent>;

export const conversionContract = {
  /** Ends with `result`. ALREADY_EXISTS, CORRUPT_FILE, INVALID_INPUT with a choice, DISK_FULL. */
  convert: procedure
    .input(
      z.object({
        /** Folder of weights in the workspace; of a folder of steps the newest whole one is taken. */
        source: workspacePath,
        output: workspacePath,
        format: z.enum(['gguf', 'huggingface']).default('gguf'),
        type: z.enum(weightTypes).default('f16'),
        tokenizer: workspacePath.nullable().default(null),
        preTokenizer: z.string().nullable().default(null),
        name: z.string().max(200).nullable().default(null),
        replace: z.boolean().default(false),
        card: cardFields.nullable().default(null),
      }),
    )
    .output(eventIterator(conversionEvent)),
  /** Compares a converted model with the weights it came from, and keeps the report beside the model. */
  verify: procedure
    .input(
      z.object({
        source: workspacePath,
        model: workspacePath,
        tokenizer: workspacePath.nullable().default(null),
      }),
    )
    .output(eventIterator(verificationEvent)),
  /** The report that is kept beside a model; `isCurrent` is false when the model is another one by now. */
  report: procedure
    .input(z.object({ model: workspacePath }))
    .output(z.object({ record: parityRecord, isCurrent: z.boolean() }).nullable()),
  /** How far each tensor moved from one model to the other: GGUF files or folders of weights, in any combination. */
  diff: procedure
    .input(z.object({ a: workspacePath, b: workspacePath }))
    .output(eventIterator(differenceEvent)),
};
