// Ids, text and counts against the Python library, on tokenizers and texts of test/fixtures/tokenizers.
import { describe, expect, it } from 'vitest';
import { loadFixture, tokenizerNames, tokenizerTexts } from '../../../../support/tokenizer-fixtures.ts';

/** Python spells added words of a byte-level tokenizer as bytes on the way back, which loses their accents. */
const LOSSY_IN_PYTHON = new Set(['gpt2 combining', 'gpt2 special']);

describe.each(tokenizerNames)('the tokenizer %s', (name) => {
  const { tokenizer, expected } = loadFixture(name);

  it.each(Object.keys(tokenizerTexts))('has the ids of Python for %s', (key) => {
    const ids = Array.from(tokenizer.encode(tokenizerTexts[key] ?? '', { special: true }));
    expect(ids).toEqual(expected[key]?.ids);
  });

  const readable = Object.keys(tokenizerTexts).filter((key) => !LOSSY_IN_PYTHON.has(`${name} ${key}`));
  it.each(readable)('has the text of Python for %s', (key) => {
    const { ids = [], decoded } = expected[key] ?? {};
    expect(tokenizer.decode(ids)).toBe(decoded);
  });

  it('leaves out what the post-processor adds, unless asked', () => {
    const text = tokenizerTexts['english'] ?? '';
    const { ids = [], added = [] } = expected['english'] ?? {};
    expect(Array.from(tokenizer.encode(text))).toEqual(ids.filter((_, index) => added[index] === 0));
  });
});

describe('ids outside of the vocabulary', () => {
  it('stand for nothing', () => {
    const { tokenizer } = loadFixture('byte-level');
    const ids = tokenizer.encode('harbour');
    expect(tokenizer.decode([4_000_000, ...ids, 999_999])).toBe('harbour');
    expect(tokenizer.decode([4_000_000])).toBe('');
    expect(tokenizer.decode([])).toBe('');
    expect(tokenizer.tokenOf(4_000_000)).toBeNull();
  });
});
