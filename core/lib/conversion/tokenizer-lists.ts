// The tokenizer of a GGUF header that was parsed with its lists kept whole.
import { type TokenKind, tokenKinds, type TokenizerFacts } from '../../api/weights.ts';
import type { TokenColumns } from './tokenizer-facts.ts';
import { type GgufHeader, numberOf, textOf } from '../gguf/header.ts';

/** The lists `vocabularyOfGguf` needs whole. */
export const tokenizerLists: ReadonlySet<string> = new Set([
  'tokenizer.ggml.tokens',
  'tokenizer.ggml.token_type',
  'tokenizer.ggml.scores',
]);

/** llama.cpp's numbers of token types. */
const kinds: readonly TokenKind[] = [
  'normal',
  'normal',
  'unknown',
  'control',
  'user-defined',
  'unused',
  'byte',
];
const roles = [
  ['bos', 'begin'],
  ['eos', 'end'],
  ['eot', 'end of turn'],
  ['unknown', 'unknown'],
  ['padding', 'padding'],
] as const;

function listOf(header: GgufHeader, key: string): readonly (number | boolean | string)[] {
  const value = header.metadata.get(key);
  return value?.kind === 'list' ? value.first : [];
}

function lengthOf(header: GgufHeader, key: string): number {
  const value = header.metadata.get(key);
  return value?.kind === 'list' ? value.length : 0;
}

/** `header` was parsed with `tokens` and `token_type` kept whole. */
export function describeGgufTokenizer(header: GgufHeader): TokenizerFacts {
  const texts = listOf(header, 'tokenizer.ggml.tokens');
  const named = new Map<number, string>();
  for (const [key, role] of roles) {
    const id = numberOf(header, `tokenizer.ggml.${key}_token_id`);
    if (id !== null) named.set(id, named.has(id) ? `${named.get(id)}, ${role}` : role);
  }
  const types = listOf(header, 'tokenizer.ggml.token_type');
  const special = texts.flatMap((text, id) => {
    const isSpecial = types[id] === 3 || types[id] === 4 || named.has(id);
    return isSpecial ? [{ id, text: String(text), role: named.get(id) ?? null }] : [];
  });
  const name = textOf(header, 'tokenizer.ggml.pre');
  return {
    kind: textOf(header, 'tokenizer.ggml.model') ?? '',
    vocabularySize: lengthOf(header, 'tokenizer.ggml.tokens'),
    merges: lengthOf(header, 'tokenizer.ggml.merges'),
    preTokenizer: { name, description: name ?? 'not named', choices: [] },
    special,
  };
}

/** `header` was parsed with `tokenizerLists` kept whole. */
export function vocabularyOfGguf(header: GgufHeader): TokenColumns {
  const types = listOf(header, 'tokenizer.ggml.token_type');
  const scores = listOf(header, 'tokenizer.ggml.scores');
  const texts = listOf(header, 'tokenizer.ggml.tokens').map(String);
  return {
    texts,
    kinds: texts.map((_, id) => tokenKinds.indexOf(kinds[Number(types[id] ?? 1)] ?? 'normal')).join(''),
    scores: scores.length === 0 ? null : Float64Array.from(scores, Number),
  };
}
