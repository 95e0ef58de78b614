// Documents behind a mark: links say the same after a way there and back, and what is chosen is what a reader would count.
import { describe, expect, it } from 'vitest';
import {
  choiceSentence,
  choiceText,
  type DocumentChoice,
  isChosen,
  readChoice,
} from '../../../../../core/lib/judge-bench/document-choice.ts';

const choices: readonly (readonly [DocumentChoice, string, string])[] = [
  [{ kind: 'class', people: 3, source: 2 }, 'class 3 2', 'people: 3, gemma: 2'],
  [{ kind: 'class', people: 0, source: 'invalid' }, 'class 0 invalid', 'people: 0, gemma: no valid score'],
  [{ kind: 'class', people: null, source: 5 }, 'class - 5', 'gemma: 5'],
  [{ kind: 'class', people: 4, source: null }, 'class 4 -', 'people: 4'],
  [{ kind: 'at-least', score: 4 }, 'at-least 4', 'gemma: 4 or more'],
  [{ kind: 'spread', atMost: 1 }, 'spread 1', 'ratings of people at most 1 apart'],
  [{ kind: 'tokens', from: 64, to: 77 }, 'tokens 64 77', '64 to 76 tokens'],
  [{ kind: 'tokens', from: 8192, to: null }, 'tokens 8192 -', '8192 tokens or more'],
];

it.each(choices)('%j is %s in a link', (choice, link, sentence) => {
  expect(choiceText(choice)).toBe(link);
  expect(readChoice(link)).toEqual(choice);
  expect(choiceSentence(choice, 'gemma')).toBe(sentence);
});

it.each([
  null,
  '',
  'class',
  'class 6 1',
  'class 1.5 1',
  'spread',
  'spread x',
  'at-least -1',
  'tokens 1',
  'no',
])('a link with %j chooses nothing', (text) => expect(readChoice(text)).toBeNull());

describe('a document is chosen', () => {
  const document = {
    score: 2.5,
    ratings: [2, 3, null],
    tokens: 76,
    prediction: 1.4 as number | null | undefined,
  };
  it.each<readonly [DocumentChoice, boolean]>([
    // Halves count upwards, as in the confusion.
    [{ kind: 'class', people: 3, source: 1 }, true],
    [{ kind: 'class', people: 2, source: 1 }, false],
    [{ kind: 'class', people: 3, source: 'invalid' }, false],
    [{ kind: 'at-least', score: 1 }, true],
    [{ kind: 'at-least', score: 2 }, false],
    [{ kind: 'spread', atMost: 1 }, true],
    [{ kind: 'spread', atMost: 0 }, false],
    [{ kind: 'tokens', from: 76, to: 77 }, true],
    [{ kind: 'tokens', from: 64, to: 76 }, false],
  ])('by %j: %s', (choice, expected) => expect(isChosen(document, choice)).toBe(expected));

  it('not without a prediction, two ratings, or a length', () => {
    const bare = { score: 3, ratings: [3, null], tokens: null, prediction: undefined };
    for (const choice of [
      { kind: 'class', people: 3, source: 'invalid' },
      { kind: 'class', people: null, source: 3 },
      { kind: 'at-least', score: 0 },
      { kind: 'spread', atMost: 5 },
      { kind: 'tokens', from: 0, to: null },
    ] as const) {
      expect(isChosen(bare, choice), choice.kind).toBe(false);
    }
    const invalid = { ...bare, prediction: null };
    expect(isChosen(invalid, { kind: 'class', people: 3, source: 'invalid' })).toBe(true);
    expect(isChosen(invalid, { kind: 'at-least', score: 0 })).toBe(false);
  });
});
