// The window of a model: what the Python library gives for `truncation=True, max_length=n` is the first tokens of the document
// between the special tokens of the tokenizer.
import { describe, expect, it } from 'vitest';
import { windowEncoder } from '../../../../../core/lib/embedding/token-window.ts';
import type { TextTokenizer } from '../../../../../core/lib/tokenizers/text-tokenizer.ts';
import { loadFixture, tokenizerNames, tokenizerTexts } from '../../../../support/tokenizer-fixtures.ts';

describe.each(tokenizerNames)('the window of %s', (name) => {
  const { tokenizer, expected } = loadFixture(name);

  it.each(Object.keys(tokenizerTexts))('leaves %s whole where it fits', (key) => {
    const ids = expected[key]?.ids ?? [];
    expect(Array.from(windowEncoder(tokenizer, 100_000)(tokenizerTexts[key] ?? ''))).toEqual(ids);
  });

  it('cuts the document, never what stands around it', () => {
    const { ids = [], added = [] } = expected['english'] ?? {};
    const own = ids.filter((_, index) => added[index] === 0);
    const around = ids.length - own.length;
    for (const room of [1, 2, own.length - 1, own.length]) {
      const cut = Array.from(windowEncoder(tokenizer, room + around)(tokenizerTexts['english'] ?? ''));
      const before = added.indexOf(0);
      expect(cut).toEqual([
        ...ids.slice(0, before),
        ...own.slice(0, room),
        ...ids.slice(before + own.length),
      ]);
    }
  });
});

describe('windowEncoder', () => {
  const framed = (special: readonly number[], plain = [7, 8]): TextTokenizer => ({
    ...loadFixture(tokenizerNames[0] ?? '').tokenizer,
    encode: (_, options) => Uint32Array.from(options?.special === true ? special : plain),
  });

  it('refuses a window that the special tokens fill', () => {
    expect(() => windowEncoder(framed([1, 7, 8, 2]), 2)).toThrow(/special tokens alone fill 2 tokens/);
    expect([...windowEncoder(framed([1, 7, 8, 2]), 3)('a b')]).toEqual([1, 7, 2]);
  });

  it('refuses special tokens in the middle of the text', () => {
    expect(() => windowEncoder(framed([1, 7, 3, 8, 2]), 512)).toThrow(/before and after the text/);
  });

  it('gives an empty document its special tokens alone', () => {
    const tokenizer = { ...framed([1, 7, 8, 2]) };
    const encode = (text: string, options?: { readonly special?: boolean }) =>
      text === '' ? new Uint32Array(0) : framed([1, 7, 8, 2]).encode(text, options);
    expect([...windowEncoder({ ...tokenizer, encode }, 512)('')]).toEqual([1, 2]);
  });
});
