// What the llama child and its client say to each other, checked on both sides.
// Knows nothing of llama.cpp, workspaces or windows.
import { z } from 'zod';

export const message = z.object({
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  text: z.string(),
  toolCalls: z.array(z.object({ id: z.string(), name: z.string(), arguments: z.string() })).optional(),
  toolCallId: z.string().optional(),
  toolName: z.string().optional(),
});
export type Message = z.infer<typeof message>;

export const toolDescription = z.object({
  name: z.string(),
  description: z.string(),
  parameters: z.unknown(),
});
export type ToolDescription = z.infer<typeof toolDescription>;

export const prompt = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('chat'),
    messages: z.array(message),
    template: z.string().nullable(),
    tools: z.array(toolDescription),
    answerStart: z.object({ text: z.string(), tokens: z.array(z.number()).nullable() }).nullable(),
  }),
  z.object({
    kind: z.literal('raw'),
    text: z.string(),
    addBos: z.boolean(),
    tokens: z.array(z.number()).nullable(),
  }),
]);
export type Prompt = z.infer<typeof prompt>;

export const samplingSettings = z.object({
  temperature: z.number(),
  topK: z.number(),
  topP: z.number(),
  minP: z.number(),
  xtcProbability: z.number(),
  xtcThreshold: z.number(),
  repeatPenalty: z.number(),
  frequencyPenalty: z.number(),
  presencePenalty: z.number(),
  penaltyTokens: z.number(),
  dryStrength: z.number(),
  dryBase: z.number(),
  dryAllowedLength: z.number(),
  tokenBias: z.array(z.object({ token: z.union([z.string(), z.number()]), bias: z.number() })),
  /** Null draws another seed every time. */
  seed: z.number().nullable(),
  maxTokens: z.number(),
  stopTexts: z.array(z.string()),
});
export type SamplingSettings = z.infer<typeof samplingSettings>;

export const loadSettings = z.object({
  path: z.string(),
  sizeBytes: z.number(),
  /** The model's own chat template. */
  template: z.string().nullable(),
  /** Null takes the model's own, up to the default. */
  contextTokens: z.number().int().positive().nullable(),
  defaultContextTokens: z.number().int().positive(),
  device: z.enum(['cpu', 'auto']),
  threads: z.number().int().min(1),
  /** Whether a person chose the number: a small model gets one thread otherwise. */
  threadsAsked: z.boolean(),
  /** Texts that may be read beside each other; 1 for a chat. */
  sequences: z.number().int().min(1).default(1),
  /** Keys, values and attention in 32 bits: slower, and equal to what PyTorch computes in 32 bits. */
  isExact: z.boolean().default(false),
});
export type LoadSettings = z.input<typeof loadSettings>;

const ids = z.array(z.number().int().min(0));

export const toChild = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('load'), id: z.number(), settings: loadSettings }),
  z.object({
    kind: z.literal('answer'),
    id: z.number(),
    prompt,
    sampling: samplingSettings,
    /** GBNF. */
    grammar: z.string().nullable(),
    topTokens: z.number().int().min(0),
    /** Null: as it was loaded. */
    threads: z.number().int().min(1).nullable(),
  }),
  /** Log-probability of every token of a text given those before it; the ids come with the answers. */
  z.object({
    kind: z.literal('score'),
    id: z.number(),
    text: z.string(),
    /** Instead of the text. */
    tokens: ids.nullable(),
    addBos: z.boolean(),
    topTokens: z.number().int().min(0),
  }),
  z.object({
    kind: z.literal('score-many'),
    id: z.number(),
    items: z.array(z.object({ context: z.string(), continuation: z.string() })),
  }),
  /** Ids of texts, in which special tokens count as such; nothing is put before them but the begin token on request. */
  z.object({
    kind: z.literal('tokenize'),
    id: z.number(),
    texts: z.array(z.string()),
    addBos: z.boolean().default(false),
  }),
  /** The prompt that a model is asked. */
  z.object({ kind: z.literal('render'), id: z.number(), prompt }),
  /** The whole distribution of what follows each of the last `positions` of the tokens. */
  z.object({
    kind: z.literal('distributions'),
    id: z.number(),
    tokens: ids,
    positions: z.number().int().min(1),
  }),
  /** One vector per text, of length 1. */
  z.object({ kind: z.literal('embed'), id: z.number(), inputs: z.array(z.union([z.string(), ids])) }),
  z.object({ kind: z.literal('stop'), id: z.number() }),
  z.object({ kind: z.literal('exit') }),
]);
export type ToChild = z.input<typeof toChild>;
export type Request = z.output<typeof toChild>;

const promptToken = z.object({ id: z.number(), text: z.string(), special: z.boolean() });
export type PromptToken = z.infer<typeof promptToken>;
const top = z.array(z.object({ id: z.number(), text: z.string(), logProbability: z.number() }));
const token = promptToken.extend({ logProbability: z.number(), entropy: z.number(), top });
export type Token = z.infer<typeof token>;
const scoredToken = promptToken.extend({
  logProbability: z.number().nullable(),
  entropy: z.number().nullable(),
  top,
});
export type ScoredToken = z.infer<typeof scoredToken>;
const scoredItem = z.object({
  tokens: z.number(),
  logProbability: z.number(),
  isGreedy: z.boolean(),
  tokenLogProbabilities: z.array(z.number()),
});
export type ScoredItem = z.infer<typeof scoredItem>;

export const statistics = z.object({
  tokens: z.number(),
  promptTokens: z.number(),
  reusedTokens: z.number(),
  promptMs: z.number(),
  timeToFirstTokenMs: z.number(),
  promptTokensPerSecond: z.number(),
  tokensPerSecond: z.number(),
  memoryBytes: z.number(),
});
export type Statistics = z.infer<typeof statistics>;

export const fromChild = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('progress'), id: z.number(), fraction: z.number() }),
  z.object({ kind: z.literal('loaded'), id: z.number(), contextTokens: z.number(), loadMs: z.number() }),
  z.object({ kind: z.literal('prompt'), id: z.number(), tokens: z.number(), reusedTokens: z.number() }),
  z.object({
    kind: z.literal('text'),
    id: z.number(),
    text: z.string(),
    tokens: z.array(token),
    count: z.number(),
  }),
  z.object({
    kind: z.literal('done'),
    id: z.number(),
    stopReason: z.enum(['end', 'max-tokens', 'context-full', 'stop-text', 'stopped']),
    toolCalls: z.array(z.object({ id: z.string(), name: z.string(), arguments: z.string() })),
    /** The token that ended the answer, where one did and details are kept. */
    endToken: token.nullable(),
    statistics,
  }),
  z.object({
    kind: z.literal('scores'),
    id: z.number(),
    tokens: z.array(scoredToken),
    done: z.number(),
    total: z.number(),
  }),
  z.object({
    kind: z.literal('scored-items'),
    id: z.number(),
    from: z.number(),
    items: z.array(scoredItem),
    done: z.number(),
    total: z.number(),
  }),
  /** A list of answers is complete. */
  z.object({ kind: z.literal('end'), id: z.number() }),
  z.object({ kind: z.literal('tokenized'), id: z.number(), tokens: z.array(z.array(promptToken)) }),
  z.object({ kind: z.literal('rendered'), id: z.number(), text: z.string(), tokens: z.array(promptToken) }),
  /** Natural log-probabilities, position by position over the vocabulary. */
  z.object({
    kind: z.literal('distributed'),
    id: z.number(),
    logProbabilities: z.custom<Float32Array>((value) => value instanceof Float32Array),
  }),
  z.object({
    kind: z.literal('embedded'),
    id: z.number(),
    vectors: z.array(z.custom<Float32Array>((value) => value instanceof Float32Array)),
    tokens: z.number(),
  }),
  z.object({
    kind: z.literal('failed'),
    id: z.number(),
    reason: z.enum([
      'stopped',
      'not-loaded',
      'load',
      'no-template',
      'template',
      'grammar',
      'input',
      'too-long',
      'memory',
      'other',
    ]),
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
/** Tokens evaluated at once, as llama.cpp's own programs do by default. */
export const BATCH_TOKENS = 512;

/** Logits of one evaluation stay below this: 128k values for 512 tokens would be 262 MB, and the runtime holds them twice. */
const OUTPUT_BYTES = 16 * 1024 * 1024;

/** Tokens of one evaluation that can be asked what follows them. */
export function outputsAtOnce(vocabularySize: number): number {
  return Math.max(16, Math.min(BATCH_TOKENS, Math.floor(OUTPUT_BYTES / (4 * Math.max(1, vocabularySize)))));
}
