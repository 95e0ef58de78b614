// The parts of a tokenizer.json, rewritten where the JavaScript library reads them differently from the Python one: what
// splits text becomes a Split with Python's own expression, since only those are translated faithfully. Knows no files.
import { z } from 'zod';

const part = z.looseObject({ type: z.string() });
export type Part = z.infer<typeof part>;

const addedToken = z.looseObject({
  id: z.number().int().min(0),
  content: z.string(),
  single_word: z.boolean().optional(),
  lstrip: z.boolean().optional(),
  rstrip: z.boolean().optional(),
  normalized: z.boolean().optional(),
  special: z.boolean().optional(),
});
export type AddedTokenEntry = z.infer<typeof addedToken>;

const definitionShape = z.looseObject({
  added_tokens: z.array(addedToken).nullish(),
  normalizer: part.nullish(),
  pre_tokenizer: part.nullish(),
  post_processor: part.nullish(),
  decoder: part.nullish(),
  model: z.looseObject({ type: z.string().optional() }),
});
export type Definition = z.infer<typeof definitionShape>;

export type ModelKind = 'BPE' | 'Unigram' | 'WordPiece' | 'WordLevel' | 'other';

/** Throws ZodError for what is no tokenizer.json. */
export function parseDefinition(definition: object): Definition {
  return definitionShape.parse(definition);
}

/** Older files leave the type out: what they hold tells. */
export function modelKind({ model }: Definition): ModelKind {
  if (model.type === 'BPE' || model.type === 'Unigram' || model.type === 'WordPiece') return model.type;
  if (model.type === 'WordLevel') return 'WordLevel';
  if (Array.isArray(model['vocab'])) return 'Unigram';
  if ('merges' in model) return 'BPE';
  return 'continuing_subword_prefix' in model ? 'WordPiece' : 'other';
}

/** As the library takes it: no truncation, no padding, normalizers and pre-tokenizers as flat sequences. */
export function forLibrary(definition: Definition): Definition {
  return {
    ...definition,
    truncation: null,
    padding: null,
    added_tokens: definition.added_tokens ?? [],
    normalizer: { type: 'Sequence', normalizers: flatten(definition.normalizer, 'normalizers') },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: flatten(definition.pre_tokenizer, 'pretokenizers').flatMap(asPython),
    },
    post_processor: definition.post_processor ?? null,
    decoder: definition.decoder ?? null,
  };
}

function flatten(of: Part | null | undefined, key: string): readonly Part[] {
  if (!of) return [];
  if (of.type !== 'Sequence') return [of];
  return z
    .array(part)
    .parse(of[key])
    .flatMap((each) => flatten(each, key));
}

const GPT2 = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;
/** What Rust's is_ascii_punctuation and the Unicode categories P* accept. */
const PUNCTUATION = '[\\p{P}$+<=>^`|~]';

function split(pattern: string, behavior: string, invert = false): Part {
  return { type: 'Split', pattern: { Regex: pattern }, behavior, invert };
}

/** The same pre-tokenizer in parts that mean the same in both languages (tokenizers 0.22, pre_tokenizers/*.rs). */
function asPython(stage: Part): readonly Part[] {
  switch (stage.type) {
    case 'ByteLevel': {
      const bytes: Part = { type: 'ByteLevel', add_prefix_space: false, use_regex: false };
      return [
        // A space in front of a text that starts without one.
        ...(stage['add_prefix_space'] === true
          ? [{ type: 'Replace', pattern: { Regex: String.raw`\A(?! )` }, content: ' ' }]
          : []),
        ...(stage['use_regex'] === false ? [] : [split(GPT2, 'Isolated')]),
        bytes,
      ];
    }
    case 'Metaspace': {
      const mark = typeof stage['replacement'] === 'string' ? stage['replacement'] : '▁';
      const scheme = stage['prepend_scheme'] ?? (stage['add_prefix_space'] === false ? 'never' : 'always');
      const escaped = `\\x{${mark.codePointAt(0)?.toString(16) ?? '2581'}}`;
      return [
        { ...stage, prepend_scheme: scheme },
        ...(stage['split'] === false ? [] : [split(escaped, 'MergedWithNext')]),
      ];
    }
    case 'Whitespace':
      return [split(String.raw`\w+|[^\w\s]+`, 'Removed', true)];
    case 'WhitespaceSplit':
      return [split(String.raw`\s+`, 'Removed')];
    case 'BertPreTokenizer':
      return [split(String.raw`\s`, 'Removed'), split(PUNCTUATION, 'Isolated')];
    case 'Punctuation':
      return [split(PUNCTUATION, typeof stage['behavior'] === 'string' ? stage['behavior'] : 'Isolated')];
    case 'Digits':
      return [split(String.raw`\p{N}`, stage['individual_digits'] === true ? 'Isolated' : 'Contiguous')];
    case 'CharDelimiterSplit':
      return [{ type: 'Split', pattern: { String: stage['delimiter'] }, behavior: 'Removed', invert: false }];
    default:
      return [stage];
  }
}
