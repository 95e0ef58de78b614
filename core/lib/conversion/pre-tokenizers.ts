// Which of llama.cpp's built-in ways of cutting text into words a tokenizer.json uses. llama.cpp knows them by name only,
// so a tokenizer is recognised by the expressions it cuts with. Names and expressions: src/llama-vocab.cpp.
import { z } from 'zod';

const step = z.looseObject({ type: z.string() });
const sequence = z.looseObject({ type: z.literal('Sequence'), pretokenizers: z.array(z.unknown()) });
const split = z.looseObject({
  type: z.literal('Split'),
  pattern: z.union([z.object({ Regex: z.string() }), z.object({ String: z.string() })]),
  behavior: z.string(),
  invert: z.boolean().default(false),
});
const digits = z.looseObject({ type: z.literal('Digits'), individual_digits: z.boolean().default(false) });
const byteLevel = z.looseObject({
  type: z.literal('ByteLevel'),
  add_prefix_space: z.boolean().default(true),
  use_regex: z.boolean().default(true),
});

const ENGLISH_ENDINGS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const REST = String.raw`| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;
const REST_WITH_SLASH = String.raw`| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`;
const WORD = String.raw`[^\r\n\p{L}\p{N}]?\p{L}+`;
const CASED = [
  String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+`,
  String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*`,
] as const;

/** What one step does, as text that is equal when the steps are. `gpt2` is ByteLevel's own expression. */
const known: ReadonlyMap<string, string> = new Map([
  ['gpt2', 'gpt-2'],
  ['digit · gpt2', 'smollm'],
  [String.raw`${ENGLISH_ENDINGS}|${WORD}|\p{N}{1,3}${REST}`, 'llama-bpe'],
  [String.raw`${ENGLISH_ENDINGS}|${WORD}|\p{N}${REST}`, 'qwen2'],
  [
    String.raw`${ENGLISH_ENDINGS}|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
    'qwen35',
  ],
  [String.raw`${CASED[0]}|${CASED[1]}|\p{N}${REST_WITH_SLASH}`, 'tekken'],
  [
    String.raw`${CASED[0]}${ENGLISH_ENDINGS}?|${CASED[1]}${ENGLISH_ENDINGS}?|\p{N}{1,3}${REST_WITH_SLASH}`,
    'gpt-4o',
  ],
  [
    String.raw`${ENGLISH_ENDINGS}|${WORD}|\p{N}{1}| ?[^\s\p{L}\p{N}\r\n]+|\s*[\r\n]+|\s+(?!\S)|\s+`,
    'seed-coder',
  ],
]);

/** Words the runtime knows, for a person who has to choose one. */
export const knownPreTokenizers: readonly string[] = [...new Set(known.values()), 'smaug-bpe'].sort();

export type PreTokenizer =
  | { readonly kind: 'known'; readonly name: string }
  /** `description` says in the tokenizer's own words how it cuts. */
  | { readonly kind: 'unknown'; readonly description: string };

/**
 * `preTokenizer` is that key of tokenizer.json; `ignoresMerges` the key of its model. The cut of Llama 3 has two names:
 * `llama-bpe` takes whole words of the vocabulary without merging, `smaug-bpe` merges.
 */
export function recognisePreTokenizer(preTokenizer: unknown, ignoresMerges: boolean): PreTokenizer {
  const steps = stepsOf(preTokenizer);
  const description = steps.join(' · ');
  const name = known.get(description);
  if (name === undefined)
    return { kind: 'unknown', description: description === '' ? 'nothing' : description };
  return { kind: 'known', name: name === 'llama-bpe' && !ignoresMerges ? 'smaug-bpe' : name };
}

function stepsOf(value: unknown): readonly string[] {
  const many = sequence.safeParse(value);
  if (many.success) return many.data.pretokenizers.flatMap((one) => stepsOf(one));
  const cut = split.safeParse(value);
  if (cut.success) {
    const { pattern, behavior, invert } = cut.data;
    const text = 'Regex' in pattern ? pattern.Regex : JSON.stringify(pattern.String);
    if (text === String.raw`\p{N}` && behavior === 'Isolated') return ['digit'];
    // A cut that removes what is between is the same as one that keeps what matches.
    const keeps = (behavior === 'Isolated' && !invert) || (behavior === 'Removed' && invert);
    return [keeps ? text : `${text} (${behavior}${invert ? ', inverted' : ''})`];
  }
  const number = digits.safeParse(value);
  if (number.success) return [number.data.individual_digits ? 'digit' : 'digits'];
  const bytes = byteLevel.safeParse(value);
  if (bytes.success) {
    const { add_prefix_space: prefix, use_regex: regex } = bytes.data;
    return [...(regex ? ['gpt2'] : []), ...(prefix ? ['a space before the text'] : [])];
  }
  const other = step.safeParse(value);
  return other.success ? [other.data.type] : [];
}
