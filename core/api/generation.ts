// Contract of generation: what a model is asked, how its tokens are chosen, and what comes back, token by token.
// Knows no conversations and no files but the model's path.
import { z } from 'zod';
import { workspacePath } from './workspace.ts';

/** Alternatives kept per token at most: what fits beside a token, and what OpenAI's interface allows. */
export const MAX_TOP_TOKENS = 20;
/** A grammar or schema beyond this is a mistake; parsing one costs time before the first token. */
export const MAX_FORMAT_CHARACTERS = 256 * 1024;
/** Texts that end an answer; each is searched for after every token. */
const MAX_STOP_TEXTS = 16;

export const tokenBias = z.object({
  /** A text stands for every token it is made of; an id for itself. */
  token: z.union([z.string().min(1), z.number().int().min(0)]),
  /** Added to the logit; -100 or less forbids the token. */
  bias: z.number().min(-1000).max(1000),
});
export type TokenBias = z.infer<typeof tokenBias>;

/** How the next token is chosen. Every field has a default, so files written before it existed stay readable. */
export const sampling = z.object({
  /** 0 takes the most likely token. */
  temperature: z.number().min(0).max(5).default(0.7),
  /** 0 is off. */
  topK: z.number().int().min(0).default(40),
  /** 1 is off. */
  topP: z.number().min(0).max(1).default(0.95),
  /** 0 is off. */
  minP: z.number().min(0).max(1).default(0),
  /** Chance that the likeliest tokens above the threshold are left out; 0 is off. */
  xtcProbability: z.number().min(0).max(1).default(0),
  xtcThreshold: z.number().min(0).max(1).default(0.1),
  /** 1 is off. */
  repeatPenalty: z.number().min(0.5).max(2).default(1),
  /** 0 is off. */
  frequencyPenalty: z.number().min(-2).max(2).default(0),
  /** 0 is off. */
  presencePenalty: z.number().min(-2).max(2).default(0),
  /** Tokens of the answer looked back on by the penalties. */
  penaltyTokens: z.number().int().min(0).max(131_072).default(64),
  /** 0 is off. */
  dryStrength: z.number().min(0).max(10).default(0),
  dryBase: z.number().min(1).max(10).default(1.75),
  /** Repeated sequences up to this many tokens cost nothing. */
  dryAllowedLength: z.number().int().min(1).max(1000).default(2),
  tokenBias: z.array(tokenBias).max(1000).default([]),
  /** Null draws another one every time. */
  seed: z.number().int().min(0).max(4_294_967_294).nullable().default(null),
  maxTokens: z.number().int().min(1).max(131_072).default(256),
  /** The answer ends before the first of these. */
  stopTexts: z.array(z.string().min(1).max(1000)).max(MAX_STOP_TEXTS).default([]),
});
export type Sampling = z.infer<typeof sampling>;

export const toolCall = z.object({
  id: z.string(),
  name: z.string(),
  /** JSON text as the model wrote it: it may be no valid JSON. */
  arguments: z.string(),
});
export type ToolCall = z.infer<typeof toolCall>;

export const tool = z.object({
  name: z.string().min(1).max(200),
  description: z.string(),
  /** JSON schema of the arguments. */
  parameters: z.unknown(),
});
export type Tool = z.infer<typeof tool>;

export const chatMessage = z.object({
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  text: z.string(),
  /** Of the assistant: what it called in this turn. */
  toolCalls: z.array(toolCall).optional(),
  /** Of a tool: which call it answers, and its name. */
  toolCallId: z.string().optional(),
  toolName: z.string().optional(),
});
export type ChatMessage = z.infer<typeof chatMessage>;

const tokenIds = z.array(z.number().int().min(0));

export const chatPrompt = z.object({
  kind: z.literal('chat'),
  messages: z.array(chatMessage).min(1),
  /** Jinja; null takes the model's own template. */
  template: z.string().nullable().default(null),
  tools: z.array(tool).max(128).default([]),
  /** The answer begins exactly so; the events do not repeat it. Tokens win over text. */
  answerStart: z
    .object({ text: z.string(), tokens: tokenIds.nullable().default(null) })
    .nullable()
    .default(null),
});

export const rawPrompt = z.object({
  kind: z.literal('raw'),
  /** Special tokens in it count as such. */
  text: z.string(),
  /** Whether the begin token stands first; it is never put there twice. */
  addBos: z.boolean().default(true),
  /** Follow the text exactly as they are. */
  tokens: tokenIds.nullable().default(null),
});

export const prompt = z.discriminatedUnion('kind', [chatPrompt, rawPrompt]);
export type Prompt = z.infer<typeof prompt>;

export const answerFormat = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('json-schema'), schema: z.unknown() }),
  z.object({ kind: z.literal('grammar'), gbnf: z.string().max(MAX_FORMAT_CHARACTERS) }),
]);
export type AnswerFormat = z.infer<typeof answerFormat>;

/** What a smaller device would have; null is no limit. */
export const deviceProfile = z.object({
  threads: z.number().int().min(1).max(256).nullable().default(null),
  /** A model that is estimated to need more is refused. */
  memoryBytes: z.number().int().min(1).nullable().default(null),
});
export type DeviceProfile = z.infer<typeof deviceProfile>;

export const contextTokens = z.number().int().min(16).max(1_048_576).nullable().default(null);

export const generation = z.object({
  modelPath: workspacePath,
  /** Null takes the model's own up to 4,096, or what the model is loaded with already. Another value loads it again. */
  contextTokens,
  prompt,
  sampling,
  format: answerFormat.nullable().default(null),
  /** Likeliest tokens kept beside each token; 0 keeps no detail of tokens at all. */
  topTokens: z.number().int().min(0).max(MAX_TOP_TOKENS).default(0),
  device: deviceProfile.nullable().default(null),
});

export const promptToken = z.object({
  id: z.number(),
  /** Special tokens as text. A token that is only part of a character has the replacement character. */
  text: z.string(),
  special: z.boolean(),
});
export type PromptToken = z.infer<typeof promptToken>;

/** Natural logarithms of the model's own probabilities: temperature 1, whole vocabulary, before any sampler. */
export const topToken = z.object({ id: z.number(), text: z.string(), logProbability: z.number() });

export const token = promptToken.extend({
  logProbability: z.number(),
  /** Of the distribution the token was drawn from, in nats. */
  entropy: z.number(),
  /** Likeliest first. */
  top: z.array(topToken),
});
export type Token = z.infer<typeof token>;

/** A token of a given text. The first one has nothing before it and so no probability. */
export const scoredToken = promptToken.extend({
  logProbability: z.number().nullable(),
  entropy: z.number().nullable(),
  top: z.array(topToken),
});
export type ScoredToken = z.infer<typeof scoredToken>;

/** Later fields have defaults, so conversations written before them stay readable. */
export const answerStatistics = z.object({
  tokens: z.number(),
  promptTokens: z.number(),
  /** Of the prompt, those still known from the request before. */
  reusedTokens: z.number().default(0),
  /** Null where the model was loaded already. */
  loadMs: z.number().nullable().default(null),
  /** Reading the tokens of the prompt that were not known. */
  promptMs: z.number().default(0),
  timeToFirstTokenMs: z.number(),
  /** Over the tokens that were not known. */
  promptTokensPerSecond: z.number().default(0),
  tokensPerSecond: z.number(),
  /** Of the process that runs the model, when the answer ended. */
  memoryBytes: z.number().nullable().default(null),
});
export type AnswerStatistics = z.infer<typeof answerStatistics>;

export const stopReason = z.enum(['end', 'max-tokens', 'context-full', 'stop-text', 'stopped']);
export type StopReason = z.infer<typeof stopReason>;

export const generationEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('loading'), fraction: z.number() }),
  z.object({ kind: z.literal('prompt'), tokens: z.number(), reusedTokens: z.number() }),
  z.object({
    kind: z.literal('text'),
    /** Since the last event; at most thirty events a second. */
    text: z.string(),
    /** The new ones, in order; a token may come before its text when a character is spread over several. */
    tokens: z.array(token),
    /** Generated so far. */
    count: z.number(),
  }),
  z.object({
    kind: z.literal('done'),
    stopReason,
    /** Found in the whole text of the answer; the text itself keeps them. */
    toolCalls: z.array(toolCall),
    /** The token that ended the answer, with its probability, where one did and details are kept; not counted. */
    endToken: token.nullable(),
    statistics: answerStatistics,
  }),
]);
export type GenerationEvent = z.infer<typeof generationEvent>;
