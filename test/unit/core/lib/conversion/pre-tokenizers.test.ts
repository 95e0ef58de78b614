// Tokenizers are recognised by how they cut, however their file words it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recognisePreTokenizer } from '../../../../../core/lib/conversion/pre-tokenizers.ts';

const llama3 = String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;
const bytes = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false };
const split = (regex: string, behavior = 'Isolated', invert = false) => ({
  type: 'Split',
  pattern: { Regex: regex },
  behavior,
  invert,
});
const sequence = (...pretokenizers: readonly unknown[]) => ({ type: 'Sequence', pretokenizers });

describe('recognisePreTokenizer', () => {
  it.each([
    ['llama-bpe', sequence(split(llama3), bytes), true],
    ['smaug-bpe', sequence(split(llama3), bytes), false],
    ['llama-bpe', sequence(split(llama3, 'Removed', true), bytes), true],
    ['qwen2', sequence(split(llama3.replace('{1,3}', '')), bytes), false],
    ['gpt-2', { ...bytes, use_regex: true }, false],
    ['smollm', sequence({ type: 'Digits', individual_digits: true }, { ...bytes, use_regex: true }), false],
  ])('knows %s', (name, preTokenizer, ignoresMerges) => {
    expect(recognisePreTokenizer(preTokenizer, ignoresMerges)).toEqual({ kind: 'known', name });
  });

  it.each([
    ['a space before the text', { ...bytes, use_regex: true, add_prefix_space: true }],
    ['Whitespace', { type: 'Whitespace' }],
    [`${llama3} (Removed)`, sequence(split(llama3, 'Removed'), bytes)],
    ['nothing', null],
  ])('says in words what it does not know: %s', (words, preTokenizer) => {
    const found = recognisePreTokenizer(preTokenizer, false);
    expect(found.kind === 'unknown' && found.description).toContain(words);
  });

  it('reads the file that the tokenizers library wrote', async () => {
    const path = join(import.meta.dirname, '../../../../fixtures/tokenizers/byte-level/tokenizer.json');
    const file: { pre_tokenizer: unknown } = JSON.parse(await readFile(path, 'utf8'));
    expect(recognisePreTokenizer(file.pre_tokenizer, true)).toEqual({ kind: 'known', name: 'llama-bpe' });
  });
});
