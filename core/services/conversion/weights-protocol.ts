// What core asks of the weights child and what it answers. One request a process: it ends when the work does.
import { z } from 'zod';
import { cardFields, converted, weightDifference } from '../../api/conversion.ts';
import { published } from '../../api/publishing.ts';
import { tensorStatistics, tokenizerFacts, weightsDetail } from '../../api/weights.ts';
import { weightTypes } from '../../lib/conversion/gguf-metadata.ts';
import { childFailure } from '../native/child-failure.ts';

/** Paths are absolute. A `gguf` is one file, a `huggingface` a folder. */
export const conversionRequest = z.object({
  source: z.string(),
  output: z.string(),
  format: z.enum(['gguf', 'huggingface']),
  type: z.enum(weightTypes),
  /** Folder of a tokenizer.json; null for the one beside the weights. */
  tokenizer: z.string().nullable(),
  preTokenizer: z.string().nullable(),
  name: z.string().nullable(),
  replace: z.boolean(),
  /** What only a person knows of the card of a Hugging Face folder. */
  card: cardFields.nullable().default(null),
  /** A shard of a Hugging Face folder is no larger; null for what the hub advises. */
  shardBytes: z.number().int().min(1).nullable().default(null),
});
export type ConversionRequest = z.infer<typeof conversionRequest>;
/** As it is asked for: what has a default may be left out. */
export type ConversionOrder = z.input<typeof conversionRequest>;

const probeMessage = z.object({ role: z.enum(['system', 'user', 'assistant']), text: z.string() });

/** What the source says of texts, conversations and, at the last `positions` tokens of each prompt, of what follows. */
export const referenceRequest = z.object({
  source: z.string(),
  tokenizer: z.string().nullable(),
  texts: z.array(z.string()),
  conversations: z.array(z.array(probeMessage)),
  prompts: z.array(z.string()),
  positions: z.number().int().min(1),
});
export type ReferenceRequest = z.infer<typeof referenceRequest>;

export const referenceAnswer = z.object({
  /** Of each text, without what the tokenizer puts before it. */
  textIds: z.array(z.array(z.number())),
  /** Of each prompt, with what it puts before; long ones are cut. */
  promptIds: z.array(z.array(z.number())),
  template: z.string().nullable(),
  /** One a conversation; null where the template refuses it. */
  rendered: z.array(z.string().nullable()),
  vocabularySize: z.number(),
  /** Prompt by prompt, position by position, the natural log-probability of every token of the vocabulary. */
  logProbabilities: z.custom<Float32Array>((value) => value instanceof Float32Array),
});
export type ReferenceAnswer = z.infer<typeof referenceAnswer>;

/** `folder` is absolute; the token goes to `endpoint` alone. */
export const publishRequest = z.object({
  folder: z.string(),
  repository: z.string(),
  visibility: z.enum(['private', 'public']),
  token: z.string(),
  message: z.string().nullable(),
  endpoint: z.string(),
});

export const cardRequest = z.object({ source: z.string(), name: z.string().nullable(), card: cardFields });

/** One GGUF file of floats as another type, where its weights are not at hand. */
export const requantizeRequest = z.object({
  input: z.string(),
  output: z.string(),
  type: z.enum(weightTypes),
});
export type RequantizeRequest = z.infer<typeof requantizeRequest>;

export const toWeightsChild = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('convert'), request: conversionRequest }),
  z.object({ kind: z.literal('requantize'), request: requantizeRequest }),
  z.object({ kind: z.literal('diff'), request: z.object({ a: z.string(), b: z.string() }) }),
  z.object({ kind: z.literal('reference'), request: referenceRequest }),
  z.object({ kind: z.literal('inspect'), path: z.string() }),
  z.object({ kind: z.literal('statistics'), path: z.string() }),
  z.object({ kind: z.literal('vocabulary'), path: z.string() }),
  z.object({ kind: z.literal('tokenizer'), path: z.string() }),
  z.object({ kind: z.literal('publish'), request: publishRequest }),
  z.object({ kind: z.literal('card'), request: cardRequest }),
]);
export type ToWeightsChild = z.infer<typeof toWeightsChild>;
/** What has a default may be left out. */
export type AskedOfWeights = z.input<typeof toWeightsChild>;

const vocabularyColumns = z.object({
  texts: z.array(z.string()),
  kinds: z.string(),
  scores: z.custom<Float64Array>((value) => value instanceof Float64Array).nullable(),
});

export const weightsAnswer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('convert'), result: converted }),
  z.object({ kind: z.literal('requantize'), result: z.object({ sizeBytes: z.number() }) }),
  z.object({ kind: z.literal('diff'), result: weightDifference }),
  z.object({ kind: z.literal('reference'), result: referenceAnswer }),
  z.object({ kind: z.literal('inspect'), result: weightsDetail }),
  z.object({ kind: z.literal('statistics'), result: z.object({ unread: z.array(z.string()) }) }),
  z.object({ kind: z.literal('vocabulary'), result: vocabularyColumns }),
  z.object({ kind: z.literal('tokenizer'), result: tokenizerFacts.nullable() }),
  z.object({ kind: z.literal('publish'), result: published }),
  z.object({ kind: z.literal('card'), result: z.string() }),
]);
export type WeightsAnswer = z.infer<typeof weightsAnswer>;

export const fromWeightsChild = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), share: z.number() }),
  /** Tensors that were read since the message before. */
  z.object({ kind: z.literal('tensors'), share: z.number(), tensors: z.array(tensorStatistics) }),
  z.object({ kind: z.literal('done'), answer: weightsAnswer }),
  z.object(childFailure),
]);
export type FromWeightsChild = z.infer<typeof fromWeightsChild>;
