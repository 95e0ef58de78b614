// Contract of chat: one answer is one stream; scores of given texts; the models that are loaded.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import {
  contextTokens,
  generation,
  generationEvent,
  MAX_TOP_TOKENS,
  prompt,
  promptToken,
  scoredToken,
} from './generation.ts';
import { procedure } from './procedure.ts';
import { workspacePath } from './workspace.ts';

/** The native processes that run models; each may die without taking anything else along. */
export const runtimeState = z.object({
  /** Of the model that was used last. */
  pid: z.number().nullable(),
  modelPath: z.string().nullable(),
  /** Of all of them. */
  memoryBytes: z.number().nullable(),
  /** How often one ended by itself since core started, and why the last one did. */
  deaths: z.number(),
  lastDeath: z.string().nullable(),
});
export type RuntimeState = z.infer<typeof runtimeState>;

/** Texts longer than the context are read in windows that overlap by half. */
export const scoreText = z.object({
  modelPath: workspacePath,
  contextTokens,
  text: z.string(),
  /** Exactly these instead of the text. */
  tokens: z.array(z.number().int().min(0)).nullable().default(null),
  addBos: z.boolean().default(true),
  topTokens: z.number().int().min(0).max(MAX_TOP_TOKENS).default(0),
});

export const scoreEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('loading'), fraction: z.number() }),
  /** The next tokens of the text in order, of `total`. */
  z.object({ kind: z.literal('tokens'), tokens: z.array(scoredToken), done: z.number(), total: z.number() }),
]);
export type ScoreEvent = z.infer<typeof scoreEvent>;

/** Continuations asked for at once: some minutes of work. */
export const MAX_SCORE_ITEMS = 20_000;

export const scoreContinuations = z.object({
  modelPath: workspacePath,
  contextTokens,
  /**
   * Context and continuation are tokenized together, white space at the end of the context belonging to the
   * continuation; an empty context is the begin token, or the end token where there is none.
   */
  items: z
    .array(z.object({ context: z.string(), continuation: z.string() }))
    .min(1)
    .max(MAX_SCORE_ITEMS),
});

export const scoredContinuation = z.object({
  /** Of the continuation. */
  tokens: z.number(),
  /** Sum of natural logarithms. */
  logProbability: z.number(),
  /** Whether each token was the likeliest one. */
  isGreedy: z.boolean(),
  tokenLogProbabilities: z.array(z.number()),
});

export const scoreManyEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('loading'), fraction: z.number() }),
  /** Results from `from` on, in the order of the items. */
  z.object({
    kind: z.literal('items'),
    from: z.number(),
    items: z.array(scoredContinuation),
    done: z.number(),
    total: z.number(),
  }),
]);
export type ScoreManyEvent = z.infer<typeof scoreManyEvent>;

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
  /** Log-probability of every token of a text given those before it. */
  score: procedure.input(scoreText).output(eventIterator(scoreEvent)),
  /** Log-probabilities of continuations, as multiple-choice tasks need them. */
  scoreMany: procedure.input(scoreContinuations).output(eventIterator(scoreManyEvent)),
  /** What loading would take, without loading. */
  estimate: procedure.input(z.object({ modelPath: workspacePath, contextTokens })).output(memoryEstimate),
  loaded: procedure.output(z.array(loadedModel)),
  /** Frees the memory of one model, or of all with null. */
  unload: procedure
    .input(z.object({ modelPath: workspacePath.nullable().default(null) }))
    .output(z.object({})),
  runtime: procedure.output(runtimeState),
};
