// What the ONNX child and its client say to each other, checked on both sides. Typed arrays cross by structured clone.
// Knows nothing about embedders: token ids, vectors and regression heads.
import { z } from 'zod';

const floats = z.custom<Float32Array>((value) => value instanceof Float32Array);
const ids = z.custom<Uint32Array>((value) => value instanceof Uint32Array);

/** Row-major, as a head file holds it. */
export const headWeights = z.object({
  inputs: z.number(),
  hidden: z.number(),
  layer1Weight: floats,
  layer1Bias: floats,
  layer2Weight: floats,
  layer2Bias: floats,
});
export type HeadWeights = z.infer<typeof headWeights>;

export const toChild = z.discriminatedUnion('kind', [
  /** Loads the one model of this process. Answers `opened`. */
  z.object({
    kind: z.literal('open'),
    id: z.number(),
    modelPath: z.string(),
    tokenizerPath: z.string(),
    tokenizerConfigPath: z.string(),
    maxLength: z.number().int().min(1),
    /** 0: as many as there are physical cores. */
    threads: z.number().int().min(0),
    quantised: z.boolean(),
  }),
  /** Answers `tokens`. */
  z.object({ kind: z.literal('tokenize'), id: z.number(), texts: z.array(z.string()) }),
  /** One batch; document n has `lengths[n]` of the ids, one after the other. Answers `numbers`: a vector a document, of length 1. */
  z.object({
    kind: z.literal('embed'),
    id: z.number(),
    ids,
    lengths: ids,
    output: z.string(),
    pooling: z.enum(['first', 'whole']),
  }),
  /** Heads for the `score`s that follow; no model is needed. Answers `ok`. */
  z.object({ kind: z.literal('heads'), id: z.number(), heads: z.array(headWeights) }),
  /** Answers `numbers`: for each head one score a document. */
  z.object({ kind: z.literal('score'), id: z.number(), vectors: floats }),
]);
export type ToChild = z.infer<typeof toChild>;

export const fromChild = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('opened'),
    id: z.number(),
    inputs: z.array(z.string()),
    outputs: z.array(z.string()),
    runtimeVersion: z.string(),
    vocabularySize: z.number(),
  }),
  z.object({ kind: z.literal('tokens'), id: z.number(), ids, lengths: ids }),
  z.object({ kind: z.literal('numbers'), id: z.number(), numbers: floats }),
  z.object({ kind: z.literal('ok'), id: z.number() }),
  z.object({
    kind: z.literal('failed'),
    id: z.number(),
    reason: z.enum(['tokenizer', 'model', 'run']),
    message: z.string(),
  }),
]);
export type FromChild = z.infer<typeof fromChild>;
