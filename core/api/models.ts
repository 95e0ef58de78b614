// Contract of models: files that can be loaded and chatted with.
import { z } from 'zod';
import { procedure } from './procedure.ts';
import { workspacePath } from './workspace.ts';

/** The step of a run that a model was made of. */
export const modelOrigin = z.object({
  runId: z.string(),
  runName: z.string(),
  step: z.number(),
  tokens: z.number().nullable(),
  /** As the weights were written: `q8_0`; empty where it is not known. */
  type: z.string(),
});
export type ModelOrigin = z.infer<typeof modelOrigin>;

export const modelSummary = z.object({
  path: workspacePath,
  name: z.string(),
  sizeBytes: z.number(),
  /** Null with `problem` set when the header was refused. */
  architecture: z.string().nullable(),
  parameters: z.number().nullable(),
  quantization: z.string().nullable(),
  contextLength: z.number().nullable(),
  hasChatTemplate: z.boolean(),
  problem: z.string().nullable(),
  /** Null for a model that is no step of a run here. */
  origin: modelOrigin.nullable(),
  /** Of the weights it was converted from, whatever its type; null where the file does not say. */
  weightsSha256: z.string().nullable(),
  /** What the report beside it says; `isCurrent` is false when the model is another one by now. */
  verification: z
    .object({ verdict: z.enum(['equal', 'lossy', 'different']), isCurrent: z.boolean() })
    .nullable(),
});
export type ModelSummary = z.infer<typeof modelSummary>;

export const modelDetail = modelSummary.extend({
  metadata: z.array(z.object({ key: z.string(), value: z.string() })),
  tensors: z.array(z.object({ name: z.string(), shape: z.array(z.number()), type: z.string() })),
  /** Jinja, whole; null where the file has none. */
  chatTemplate: z.string().nullable(),
  /** Markdown of the card beside the file, if there is one. */
  card: z.string().nullable(),
});
export type ModelDetail = z.infer<typeof modelDetail>;

/** What tells two models apart. Hashes are SHA-256, hex. */
export const modelFingerprint = z.object({
  /** Of the weights and their type, or of the file where they are not known: results that are kept for a model are kept under it. */
  modelKey: z.string(),
  name: z.string().nullable(),
  weightsSha256: z.string().nullable(),
  quantization: z.string(),
  sizeBytes: z.number(),
  /** Equal: the same ids are the same pieces. Null without a vocabulary. */
  vocabularySha256: z.string().nullable(),
  /** Null without a chat template. */
  templateSha256: z.string().nullable(),
});
export type ModelFingerprint = z.infer<typeof modelFingerprint>;

export const modelsContract = {
  list: procedure.output(z.array(modelSummary)),
  inspect: procedure.input(z.object({ path: workspacePath })).output(modelDetail),
  fingerprint: procedure.input(z.object({ path: workspacePath })).output(modelFingerprint),
};
