// What the token children and their pool say to each other. Values cross by structured clone, so typed arrays survive.
import { z } from 'zod';
import { childFailure } from '../native/child-failure.ts';

const uint32 = z.instanceof(Uint32Array);

/** `path` is an absolute tokenizer.json, or the folder of one. `special` adds what the post-processor adds. */
export const tokenRequest = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('describe'), path: z.string() }),
  z.object({ kind: z.literal('count'), path: z.string(), texts: z.array(z.string()), special: z.boolean() }),
  /** The beginning of the text with at most `limit` tokens, without special ones. */
  z.object({ kind: z.literal('cut'), path: z.string(), text: z.string(), limit: z.number() }),
  z.object({ kind: z.literal('encode'), path: z.string(), text: z.string(), special: z.boolean() }),
  /** The text of each list of ids. */
  z.object({ kind: z.literal('decode'), path: z.string(), lists: z.array(uint32) }),
  /** The text of ids with the place of each. */
  z.object({ kind: z.literal('place'), path: z.string(), ids: uint32 }),
  z.object({ kind: z.literal('tokens'), path: z.string(), ids: uint32 }),
]);
export type TokenRequest = z.infer<typeof tokenRequest>;

export const tokenizerFacts = z.object({
  /** The tokenizer.json itself, absolute. */
  path: z.string(),
  name: z.string(),
  sha256: z.string(),
  kind: z.enum(['BPE', 'Unigram', 'WordPiece', 'WordLevel', 'other']),
  vocabularySize: z.number(),
  specialTokens: z.array(z.object({ id: z.number(), token: z.string() })),
});
export type TokenizerFacts = z.infer<typeof tokenizerFacts>;

/** As encodeWithPlaces of core/lib/tokenizers has it. */
const placed = {
  ids: uint32,
  starts: uint32,
  ends: uint32,
  kinds: z.instanceof(Uint8Array),
  exact: z.boolean(),
};

export const tokenAnswer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('describe'), facts: tokenizerFacts }),
  z.object({ kind: z.literal('count'), counts: uint32 }),
  z.object({ kind: z.literal('cut'), text: z.string(), tokens: z.number() }),
  z.object({ kind: z.literal('encode'), ...placed }),
  z.object({ kind: z.literal('place'), text: z.string(), ...placed }),
  z.object({ kind: z.literal('decode'), texts: z.array(z.string()) }),
  /** Null for an id outside of the vocabulary. */
  z.object({ kind: z.literal('tokens'), tokens: z.array(z.string().nullable()) }),
]);
export type TokenAnswer = z.infer<typeof tokenAnswer>;

export const toTokenChild = z.object({ id: z.number(), request: tokenRequest });

export const fromTokenChild = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done'), id: z.number(), answer: tokenAnswer }),
  z.object({ id: z.number(), ...childFailure }),
]);
export type FromTokenChild = z.infer<typeof fromTokenChild>;
