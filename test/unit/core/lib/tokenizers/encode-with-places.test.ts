// Where tokens stand in the text, against the offsets of the Python library. One difference is wanted: characters that a
// normalizer swallowed (the accent of a letter written in two parts, the first of two spaces) belong to no token in Python
// and here to the one that came of them.
import { describe, expect, it } from 'vitest';
import { encodeWithPlaces } from '../../../../../core/lib/tokenizers/encode-with-places.ts';
import { makeTokenizer } from '../../../../../core/lib/tokenizers/text-tokenizer.ts';
import {
  type ExpectedEncoding,
  loadFixture,
  tokenizerNames,
  tokenizerTexts,
} from '../../../../support/tokenizer-fixtures.ts';

/** Units of the text that no token of Python covers. */
function uncovered(text: string, { starts, ends }: ExpectedEncoding): ReadonlySet<number> {
  const free = new Set(Array.from({ length: text.length }, (_, unit) => unit));
  for (const [index, start] of starts.entries()) {
    for (let unit = start; unit < (ends[index] ?? start); unit += 1) free.delete(unit);
  }
  return free;
}

function places(ids: readonly number[], starts: ArrayLike<number>, ends: ArrayLike<number>) {
  return ids.map((id, index) => ({ id, start: starts[index] ?? -1, end: ends[index] ?? -1 }));
}

describe.each(tokenizerNames)('places of the tokenizer %s', (name) => {
  const { tokenizer, expected } = loadFixture(name);

  it.each(Object.keys(tokenizerTexts))('are those of Python for %s', (key) => {
    const text = tokenizerTexts[key] ?? '';
    const python = expected[key] ?? { ids: [], starts: [], ends: [], added: [], decoded: '' };
    const placed = encodeWithPlaces(tokenizer, text, { special: true });
    expect(placed.exact).toBe(true);
    expect(Array.from(placed.ids)).toEqual(python.ids);
    const free = uncovered(text, python);
    const ours = places(python.ids, placed.starts, placed.ends).map(({ id, start, end }, index) => {
      // What the post-processor put there has no place, only a side of the text.
      if (placed.kinds[index] === 2) return { id, start: 0, end: 0 };
      let [from, to] = [start, end];
      while (from < (python.starts[index] ?? 0) && free.has(from)) from += 1;
      while (to > (python.ends[index] ?? 0) && free.has(to - 1)) to -= 1;
      return { id, start: from, end: to };
    });
    expect(ours).toEqual(places(python.ids, python.starts, python.ends));
  });
});

describe('places', () => {
  it('cover the whole text with a tokenizer that keeps every character', () => {
    for (const name of ['byte-level', 'gpt2', 'unigram', 'byte-fallback']) {
      const { tokenizer } = loadFixture(name);
      for (const [key, text] of Object.entries(tokenizerTexts)) {
        const { starts, ends } = encodeWithPlaces(tokenizer, text);
        const free = uncovered(text, {
          ids: [],
          starts: [...starts],
          ends: [...ends],
          added: [],
          decoded: '',
        });
        expect({ name, key, free: [...free] }).toEqual({ name, key, free: [] });
      }
    }
  });

  it('tell special tokens of the text from those that were put around it', () => {
    const { tokenizer } = loadFixture('byte-level');
    const { ids, starts, ends, kinds } = encodeWithPlaces(tokenizer, 'a<|end_of_text|>', { special: true });
    expect([...kinds]).toEqual([2, 0, 1]);
    expect([...ids]).toEqual([0, tokenizer.encode('a')[0], 1]);
    expect([...starts]).toEqual([0, 0, 1]);
    expect([...ends]).toEqual([0, 1, 16]);
  });

  it('follow a normalizer that joins characters', () => {
    const tokenizer = makeTokenizer(
      {
        model: { type: 'BPE', vocab: { X: 0, y: 1 }, merges: [] },
        normalizer: {
          type: 'Sequence',
          normalizers: [{ type: 'Lowercase' }, { type: 'Replace', pattern: { String: 'a b' }, content: 'X' }],
        },
      },
      {},
    );
    const { starts, ends, exact } = encodeWithPlaces(tokenizer, 'yA by');
    expect([[...starts], [...ends], exact]).toEqual([[0, 1, 4], [1, 4, 5], true]);
  });

  it('stay right in a long document', () => {
    const { tokenizer } = loadFixture('byte-level');
    const text = Object.values(tokenizerTexts).join('\n').repeat(60);
    const placed = encodeWithPlaces(tokenizer, text);
    expect(placed.ids).toEqual(tokenizer.encode(text));
    const at = Math.floor(placed.ids.length / 2);
    const shown = text.slice(placed.starts[at], placed.ends[at]);
    expect(tokenizer.decode([placed.ids[at] ?? 0])).toBe(shown);
  });
});
