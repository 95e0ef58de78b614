// Contract of weights: what is inside a GGUF file, a Hugging Face folder or a step of Nanotron, without loading a runtime.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { procedure } from './procedure.ts';
import { workspacePath } from './workspace.ts';

export const weightsLayout = z.enum(['gguf', 'huggingface', 'nanotron']);

/** A folder of weights in the workspace. */
export const weightsFolder = z.object({
  path: workspacePath,
  /** With the run or the folder above where the own name is only a step. */
  name: z.string(),
  layout: weightsLayout,
  /** Of the weight files that lie directly in it; null for a step of Nanotron, whose files are many. */
  sizeBytes: z.number().nullable(),
});
export type WeightsFolder = z.infer<typeof weightsFolder>;

export const tensorEntry = z.object({
  name: z.string(),
  /** Slowest dimension first. */
  shape: z.array(z.number()),
  /** As stored: `BF16`, `Q4_K`. */
  type: z.string(),
  sizeBytes: z.number(),
});
export type TensorEntry = z.infer<typeof tensorEntry>;

export const tokenizerFacts = z.object({
  /** `gpt2`, `llama`, `t5` for GGUF; `BPE`, `Unigram` … for tokenizer.json. */
  kind: z.string(),
  vocabularySize: z.number(),
  merges: z.number(),
  /** How text is cut before merging: llama.cpp's name for it, or the tokenizer's own words. */
  preTokenizer: z.object({
    name: z.string().nullable(),
    description: z.string(),
    /** What may be chosen where `name` is null; for SentencePiece `description` then says what is lost. */
    choices: z.array(z.string()).default([]),
  }),
  special: z.array(z.object({ id: z.number(), text: z.string(), role: z.string().nullable() })),
});
export type TokenizerFacts = z.infer<typeof tokenizerFacts>;

export const weightsDetail = z.object({
  layout: weightsLayout,
  /** The step that was taken, of a folder of steps; else the path itself. */
  path: z.string(),
  architecture: z.string().nullable(),
  /** False for an architecture that conversion and verification do not know. */
  isConvertible: z.boolean(),
  parameters: z.number(),
  sizeBytes: z.number(),
  tensors: z.array(tensorEntry),
  /** Keys of a GGUF file, or of the config, with nested ones dotted. */
  metadata: z.array(z.object({ key: z.string(), value: z.string() })),
  /** Null with `tokenizerProblem` set when there is none or it cannot be read. */
  tokenizer: tokenizerFacts.nullable(),
  tokenizerProblem: z.string().nullable(),
  template: z.string().nullable(),
  card: z.string().nullable(),
});
export type WeightsDetail = z.infer<typeof weightsDetail>;

const maybe = z.number().nullable();
export const tensorStatistics = z.object({
  name: z.string(),
  norm: z.number(),
  mean: z.number(),
  deviation: z.number(),
  least: maybe,
  largest: maybe,
  zeros: z.number(),
  nan: z.number(),
  infinite: z.number(),
});
export type TensorStatistics = z.infer<typeof tensorStatistics>;

/** Tensors as they are read, in the order of the file; ends with the names of those whose type has no values here. */
export const statisticsEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('tensors'), share: z.number(), tensors: z.array(tensorStatistics) }),
  z.object({ kind: z.literal('done'), unread: z.array(z.string()) }),
]);
export type StatisticsEvent = z.infer<typeof statisticsEvent>;

export const tokenKinds = ['normal', 'unknown', 'control', 'user-defined', 'unused', 'byte'] as const;
export type TokenKind = (typeof tokenKinds)[number];

/** Columns by id. */
export const vocabulary = z.object({
  texts: z.array(z.string()),
  /** One digit a token: its place in `tokenKinds`. */
  kinds: z.string(),
  /** Scores of pieces; null where the tokenizer has none. */
  scores: z.instanceof(Blob).nullable(),
});
export type Vocabulary = z.infer<typeof vocabulary>;

const ofPath = z.object({ path: workspacePath });

export const weightsContract = {
  /** Every folder of weights in the workspace; GGUF files are listed by `models.list`. */
  list: procedure.output(z.array(weightsFolder)),
  /** CORRUPT_FILE, NOT_FOUND for a step that is not whole. Nothing of the data is read. */
  inspect: procedure.input(ofPath).output(weightsDetail),
  /** Reads all of the data once. */
  statistics: procedure.input(ofPath).output(eventIterator(statisticsEvent)),
  vocabulary: procedure.input(ofPath).output(vocabulary),
  /** Of a folder with a tokenizer.json; null when that is none of a tokenizer. NOT_FOUND without one. */
  tokenizer: procedure.input(ofPath).output(tokenizerFacts.nullable()),
};
