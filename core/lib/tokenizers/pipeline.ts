// A tokenizer's stages, made from its definition: added tokens, normalizers, pre-tokenizers, model. The library does the
// work of each stage; ids of a piece that was seen before come from a cache, which is most of what makes counting quick.
import {
  BertNormalizer,
  ByteFallbackDecoder,
  ByteLevelPreTokenizer,
  type Decoder,
  LowercaseNormalizer,
  MetaspacePreTokenizer,
  type Normalizer,
  PrecompiledNormalizer,
  PrependNormalizer,
  type PreTokenizer,
  SequenceDecoder,
  SequenceNormalizer,
  SequencePreTokenizer,
  SplitPreTokenizer,
  Tokenizer as Library,
} from '@huggingface/tokenizers';
import { type AddedTokens, makeAddedTokens } from './added-tokens.ts';
import { makeCompiledTable } from './compiled-table.ts';
import { type Definition, forLibrary, modelKind } from './definition.ts';
import { type SplitRule, splitTexts } from './split.ts';

/** Of Zipf's many words the commonest; 100k pieces with their ids are about 20 MB. */
const CACHED_PIECES = 100_000;
/** Longer pieces hardly come twice. */
const CACHED_PIECE_LENGTH = 64;

export type Stage =
  | ({ readonly kind: 'split' } & SplitRule)
  | { readonly kind: 'library'; readonly library: PreTokenizer };

export interface Pipeline {
  readonly library: Library;
  /** Found in the text as it is, and in the normalized text. */
  readonly rawTokens: AddedTokens;
  readonly normalizedTokens: AddedTokens;
  readonly normalizers: readonly Normalizer[];
  readonly stages: readonly Stage[];
  /** The last stage spells the bytes of a piece as characters; it is not among `stages`. */
  readonly bytes: ByteLevelPreTokenizer | null;
  /** What the post-processor puts before and after. */
  readonly prefix: readonly number[];
  readonly suffix: readonly number[];
  /** Tokens of a piece, unknown ones as the unknown token or as their own text (Unigram). */
  tokensOf(piece: string): readonly string[];
  /** -1 for a token outside of the vocabulary where there is no unknown token. */
  idOf(token: string): number;
  /** Ids of one section of text between added tokens. */
  sectionIds(text: string, isFirst: boolean, ids: number[]): void;
}

/** Throws whatever the library throws for a definition it cannot read. */
export function makePipeline(definition: Definition, config: object): Pipeline {
  const library = new Library(forLibrary(definition), config);
  keepByteOrderMarks(library.decoder);
  const { model } = library;
  if (model === null) throw new Error('The tokenizer has no model');
  const normalizers =
    library.normalizer instanceof SequenceNormalizer ? library.normalizer.normalizers.filter(isThere) : [];
  const preTokenizers =
    library.pre_tokenizer instanceof SequencePreTokenizer
      ? library.pre_tokenizer.tokenizers.filter(isThere)
      : [];
  const last = preTokenizers.at(-1);
  const bytes = last instanceof ByteLevelPreTokenizer ? last : null;
  const stages = (bytes === null ? preTokenizers : preTokenizers.slice(0, -1)).map(stageOf);
  const tokens = definition.added_tokens ?? [];
  const isNormalized = (token: (typeof tokens)[number]): boolean =>
    normalizers.length > 0 && (token.normalized ?? token.special !== true);
  const normalize = (text: string): string =>
    normalizers.reduce((each, normalizer) => normalizeWith(normalizer, each), text);
  const rawTokens = makeAddedTokens(
    tokens.filter((token) => !isNormalized(token)),
    (content) => content,
  );
  const normalizedTokens = makeAddedTokens(tokens.filter(isNormalized), normalize);
  const idOf = (token: string): number => library.token_to_id(token) ?? model.unk_token_id ?? -1;
  const spelled = (piece: string): readonly string[] =>
    model._call(bytes === null ? [piece] : bytes.pre_tokenize_text(piece));
  // The library takes bytes for unknown characters in BPE only.
  const takesBytes = modelKind(definition) === 'Unigram' && definition.model['byte_fallback'] === true;
  const split = !takesBytes
    ? spelled
    : (piece: string): readonly string[] =>
        spelled(piece).flatMap((token) =>
          library.token_to_id(token) === undefined ? byteTokens(token) : token,
        );
  const tokensOf = cached(split);
  const idsOf = cached((piece) =>
    split(piece)
      .map(idOf)
      .filter((id) => id >= 0),
  );

  const sectionIds = (text: string, isFirst: boolean, ids: number[]): void => {
    const normalized = normalize(text);
    for (const { start, end, id } of normalizedTokens.find(normalized)) {
      if (id !== null) ids.push(id);
      else {
        for (const piece of piecesOf(normalized.slice(start, end), stages, isFirst && start === 0)) {
          for (const pieceId of idsOf(piece)) ids.push(pieceId);
        }
      }
    }
  };
  return {
    library,
    rawTokens,
    normalizedTokens,
    normalizers,
    stages,
    bytes,
    ...aroundOf(library, idOf),
    tokensOf,
    idOf,
    sectionIds,
  };
}

/** The library's way from bytes to text drops a mark at the start of each run of bytes. */
function keepByteOrderMarks(decoder: Decoder | null): void {
  if (decoder instanceof SequenceDecoder) for (const each of decoder.decoders) keepByteOrderMarks(each);
  if (decoder instanceof ByteFallbackDecoder) {
    decoder.text_decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  }
}

const tables = new WeakMap<PrecompiledNormalizer, ((text: string) => string) | null>();

function tableOf(normalizer: PrecompiledNormalizer): ((text: string) => string) | null {
  const known = tables.get(normalizer);
  if (known !== undefined) return known;
  const { charsmap } = normalizer;
  const table = typeof charsmap === 'string' ? makeCompiledTable(charsmap) : null;
  tables.set(normalizer, table);
  return table;
}

/** Rust lowers each character alone, so a last sigma stays a sigma, and puts nothing before nothing. */
export function normalizeWith(normalizer: Normalizer, text: string): string {
  if (normalizer instanceof PrependNormalizer && text === '') return '';
  if (normalizer instanceof PrecompiledNormalizer) {
    const table = tableOf(normalizer);
    if (table !== null) return table(text);
  }
  const lowers =
    normalizer instanceof LowercaseNormalizer ||
    (normalizer instanceof BertNormalizer && 'lowercase' in normalizer.config && normalizer.config.lowercase);
  return normalizer.normalize(lowers ? text.replaceAll('Σ', 'σ') : text);
}

function byteTokens(text: string): readonly string[] {
  return Array.from(
    new TextEncoder().encode(text),
    (byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
  );
}

function isThere<T>(value: T | null): value is T {
  return value !== null;
}

function stageOf(library: PreTokenizer): Stage {
  if (!(library instanceof SplitPreTokenizer) || library.pattern === null)
    return { kind: 'library', library };
  const { pattern } = library;
  const { behavior, invert } = library.config;
  return { kind: 'split', pattern, behavior, invert: invert === true };
}

/** `isFirst`: the text begins the document, which Metaspace may mark. */
function piecesOf(text: string, stages: readonly Stage[], isFirst: boolean): readonly string[] {
  let pieces: readonly string[] = [text];
  for (const [index, stage] of stages.entries()) {
    if (stage.kind === 'split') {
      const first = pieces[0];
      pieces =
        pieces.length === 1 && first !== undefined
          ? splitTexts(first, stage)
          : pieces.flatMap((piece) => splitTexts(piece, stage));
    } else {
      const section = isFirst && index === 0 ? 0 : 1;
      pieces = pieces.flatMap((piece, at) =>
        stage.library.pre_tokenize_text(piece, { section_index: isFirstPiece(section, at, stage, isFirst) }),
      );
    }
  }
  return pieces;
}

function isFirstPiece(section: number, at: number, stage: Stage, isFirst: boolean): number {
  const marksFirst = stage.kind === 'library' && stage.library instanceof MetaspacePreTokenizer;
  return marksFirst && isFirst && at === 0 ? 0 : section;
}

/** What stands around the tokens of a text, found by handing the post-processor a token that nobody has. */
function aroundOf(
  library: Library,
  idOf: (token: string) => number,
): { readonly prefix: readonly number[]; readonly suffix: readonly number[] } {
  const marker = '\0nothing\0';
  const processed: unknown = library.post_processor?._call([marker], null, true);
  const tokens =
    typeof processed === 'object' && processed !== null && 'tokens' in processed
      ? (processed.tokens as readonly string[])
      : [marker];
  const at = tokens.indexOf(marker);
  return { prefix: tokens.slice(0, at).map(idOf), suffix: tokens.slice(at + 1).map(idOf) };
}

/** Two generations: when the young one is full, the old one is forgotten, and what is still used is taken over. */
function cached<T>(make: (piece: string) => readonly T[]): (piece: string) => readonly T[] {
  let young = new Map<string, readonly T[]>();
  let old = new Map<string, readonly T[]>();
  return (piece) => {
    const known = young.get(piece);
    if (known !== undefined) return known;
    const value = old.get(piece) ?? make(piece);
    if (piece.length > CACHED_PIECE_LENGTH) return value;
    if (young.size >= CACHED_PIECES / 2) {
      old = young;
      young = new Map();
    }
    young.set(piece, value);
    return value;
  };
}
