// A tokenizer.json as the keys of a GGUF file: byte-level BPE (`gpt2`) here, what is made of pieces in piece-metadata.ts.
// Ids stay what they are; holes are filled.
import { z } from 'zod';
import type { GgufEntry } from '../gguf/write-header.ts';
import { addPieces } from './piece-metadata.ts';
import { pieceRulesOf } from './piece-rules.ts';
import { type PreTokenizer, knownPreTokenizers, recognisePreTokenizer } from './pre-tokenizers.ts';
import { ConversionFault } from './tensor-rows.ts';
import { type Token, tokenKinds as kinds } from './tokenizer-tokens.ts';

const addedToken = z.looseObject({
  id: z.number().int().min(0),
  content: z.string(),
  special: z.boolean().default(false),
});
const tokenizerFile = z.looseObject({
  made_from: z.string().optional(),
  added_tokens: z.array(addedToken).nullish(),
  normalizer: z.unknown(),
  pre_tokenizer: z.unknown(),
  post_processor: z.unknown(),
  model: z.looseObject({
    type: z.string().nullish(),
    vocab: z.unknown(),
    merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])).nullish(),
    byte_fallback: z.boolean().nullish(),
    ignore_merges: z.boolean().nullish(),
    unk_token: z.string().nullish(),
    unk_id: z.number().int().nullish(),
  }),
});
const vocabulary = z.record(z.string(), z.number().int().min(0));
/** Of a unigram model: each piece with its score, in the order of ids. */
const scoredVocabulary = z.array(z.tuple([z.string(), z.number()]));

/** What tokenizer_config.json may add; absent keys are not known there. */
export interface TokenizerSettings {
  readonly beginToken: string | null;
  readonly endToken: string | null;
  readonly addsBegin: boolean | null;
  readonly chatTemplate: string | null;
}

export interface TokenizerInput {
  /** Parsed tokenizer.json. */
  readonly file: unknown;
  readonly settings: TokenizerSettings;
  readonly vocabularySize: number;
  readonly beginId: number | null;
  readonly endIds: readonly number[];
  readonly padId: number | null;
  /** Chosen by a person, where the tokenizer's own is not known. */
  readonly preTokenizer: string | null;
}

export interface TokenizerMetadata {
  readonly entries: ReadonlyMap<string, GgufEntry>;
  readonly warnings: readonly string[];
}

/** Throws ConversionFault with a choice when the runtime could not cut text as this tokenizer does. */
export function tokenizerMetadata(input: TokenizerInput): TokenizerMetadata {
  const parsed = tokenizerFile.safeParse(input.file);
  const { data } = parsed;
  const rules = data ? pieceRulesOf(data) : null;
  const words = wordsOf(data?.model.vocab, rules?.kind === 'unigram');
  if (!data || data.model.type === 'WordPiece' || data.model.type === 'WordLevel' || words === null) {
    const type = data?.model.type ?? 'of an unknown kind';
    throw new ConversionFault(
      `The tokenizer is ${type}; byte-level BPE and SentencePiece (unigram and BPE) are converted`,
      "Use llama.cpp's own converter for this tokenizer",
    );
  }
  const merges = (data.model.merges ?? []).map((merge) =>
    typeof merge === 'string' ? merge.split(' ') : [...merge],
  );
  const warnings: string[] = [];
  const tokens = fill(words.ids, data.added_tokens ?? [], input.vocabularySize);
  const ids = new Map(tokens.map(({ text }, id) => [text, id]));
  if (ids.size !== tokens.length) {
    throw new ConversionFault('Two ids of the tokenizer have the same text', 'Repair tokenizer.json');
  }
  const entries = new Map<string, GgufEntry>();
  if (rules) {
    const unknownId = data.model.unk_id ?? null;
    const unknown = data.model.unk_token ?? (unknownId === null ? null : (tokens[unknownId]?.text ?? null));
    const choice = input.preTokenizer;
    addPieces(entries, { tokens, merges, scores: words.scores, unknown, rules, choice, warnings });
    const own = tokens.find(({ kind }) => kind === kinds.userDefined);
    if (own && data.made_from === 'tokenizer.model') {
      warnings.push(
        `Spaces beside symbols of its own (${own.text}) are treated as transformers does, not as SentencePiece itself`,
      );
    }
  } else addBytes(entries, { tokens, merges, file: data, input, warnings });
  addSpecial(entries, { input, ids, first: templated(data, 0) });
  // The runtime breaks off where it is to add a token that it does not know.
  const adds = (name: 'bos' | 'eos', wanted: boolean): GgufEntry => ({
    type: 'bool',
    value: wanted && entries.has(`tokenizer.ggml.${name}_token_id`) ? 1 : 0,
  });
  entries.set('tokenizer.ggml.add_bos_token', adds('bos', addsBegin(data, input)));
  entries.set('tokenizer.ggml.add_eos_token', adds('eos', addsEnd(data, input)));
  const template = input.settings.chatTemplate;
  if (template !== null) entries.set('tokenizer.chat_template', { type: 'string', value: template });
  return { entries, warnings };
}

interface Words {
  readonly ids: Readonly<Record<string, number>>;
  /** By id, of a unigram model; else empty. */
  readonly scores: readonly number[];
}

/** Null for what is no vocabulary. */
function wordsOf(vocab: unknown, isUnigram: boolean): Words | null {
  if (!isUnigram) {
    const words = vocabulary.safeParse(vocab);
    return words.success ? { ids: words.data, scores: [] } : null;
  }
  const pieces = scoredVocabulary.safeParse(vocab);
  if (!pieces.success) return null;
  return {
    ids: Object.fromEntries(pieces.data.map(([text], id) => [text, id])),
    scores: pieces.data.map(([, score]) => score),
  };
}

function fill(
  words: Readonly<Record<string, number>>,
  added: readonly z.infer<typeof addedToken>[],
  size: number,
): readonly Token[] {
  const tokens = Array.from<Token | undefined>({ length: size });
  const put = (id: number, token: Token) => {
    if (id >= size) {
      throw new ConversionFault(
        `The tokenizer has the id ${id}, but the model's vocabulary ends at ${size - 1}`,
        'Take the tokenizer the model was trained with',
      );
    }
    tokens[id] = token;
  };
  for (const [text, id] of Object.entries(words)) put(id, { text, kind: kinds.normal });
  for (const { id, content, special } of added) {
    put(id, { text: content, kind: special || looksSpecial(content) ? kinds.control : kinds.userDefined });
  }
  return tokens.map((token, id) => token ?? { text: `[PAD${id}]`, kind: kinds.unused });
}

/** Turn marks that their makers did not flag. */
function looksSpecial(text: string): boolean {
  return (text.startsWith('<|') && text.endsWith('|>')) || text === '<pad>' || text === '<mask>';
}

function addBytes(
  entries: Map<string, GgufEntry>,
  from: {
    readonly tokens: readonly Token[];
    readonly merges: readonly (readonly string[])[];
    readonly file: z.infer<typeof tokenizerFile>;
    readonly input: TokenizerInput;
    readonly warnings: string[];
  },
): void {
  const { file, input, warnings } = from;
  if (JSON.stringify([file.normalizer ?? null, file.pre_tokenizer ?? null]).includes('▁')) {
    throw new ConversionFault(
      'The tokenizer is a SentencePiece BPE without tokens for bytes; the runtime breaks off at a character that is no piece',
      'Train the tokenizer with byte_fallback',
    );
  }
  const recognised = recognisePreTokenizer(file.pre_tokenizer, file.model.ignore_merges === true);
  const name = input.preTokenizer ?? chosen(recognised);
  if (input.preTokenizer !== null && recognised.kind === 'unknown') {
    warnings.push(
      `Text is cut like ${input.preTokenizer} by your choice; the tokenizer itself cuts by ${recognised.description}`,
    );
  }
  if (file.normalizer !== null && file.normalizer !== undefined) {
    const type = z.looseObject({ type: z.string() }).safeParse(file.normalizer);
    warnings.push(
      `The runtime does not normalise text (${type.data?.type ?? 'unknown'}), the tokenizer does`,
    );
  }
  entries.set('tokenizer.ggml.model', { type: 'string', value: 'gpt2' });
  entries.set('tokenizer.ggml.pre', { type: 'string', value: name });
  addTokens(entries, from.tokens);
  entries.set('tokenizer.ggml.merges', {
    type: 'strings',
    // A space inside a token of byte-level BPE is written as Ġ.
    value: from.merges.map((merge) => merge.map((part) => part.replaceAll(' ', 'Ġ')).join(' ')),
  });
}

function chosen(recognised: PreTokenizer): string {
  if (recognised.kind === 'known') return recognised.name;
  throw new ConversionFault(
    `The runtime has no name for how this tokenizer cuts text: ${recognised.description}`,
    `Choose the closest with --pre (${knownPreTokenizers.join(', ')}), then verify: differences show as wrong ids`,
  );
}

function addTokens(entries: Map<string, GgufEntry>, tokens: readonly Token[]): void {
  entries.set('tokenizer.ggml.tokens', { type: 'strings', value: tokens.map(({ text }) => text) });
  entries.set('tokenizer.ggml.token_type', { type: 'int32s', value: tokens.map(({ kind }) => kind) });
}

/** Texts that end a turn; the runtime stops there too. */
const TURN_ENDS = ['<|eot_id|>', '<|im_end|>', '<|end|>', '<end_of_turn>', '<|endofturn|>'];

function addSpecial(
  entries: Map<string, GgufEntry>,
  from: {
    readonly input: TokenizerInput;
    readonly ids: ReadonlyMap<string, number>;
    /** What the tokenizer's own template puts first. */
    readonly first: string | null;
  },
): void {
  const { input, ids, first } = from;
  const { settings } = input;
  const idOf = (text: string | null) => (text === null ? undefined : ids.get(text));
  const begin = idOf(settings.beginToken) ?? idOf(first) ?? input.beginId;
  const end = idOf(settings.endToken) ?? input.endIds[0];
  const turn = TURN_ENDS.map((text) => ids.get(text)).find(
    (id) => id !== undefined && id !== end && input.endIds.includes(id),
  );
  const known = [
    ['bos', begin],
    ['eos', end],
    ['eot', turn],
    ['padding', input.padId],
  ] as const;
  for (const [name, id] of known) {
    if (id === undefined || id === null || id >= input.vocabularySize) continue;
    entries.set(`tokenizer.ggml.${name}_token_id`, { type: 'uint32', value: id });
  }
}

const template = z.looseObject({ type: z.literal('TemplateProcessing'), single: z.array(z.looseObject({})) });
const processors = z.looseObject({ processors: z.array(z.unknown()) });

/** The token a template puts first or last, as text. */
function templated(file: z.infer<typeof tokenizerFile>, place: 0 | -1): string | null {
  const many = processors.safeParse(file.post_processor);
  for (const one of many.success ? many.data.processors : [file.post_processor]) {
    const found = template.safeParse(one);
    const special = z.looseObject({ SpecialToken: z.looseObject({ id: z.string() }) });
    const token = special.safeParse(found.data?.single.at(place));
    if (token.success) return token.data.SpecialToken.id;
  }
  return null;
}

function addsBegin(file: z.infer<typeof tokenizerFile>, { settings }: TokenizerInput): boolean {
  return templated(file, 0) !== null || settings.addsBegin === true;
}

function addsEnd(file: z.infer<typeof tokenizerFile>, { settings }: TokenizerInput): boolean {
  const last = templated(file, -1);
  return last !== null && last === settings.endToken;
}
