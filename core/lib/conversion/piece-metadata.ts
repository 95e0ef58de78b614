// SentencePiece-like tokenizers as the keys of a GGUF file: `llama` for BPE with bytes, `t5` for unigram models.
import type { GgufEntry } from '../gguf/write-header.ts';
import type { PieceRules } from './piece-rules.ts';
import { ConversionFault } from './tensor-rows.ts';
import { type Token, tokenKinds } from './tokenizer-tokens.ts';

/** How a person says that the differences are known: the choice beside the names of ways to cut. */
export const PIECES_CHOICE = 'sentencepiece';

/** Below every score a piece can have. */
const NEVER_TAKEN = -1e9;

export interface PieceInput {
  readonly tokens: readonly Token[];
  readonly merges: readonly (readonly string[])[];
  /** Score of each piece of a unigram model, by id. */
  readonly scores: readonly number[];
  readonly unknown: string | null;
  readonly rules: PieceRules;
  readonly choice: string | null;
  readonly warnings: string[];
}

/** Throws ConversionFault with a choice where the runtime would make other tokens of some texts. */
export function addPieces(entries: Map<string, GgufEntry>, input: PieceInput): void {
  const { rules, warnings } = input;
  if (rules.losses.length > 0) {
    if (input.choice !== PIECES_CHOICE) {
      throw new ConversionFault(
        `Not all of this tokenizer can be carried over. ${rules.losses.join('. ')}`,
        `Convert it with these differences (--pre ${PIECES_CHOICE}), then verify: the report names the texts`,
      );
    }
    warnings.push(...rules.losses);
  }
  const isUnigram = rules.kind === 'unigram';
  const tokens = input.tokens.map(({ text, kind }) => ({
    text,
    kind: /^<0x[0-9A-F]{2}>$/.test(text)
      ? tokenKinds.byte
      : text === input.unknown
        ? tokenKinds.unknown
        : kind,
  }));
  const bool = (value: boolean): GgufEntry => ({ type: 'bool', value: value ? 1 : 0 });
  entries.set('tokenizer.ggml.model', { type: 'string', value: isUnigram ? 't5' : 'llama' });
  entries.set('tokenizer.ggml.pre', { type: 'string', value: 'default' });
  entries.set('tokenizer.ggml.tokens', { type: 'strings', value: tokens.map(({ text }) => text) });
  entries.set('tokenizer.ggml.token_type', { type: 'int32s', value: tokens.map(({ kind }) => kind) });
  entries.set('tokenizer.ggml.scores', {
    type: 'float32s',
    value: isUnigram
      ? tokens.map(({ kind }, id) => (kind === tokenKinds.unused ? NEVER_TAKEN : (input.scores[id] ?? 0)))
      : scoresOfMerges(tokens, input.merges),
  });
  const unknownId = tokens.findIndex(({ kind }) => kind === tokenKinds.unknown);
  if (unknownId >= 0) {
    entries.set('tokenizer.ggml.unknown_token_id', { type: 'uint32', value: unknownId });
  } else if (isUnigram) {
    throw new ConversionFault(
      'The tokenizer has no unknown token, and the runtime needs one for characters that are no pieces',
      'Take the tokenizer the model was trained with',
    );
  }
  entries.set('tokenizer.ggml.add_space_prefix', bool(rules.spaceBefore !== 'never'));
  if (isUnigram) {
    entries.set('tokenizer.ggml.remove_extra_whitespaces', bool(rules.mergesSpaces));
    if (rules.charsmap !== null) {
      entries.set('tokenizer.ggml.precompiled_charsmap', { type: 'bytes', value: table(rules.charsmap) });
    }
  } else requireBytes(tokens);
  if (rules.spaceBefore === 'first') {
    warnings.push('The runtime puts a space after special tokens too, this tokenizer only at the start');
  }
}

/** The runtime joins the pair with the highest score first, a tokenizer.json the one that stands first. */
function scoresOfMerges(tokens: readonly Token[], merges: PieceInput['merges']): readonly number[] {
  const ranks = new Map<string, number>();
  for (const [rank, merge] of merges.entries()) {
    const whole = merge.join('');
    if (!ranks.has(whole)) ranks.set(whole, rank);
  }
  return tokens.map(({ text }) => {
    const rank = ranks.get(text);
    return rank === undefined ? NEVER_TAKEN : -rank;
  });
}

/** The runtime ends at the first character that is no piece where one of these is missing. */
function requireBytes(tokens: readonly Token[]): void {
  const bytes = new Set(tokens.filter(({ kind }) => kind === tokenKinds.byte).map(({ text }) => text));
  if (bytes.size === 256) return;
  throw new ConversionFault(
    `The tokenizer has ${bytes.size} of 256 tokens for bytes, and the runtime breaks off at a character that is neither a piece nor bytes`,
    'Train the tokenizer with byte_fallback, or take it from where the model was trained',
  );
}

/** Checked as far as the runtime relies on it. */
function table(base64: string): Uint8Array {
  const broken = (detail: string) =>
    new ConversionFault(
      `The tokenizer's replacement table cannot be read: ${detail}`,
      'Take the tokenizer the model was trained with',
    );
  let text: string;
  try {
    text = atob(base64);
  } catch {
    throw broken('it is not Base64');
  }
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  if (bytes.length < 8) throw broken('it is too short');
  const units = new DataView(bytes.buffer).getUint32(0, true);
  if (units % 4 !== 0 || units + 4 >= bytes.length) throw broken('its length is not what it says');
  if (bytes.at(-1) !== 0) throw broken('its last text does not end');
  return bytes;
}
