// The tokens of a text with the part of the text each stands for, which the library does not say: every stage of the
// pipeline is followed character by character. Ids are those of `encode`. Characters that several tokens share (the bytes
// of an emoji) belong to each of them; a space in front belongs to its token.
import {
  type ByteLevelPreTokenizer,
  MetaspacePreTokenizer,
  ReplacePreTokenizer,
} from '@huggingface/tokenizers';
import type { TokenColumns, TokenKind } from '../../rpc/token-columns.ts';
import { AlignedBuilder, type AlignedText, alignedToItself, sliceAligned } from './aligned-text.ts';
import { alignNormalizer, replaceAll } from './align-normalizer.ts';
import type { Pipeline, Stage } from './pipeline.ts';
import { splitRanges } from './split.ts';
import type { TextTokenizer } from './text-tokenizer.ts';
import { type ModelSpelling, tokenRanges } from './token-ranges.ts';

export interface PlacedTokens extends TokenColumns {
  /** False where a normalizer changed the text in a way that could not be followed. */
  readonly exact: boolean;
}

class Growing {
  readonly ids: number[] = [];
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  readonly kinds: TokenKind[] = [];
  exact = true;

  add(id: number, [start, end]: readonly [number, number], kind: TokenKind): void {
    this.ids.push(id);
    this.starts.push(start);
    this.ends.push(end);
    this.kinds.push(kind);
  }
}

/** `special` adds what the post-processor adds, with places of no length. */
export function encodeWithPlaces(
  tokenizer: TextTokenizer,
  text: string,
  options: { readonly special?: boolean } = {},
): PlacedTokens {
  const { pipeline, specialTokens } = tokenizer;
  const found = new Growing();
  const special = new Set(specialTokens.map(({ id }) => id));
  const spelling = spellingOf(tokenizer);
  if (options.special === true) for (const id of pipeline.prefix) found.add(id, [0, 0], 2);
  for (const { start, end, id } of pipeline.rawTokens.find(text)) {
    if (id !== null) {
      found.add(id, [start, end], special.has(id) ? 1 : 0);
      continue;
    }
    let normalized = alignedToItself(text.slice(start, end), start);
    for (const normalizer of pipeline.normalizers) {
      const step = alignNormalizer(normalizer, normalized);
      normalized = step.aligned;
      found.exact &&= step.exact;
    }
    for (const part of pipeline.normalizedTokens.find(normalized.text)) {
      const source = sliceAligned(normalized, part.start, part.end);
      if (part.id !== null) {
        found.add(
          part.id,
          [source.starts[0] ?? start, source.ends.at(-1) ?? start],
          special.has(part.id) ? 1 : 0,
        );
        continue;
      }
      for (const piece of piecesOf(source, pipeline.stages, start === 0 && part.start === 0)) {
        placePiece(pipeline, piece, spelling, found);
      }
    }
  }
  if (options.special === true)
    for (const id of pipeline.suffix) found.add(id, [text.length, text.length], 2);
  return {
    ids: Uint32Array.from(found.ids),
    starts: Uint32Array.from(found.starts),
    ends: Uint32Array.from(found.ends),
    kinds: Uint8Array.from(found.kinds),
    exact: found.exact,
  };
}

function placePiece(pipeline: Pipeline, piece: AlignedText, spelling: ModelSpelling, found: Growing): void {
  const tokens = pipeline.tokensOf(piece.text);
  const source = pipeline.bytes === null ? piece : spelledBytes(piece, pipeline.bytes);
  const ranges = tokenRanges(source.text, tokens, spelling);
  for (const [index, token] of tokens.entries()) {
    const id = pipeline.idOf(token);
    const { from, to, exact } = ranges[index] ?? { from: 0, to: 0, exact: false };
    if (id < 0) continue;
    found.exact &&= exact;
    const start = source.starts[from] ?? source.ends.at(-1) ?? 0;
    found.add(id, [start, to > from ? (source.ends[to - 1] ?? start) : start], 0);
  }
}

function spellingOf({ kind, pipeline }: TextTokenizer): ModelSpelling {
  const { model } = pipeline.library;
  const config = model?.config as { readonly continuing_subword_prefix?: string | null } | undefined;
  return {
    continuing: kind === 'WordPiece' ? (config?.continuing_subword_prefix ?? '') : '',
    endOfWord: model?.end_of_word_suffix ?? '',
    unknown: model?.unk_token ?? null,
    unknownIsWhole: kind === 'WordPiece',
  };
}

function piecesOf(source: AlignedText, stages: readonly Stage[], isFirst: boolean): readonly AlignedText[] {
  let pieces: readonly AlignedText[] = [source];
  for (const stage of stages) {
    pieces = pieces.flatMap((piece, index) =>
      stage.kind === 'split'
        ? splitRanges(piece.text, stage).map(({ start, end }) => sliceAligned(piece, start, end))
        : afterLibrary(piece, stage, isFirst && index === 0),
    );
  }
  return pieces;
}

function afterLibrary(
  piece: AlignedText,
  { library }: Extract<Stage, { kind: 'library' }>,
  isFirst: boolean,
): readonly AlignedText[] {
  const texts = library.pre_tokenize_text(piece.text, { section_index: isFirst ? 0 : 1 });
  const [text] = texts;
  if (text !== undefined && texts.length === 1) {
    const builder = new AlignedBuilder(piece);
    if (library instanceof MetaspacePreTokenizer && text.length >= piece.text.length) {
      const prefix = text.slice(0, text.length - piece.text.length);
      if (prefix !== '') builder.replace(0, firstLength(piece.text), prefix);
      builder.copy(0, piece.text.length, text.slice(prefix.length));
      return [builder.done()];
    }
    if (library instanceof ReplacePreTokenizer && library.pattern !== null) {
      replaceAll(builder, piece, library.pattern, library.content);
      return [builder.done()];
    }
  }
  let at = 0;
  return texts.flatMap((each) => {
    const start = piece.text.indexOf(each, at);
    if (start < 0) return [];
    at = start + each.length;
    return [sliceAligned(piece, start, at)];
  });
}

function firstLength(text: string): number {
  return (text.codePointAt(0) ?? 0) > 0xffff ? 2 : Math.min(1, text.length);
}

/** The piece as a byte-level model sees it: one character a byte, each of which stands for the character it is part of. */
function spelledBytes(piece: AlignedText, bytes: ByteLevelPreTokenizer): AlignedText {
  const text = bytes.pre_tokenize_text(piece.text).join('');
  if (text.length === piece.text.length) return { ...piece, text };
  const starts = new Uint32Array(text.length);
  const ends = new Uint32Array(text.length);
  let unit = 0;
  let byte = 0;
  for (const character of piece.text) {
    const code = character.codePointAt(0) ?? 0;
    const length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    starts.fill(piece.starts[unit] ?? 0, byte, byte + length);
    ends.fill(piece.ends[unit + character.length - 1] ?? 0, byte, byte + length);
    unit += character.length;
    byte += length;
  }
  return { text, starts, ends };
}
