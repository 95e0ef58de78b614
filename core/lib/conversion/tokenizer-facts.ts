// What a tokenizer.json says about itself, and its whole vocabulary by id. Believes nothing that it has not looked at.
import { z } from 'zod';
import { type TokenKind, tokenKinds, type TokenizerFacts } from '../../api/weights.ts';
import { PIECES_CHOICE } from './piece-metadata.ts';
import { pieceRulesOf } from './piece-rules.ts';
import { knownPreTokenizers, recognisePreTokenizer } from './pre-tokenizers.ts';
import type { TokenizerSettings } from './tokenizer-metadata.ts';

/** More ids than any published vocabulary has: 262,144 is the largest. */
const MAX_IDS = 4_194_304;

const addedToken = z.looseObject({
  id: z.number().int().min(0).max(MAX_IDS),
  content: z.string(),
  special: z.boolean().default(false),
});
const tokenizerFile = z.looseObject({
  added_tokens: z.array(addedToken).nullish(),
  normalizer: z.unknown(),
  pre_tokenizer: z.unknown(),
  model: z.looseObject({
    type: z.string().nullish(),
    vocab: z.union([
      z.record(z.string(), z.number().int().min(0).max(MAX_IDS)),
      z.array(z.tuple([z.string(), z.number()])),
    ]),
    merges: z.array(z.unknown()).nullish(),
    ignore_merges: z.boolean().nullish(),
    byte_fallback: z.boolean().nullish(),
    unk_token: z.string().nullish(),
    unk_id: z.number().nullish(),
  }),
});
type TokenizerFile = z.infer<typeof tokenizerFile>;

/** Null when the file is none of a tokenizer. */
export function describeTokenizer(file: unknown, settings: TokenizerSettings): TokenizerFacts | null {
  const { data } = tokenizerFile.safeParse(file);
  if (!data) return null;
  const { model } = data;
  const tokens = tokensOf(data);
  return {
    kind: model.type ?? (Array.isArray(model.vocab) ? 'Unigram' : 'BPE'),
    vocabularySize: tokens.length,
    merges: model.merges?.length ?? 0,
    preTokenizer: cutOf(data),
    special: (data.added_tokens ?? [])
      .map(({ id, content }) => ({ id, text: content, role: roleOf(content, settings) }))
      .sort((a, b) => a.id - b.id),
  };
}

/** How it cuts, and what a person may choose where the runtime does not do the same. */
function cutOf(data: TokenizerFile): TokenizerFacts['preTokenizer'] {
  const pieces = pieceRulesOf(data);
  if (pieces?.losses.length === 0) {
    return { name: 'SentencePiece', description: 'SentencePiece', choices: [] };
  }
  if (pieces) return { name: null, description: pieces.losses.join('. '), choices: [PIECES_CHOICE] };
  const cut = recognisePreTokenizer(data.pre_tokenizer, data.model.ignore_merges === true);
  if (cut.kind === 'known') return { name: cut.name, description: cut.name, choices: [] };
  return { name: null, description: cut.description, choices: [...knownPreTokenizers] };
}

function roleOf(text: string, { beginToken, endToken }: TokenizerSettings): string | null {
  if (text === beginToken) return text === endToken ? 'begin and end' : 'begin';
  return text === endToken ? 'end' : null;
}

export interface TokenColumns {
  readonly texts: string[];
  /** One digit a token: its place in `tokenKinds`. */
  readonly kinds: string;
  readonly scores: Float64Array | null;
}

/** Every id up to the last; holes are empty texts of kind `unused`. Null when the file is none of a tokenizer. */
export function vocabularyOf(file: unknown): TokenColumns | null {
  const { data } = tokenizerFile.safeParse(file);
  if (!data) return null;
  const tokens = tokensOf(data);
  const { vocab } = data.model;
  const scores = Array.isArray(vocab)
    ? Float64Array.from(tokens, (_, id) => vocab[id]?.[1] ?? Number.NaN)
    : null;
  return {
    texts: tokens.map(({ text }) => text),
    kinds: tokens.map(({ kind }) => tokenKinds.indexOf(kind)).join(''),
    scores,
  };
}

function tokensOf(data: TokenizerFile): readonly { readonly text: string; readonly kind: TokenKind }[] {
  const tokens: { text: string; kind: TokenKind }[] = [];
  const { vocab, byte_fallback: hasBytes, unk_token: unknown, unk_id: unknownId } = data.model;
  const kindOf = (text: string, id: number): TokenKind => {
    if (hasBytes === true && /^<0x[0-9A-F]{2}>$/.test(text)) return 'byte';
    return text === unknown || id === unknownId ? 'unknown' : 'normal';
  };
  const entries = Array.isArray(vocab)
    ? vocab.map(([text], id) => [text, id] as const)
    : Object.entries(vocab);
  for (const [text, id] of entries) tokens[id] = { text, kind: kindOf(text, id) };
  for (const { id, content, special } of data.added_tokens ?? []) {
    tokens[id] = { text: content, kind: special ? 'control' : 'user-defined' };
  }
  return Array.from(tokens, (token) => token ?? { text: '', kind: 'unused' });
}
