// Contract of quantizations: the models made of the same weights, measured beside each other on this computer.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { weightTypes } from '../lib/conversion/gguf-metadata.ts';
import { deviceProfile } from './generation.ts';
import { procedure } from './procedure.ts';
import { workspacePath } from './workspace.ts';

/** A row each; more models are more than a table to read, and minutes of work. */
export const MAX_QUANTIZATIONS = 24;

export const quantizationMember = z.object({
  path: workspacePath,
  name: z.string(),
  quantization: z.string(),
  sizeBytes: z.number(),
  modelKey: z.string(),
});
export type QuantizationMember = z.infer<typeof quantizationMember>;

export const quantizationGroup = z.object({
  weightsSha256: z.string().nullable(),
  /** Largest first; the chosen model is one of them. */
  members: z.array(quantizationMember),
  /** Types that are not there yet and can be made. */
  missing: z.array(z.enum(weightTypes)),
  /** Weights they would be made of; null where none are known here. */
  source: z.string().nullable(),
});
export type QuantizationGroup = z.infer<typeof quantizationGroup>;

const figure = z.number().or(z.nan()).nullable();

export const quantizationRow = z.object({
  ...quantizationMember.shape,
  loadMs: figure,
  /** Medians over the repeats. */
  promptTokensPerSecond: figure,
  tokensPerSecond: figure,
  timeToFirstTokenMs: figure,
  /** Of the process that runs the model, after answering. */
  memoryBytes: figure,
  /** On each held-out text. */
  bitsPerByte: z.array(z.object({ text: z.string(), value: figure })),
  /** Against the reference, over all texts; null for the reference itself and where tokens differ. */
  loss: z
    .object({
      bitsPerByte: z.number(),
      standardError: figure,
      agreement: z.number().nullable(),
      positions: z.number(),
    })
    .nullable(),
  /** Why a part of the row is missing. */
  problem: z.string().nullable(),
});
export type QuantizationRow = z.infer<typeof quantizationRow>;

export const quantizationTable = z.object({
  measuredMs: z.number(),
  /** What others are compared with: the largest. */
  reference: workspacePath,
  device: deviceProfile.nullable(),
  /** Processor and how many of its cores there are. */
  machine: z.string(),
  repeats: z.number(),
  promptTokens: z.number(),
  generatedTokens: z.number(),
  /** Name and size of each held-out text. */
  texts: z.array(z.object({ text: z.string(), bytes: z.number() })),
  rows: z.array(quantizationRow),
});
export type QuantizationTable = z.infer<typeof quantizationTable>;

export const quantizationEvent = z.discriminatedUnion('kind', [
  /** `rows`: those that are finished. */
  z.object({
    kind: z.literal('progress'),
    done: z.number(),
    total: z.number(),
    path: z.string().nullable(),
    what: z.string(),
    rows: z.array(quantizationRow),
  }),
  z.object({ kind: z.literal('result'), result: quantizationTable }),
]);

export const makingEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), share: z.number() }),
  z.object({ kind: z.literal('result'), result: z.object({ path: workspacePath }) }),
]);

export const quantizationsContract = {
  /** Models of the same weights as this one, by the hash they carry. */
  group: procedure.input(z.object({ path: workspacePath })).output(quantizationGroup),
  /** The newest table that was measured with this model; null without any. */
  last: procedure.input(z.object({ path: workspacePath })).output(quantizationTable.nullable()),
  /** Each model alone in a process of its own, one after the other. A model that fails says why in its row. */
  measure: procedure
    .input(
      z.object({
        paths: z.array(workspacePath).min(1).max(MAX_QUANTIZATIONS),
        device: deviceProfile.nullable().default(null),
        repeats: z.number().int().min(1).max(20).default(3),
      }),
    )
    .output(eventIterator(quantizationEvent)),
  /** Another type of the same weights, beside the model. ALREADY_EXISTS, NOT_FOUND where no weights are known. */
  make: procedure
    .input(
      z.object({
        path: workspacePath,
        type: z.enum(weightTypes),
        source: workspacePath.nullable().default(null),
      }),
    )
    .output(eventIterator(makingEvent)),
};
