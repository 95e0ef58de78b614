import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { align } from '../../../../../core/lib/text-differences/align.ts';
import {
  type AnswerToken,
  type ComparedAnswer,
  compareAnswers,
  joinRanges,
  loopOf,
  loopText,
  markedPieces,
  readableMarks,
  partingText,
  tokenRanges,
} from '../../../../../core/lib/text-differences/compare-answers.ts';

const words = (text: string): ComparedAnswer => ({ text, tokens: null, vocabulary: null });
/** Every piece gets the id of its place in a made-up vocabulary. */
function tokens(pieces: readonly string[], vocabulary = 'v'): ComparedAnswer {
  const id = (piece: string) =>
    Array.from(piece).reduce((sum, letter) => sum * 31 + (letter.codePointAt(0) ?? 0), 7);
  const list: AnswerToken[] = pieces.map((text) => ({ id: id(text), text, special: text.startsWith('<|') }));
  const text = pieces.filter((piece) => !piece.startsWith('<|')).join('');
  return { text, tokens: list, vocabulary };
}
const marked = (answer: ComparedAnswer, ranges: readonly { start: number; end: number }[]) =>
  ranges.map(({ start, end }) => answer.text.slice(start, end));

describe('two answers', () => {
  test('part at a token, counted from 1, and say what the other does not have', () => {
    const left = tokens(['La', ' capitale', ' d', '’Italia', ' è', ' Roma', '.', '<|im_end|>']);
    const right = tokens(['La', ' capitale', ' d', '’Italia', ' è', ' la', ' città', ' Roma', '.']);
    const compared = compareAnswers(left, right);
    expect(compared).toMatchObject({ unit: 'token', partsAt: 5, isExact: true });
    expect(partingText(compared)).toBe('Answers part at token 6');
    expect(marked(left, compared.left)).toEqual([]);
    expect(marked(right, compared.right)).toEqual([' la città']);
  });

  test('with other vocabularies are compared by words', () => {
    const left = tokens(['Ro', 'ma', ' è', ' bella'], 'a');
    const right = tokens(['Roma', ' è', ' grande'], 'b');
    const compared = compareAnswers(left, right);
    expect(compared).toMatchObject({ unit: 'word', partsAt: 2 });
    expect(marked(left, compared.left)).toEqual(['bella']);
    expect(marked(right, compared.right)).toEqual(['grande']);
  });

  test('that are equal part nowhere, also when one vocabulary is unknown', () => {
    expect(partingText(compareAnswers(words('Roma.'), words('Roma.')))).toBe('Same answer');
    expect(compareAnswers({ ...tokens(['Roma']), vocabulary: null }, tokens(['Roma']))).toMatchObject({
      unit: 'word',
      partsAt: null,
    });
  });

  test('an empty one parts from the other at once', () => {
    const compared = compareAnswers(words(''), words('Roma'));
    expect(compared).toMatchObject({ partsAt: 0, left: [], right: [{ start: 0, end: 4 }] });
    expect(compareAnswers(words(''), words(''))).toMatchObject({ partsAt: null });
  });

  test('neighbours that both differ are marked as one stretch, with what is between them', () => {
    const right = words('uno due tre quattro');
    expect(marked(right, compareAnswers(words('uno quattro'), right).right)).toEqual(['due tre']);
  });

  test('too different to be aligned, everything between equal ends counts, and quickly', () => {
    const long = (seed: number) =>
      words(
        `inizio ${Array.from({ length: 4000 }, (_, index) => `${(index * seed) % 9973}a`).join(' ')} fine`,
      );
    const startedMs = performance.now();
    const compared = compareAnswers(long(7), long(5003));
    expect(compared.isExact).toBe(false);
    expect(compared.left).toHaveLength(1);
    expect(performance.now() - startedMs).toBeLessThan(10_000);
  });

  test('marks all over a text are none', () => {
    expect(readableMarks('Roma Roma', [{ start: 0, end: 9 }])).toEqual([]);
    expect(readableMarks('Roma è bella', [{ start: 7, end: 12 }])).toHaveLength(1);
  });

  test('loops say after which token', () => {
    const answer = tokens(['Roma', ' è', ...Array.from({ length: 8 }, () => [' la', ' città']).flat()]);
    const loop = loopOf(answer);
    expect(loop && loopText(loop)).toBe('loops after token 4');
    expect(loopOf(words('Roma è la capitale.'))).toBeNull();
  });
});

test('whatever the lists, what is not marked is the same on both sides', () => {
  const list = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 60 });
  fc.assert(
    fc.property(list, list, (left, right) => {
      const { onlyLeft, onlyRight, partsAt } = align(left, right);
      expect(left.filter((_, index) => !onlyLeft[index])).toEqual(
        right.filter((_, index) => !onlyRight[index]),
      );
      const head = partsAt ?? left.length;
      expect(left.slice(0, head)).toEqual(right.slice(0, head));
      if (partsAt !== null) expect(left[partsAt]).not.toBe(right[partsAt]);
    }),
  );
});

describe('places', () => {
  test('of tokens that share one character', () => {
    const pieces = [{ text: 'Ciao ' }, { text: '\uFFFD' }, { text: '' }, { text: '\uFFFD' }, { text: '!' }];
    const ranges = tokenRanges('Ciao 😀!', pieces);
    expect(ranges[0]).toEqual({ start: 0, end: 5 });
    expect(ranges[1]).toEqual({ start: 5, end: 7 });
    expect(ranges[4]).toEqual({ start: 7, end: 8 });
  });

  test('of tokens that do not belong to the text do not leave it', () => {
    const text = 'Roma';
    for (const range of tokenRanges(text, [{ text: 'x' }, { text: 'Roma' }, { text: 'più' }])) {
      expect(range.start).toBeLessThanOrEqual(range.end);
      expect(range.end).toBeLessThanOrEqual(text.length);
    }
  });

  test('marked or not, the pieces are the whole text', () => {
    const range = fc.tuple(fc.nat(30), fc.nat(6)).map(([start, length]) => ({ start, end: start + length }));
    fc.assert(
      fc.property(fc.string(), fc.array(range), (text, ranges) => {
        const joined = joinRanges([ranges]);
        expect(
          markedPieces(text, joined)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });
});
