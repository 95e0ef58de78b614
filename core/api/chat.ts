// Contract of chat: one answer is one stream; the models that are loaded.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { contextTokens, generation, generationEvent, prompt, promptToken } from './generation.ts';
import { procedure } from './procedure.ts';
import { workspacePath } from './workspace.ts';

export const memoryEstimate = z.object({
  weightsBytes: z.number(),
  /** Keys and values of the whole context. */
  cacheBytes: z.number(),
  computeBytes: z.number(),
  /** The process itself, with the vocabulary. */
  overheadBytes: z.number(),
  totalBytes: z.number(),
  /** For all models together, and what the loaded ones take of it now. */
  budgetBytes: z.number(),
  loadedBytes: z.number(),
  /** Whether it fits once idle models have left. */
  fits: z.boolean(),
});
export type MemoryEstimate = z.infer<typeof memoryEstimate>;

export const loadedModel = z.object({
  modelPath: z.string(),
  contextTokens: z.number(),
  memoryBytes: z.number(),
  /** Null while it is busy. */
  idleSinceMs: z.number().nullable(),
  busy: z.boolean(),
});
export type LoadedModel = z.infer<typeof loadedModel>;

export const chatContract = {
  /** Loads the model if needed and answers. Aborting stops generation within one token. */
  answer: procedure.input(generation).output(eventIterator(generationEvent)),
  /** The exact prompt that the model sees, as text and as tokens. */
  render: procedure
    .input(z.object({ modelPath: workspacePath, prompt }))
    .output(z.object({ text: z.string(), tokens: z.array(promptToken) })),
  /** Special tokens in the text count as such. */
  tokenize: procedure
    .input(z.object({ modelPath: workspacePath, text: z.string(), addBos: z.boolean().default(false) }))
    .output(z.object({ tokens: z.array(promptToken) })),
  /** What loading would take, without loading. */
  estimate: procedure.input(z.object({ modelPath: workspacePath, contextTokens })).output(memoryEstimate),
  loaded: procedure.output(z.array(loadedModel)),
  /** Frees the memory of one model, or of all with null. */
  unload: procedure
    .input(z.object({ modelPath: workspacePath.nullable().default(null) }))
    .output(z.object({})),
};
