// What the llama child and its client say to each other, checked on both sides.
// Knows nothing of node-llama-cpp, workspaces or windows.
import { z } from 'zod';

export const message = z.object({ role: z.enum(['system', 'user', 'assistant']), text: z.string() });

export const samplingSettings = z.object({
  /** 0 takes the most likely token. */
  temperature: z.number(),
  topK: z.number(),
  topP: z.number(),
  minP: z.number(),
  /** 1 is no penalty. */
  repeatPenalty: z.number(),
  /** Null draws another seed every time. */
  seed: z.number().nullable(),
  maxTokens: z.number(),
});
export type SamplingSettings = z.infer<typeof samplingSettings>;

export const loadSettings = z.object({
  path: z.string(),
  /** Tokens; null takes the model's own, up to DEFAULT_CONTEXT_TOKENS. */
  contextTokens: z.number().int().positive().nullable(),
  device: z.enum(['cpu', 'auto']),
  /** 0 lets llama.cpp choose. */
  threads: z.number().int().min(0),
});
export type LoadSettings = z.infer<typeof loadSettings>;

export const toChild = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('load'), id: z.number(), settings: loadSettings }),
  z.object({
    kind: z.literal('answer'),
    id: z.number(),
    mode: z.enum(['chat', 'raw']),
    messages: z.array(message),
    sampling: samplingSettings,
  }),
  /** Log-probability of every token of a text given those before it. */
  z.object({ kind: z.literal('score'), id: z.number(), text: z.string() }),
  /** Ids of texts, in which special tokens count as such; nothing is put before them. */
  z.object({ kind: z.literal('tokenize'), id: z.number(), texts: z.array(z.string()) }),
  /** The prompt that a conversation becomes, with an answer begun. */
  z.object({ kind: z.literal('render'), id: z.number(), messages: z.array(message) }),
  /** The whole distribution of what follows each of the last `positions` of the tokens. */
  z.object({
    kind: z.literal('distributions'),
    id: z.number(),
    tokens: z.array(z.number()),
    positions: z.number().int().min(1),
  }),
  z.object({ kind: z.literal('stop'), id: z.number() }),
  z.object({ kind: z.literal('exit') }),
]);
export type ToChild = z.infer<typeof toChild>;

export const statistics = z.object({
  tokens: z.number(),
  promptTokens: z.number(),
  timeToFirstTokenMs: z.number(),
  tokensPerSecond: z.number(),
});
export type Statistics = z.infer<typeof statistics>;

export const fromChild = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('progress'), id: z.number(), fraction: z.number() }),
  z.object({ kind: z.literal('loaded'), id: z.number(), contextTokens: z.number() }),
  z.object({ kind: z.literal('text'), id: z.number(), text: z.string(), tokens: z.number() }),
  z.object({
    kind: z.literal('done'),
    id: z.number(),
    stopReason: z.enum(['end', 'max-tokens', 'stopped']),
    statistics,
  }),
  z.object({
    kind: z.literal('scored'),
    id: z.number(),
    tokens: z.array(z.number()),
    logProbabilities: z.array(z.number()),
  }),
  z.object({ kind: z.literal('tokenized'), id: z.number(), ids: z.array(z.array(z.number())) }),
  z.object({ kind: z.literal('rendered'), id: z.number(), text: z.string() }),
  /** Natural log-probabilities, position by position over the vocabulary. */
  z.object({
    kind: z.literal('distributed'),
    id: z.number(),
    logProbabilities: z.custom<Float32Array>((value) => value instanceof Float32Array),
  }),
  z.object({
    kind: z.literal('failed'),
    id: z.number(),
    reason: z.enum(['stopped', 'not-loaded', 'load', 'no-template', 'too-long', 'memory', 'other']),
    detail: z.string(),
  }),
  z.object({ kind: z.literal('memory'), residentBytes: z.number() }),
]);
export type FromChild = z.infer<typeof fromChild>;
export type FailureReason = Extract<FromChild, { kind: 'failed' }>['reason'];

/** Longest context opened without being asked: a 128k context of a large model would fill a laptop's memory. */
export const DEFAULT_CONTEXT_TOKENS = 4096;
/** Text reaches the window at most thirty times a second. */
export const TEXT_INTERVAL_MS = 34;
