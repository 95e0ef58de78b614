// A tokenizer.json as the keys of a GGUF file. Two kinds are known to the runtimes: byte-level BPE (`gpt2`) and
// SentencePiece's BPE with bytes for what it does not know (`llama`). Ids stay what they are; holes are filled.
import { z } from 'zod';
import type { GgufEntry } from '../gguf/write-header.ts';
import { type PreTokenizer, knownPreTokenizers, recognisePreTokenizer } from './pre-tokenizers.ts';
import { ConversionFault } from './tensor-rows.ts';

const addedToken = z.looseObject({
  id: z.number().int().min(0),
  content: z.string(),
  special: z.boolean().default(false),
});
const tokenizerFile = z.looseObject({
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
  }),
});
const vocabulary = z.record(z.string(), z.number().int().min(0));

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

const kinds = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const;
/** Below every score a merge can have. */
const NEVER_MERGED = -1e9;

/** Throws ConversionFault with a choice when the runtime could not cut text as this tokenizer does. */
export function tokenizerMetadata(input: TokenizerInput): TokenizerMetadata {
  const parsed = tokenizerFile.safeParse(input.file);
  const words = vocabulary.safeParse(parsed.data?.model.vocab);
  const { data } = parsed;
  if (!data || data.model.type === 'Unigram' || data.model.type === 'WordPiece' || !words.success) {
    const type = data?.model.type ?? 'of an unknown kind';
    throw new ConversionFault(
      `The tokenizer is ${type}; byte-level BPE and SentencePiece BPE are converted`,
      "Use llama.cpp's own converter for this tokenizer",
    );
  }
  const merges = (data.model.merges ?? []).map((merge) =>
    typeof merge === 'string' ? merge.split(' ') : [...merge],
  );
  const warnings: string[] = [];
  const tokens = fill(words.data, data.added_tokens ?? [], input.vocabularySize);
  const ids = new Map(tokens.map(({ text }, id) => [text, id]));
  if (ids.size !== tokens.length) {
    throw new ConversionFault('Two ids of the tokenizer have the same text', 'Repair tokenizer.json');
  }
  const entries = new Map<string, GgufEntry>();
  const piecewise = data.model.byte_fallback === true;
  if (piecewise)
    addPieces(entries, { tokens, merges, unknown: data.model.unk_token ?? null, file: data, warnings });
  else addBytes(entries, { tokens, merges, file: data, input, warnings });
  addSpecial(entries, { input, ids, first: templated(data, 0) });
  entries.set('tokenizer.ggml.add_bos_token', { type: 'bool', value: addsBegin(data, input) ? 1 : 0 });
  entries.set('tokenizer.ggml.add_eos_token', { type: 'bool', value: addsEnd(data, input) ? 1 : 0 });
  const template = input.settings.chatTemplate;
  if (template !== null) entries.set('tokenizer.chat_template', { type: 'string', value: template });
  return { entries, warnings };
}

interface Token {
  readonly text: string;
  readonly kind: number;
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

function addPieces(
  entries: Map<string, GgufEntry>,
  from: {
    readonly tokens: readonly Token[];
    readonly merges: readonly (readonly string[])[];
    readonly unknown: string | null;
    readonly file: z.infer<typeof tokenizerFile>;
    readonly warnings: string[];
  },
): void {
  const ranks = new Map<string, number>();
  for (const [rank, merge] of from.merges.entries()) {
    const whole = merge.join('');
    if (!ranks.has(whole)) ranks.set(whole, rank);
  }
  const tokens = from.tokens.map(({ text, kind }) => ({
    text,
    kind: /^<0x[0-9A-F]{2}>$/.test(text) ? kinds.byte : text === from.unknown ? kinds.unknown : kind,
  }));
  entries.set('tokenizer.ggml.model', { type: 'string', value: 'llama' });
  entries.set('tokenizer.ggml.pre', { type: 'string', value: 'default' });
  addTokens(entries, tokens);
  entries.set('tokenizer.ggml.scores', {
    type: 'float32s',
    // The runtime joins the pair with the highest score first, a tokenizer.json the one that stands first.
    value: tokens.map(({ text }) => -(ranks.get(text) ?? -NEVER_MERGED)),
  });
  const prefix = spaceBefore(from.file);
  entries.set('tokenizer.ggml.add_space_prefix', { type: 'bool', value: prefix === 'never' ? 0 : 1 });
  if (prefix === 'first') {
    from.warnings.push('The runtime puts a space after special tokens too, this tokenizer only at the start');
  }
}

const metaspace = z.looseObject({
  type: z.literal('Metaspace'),
  prepend_scheme: z.string().nullish(),
  add_prefix_space: z.boolean().nullish(),
});

/** When a space is put before the text: Metaspace says so, or a normalizer that prepends. */
function spaceBefore(file: z.infer<typeof tokenizerFile>): 'always' | 'first' | 'never' {
  const found = metaspace.safeParse(file.pre_tokenizer);
  if (found.success) {
    const scheme = found.data.prepend_scheme ?? (found.data.add_prefix_space === false ? 'never' : 'always');
    return scheme === 'never' || scheme === 'first' ? scheme : 'always';
  }
  return JSON.stringify(file.normalizer ?? null).includes('"type":"Prepend"') ? 'always' : 'never';
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
