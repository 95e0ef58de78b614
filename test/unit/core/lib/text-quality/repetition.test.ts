import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  findLoop,
  findLoopInText,
  repeatedShare,
  repeatedShareInText,
} from '../../../../../core/lib/text-quality/repetition.ts';
import { textUnits } from '../../../../../core/lib/text-quality/units.ts';

describe('loops', () => {
  test('an answer that goes round says after which unit nothing new comes', () => {
    const loop = findLoop([1, 2, 3, 7, 8, 9, 10, 7, 8, 9, 10, 7, 8, 9, 10, 7, 8]);
    expect(loop).toEqual({ period: 4, rounds: 3.5, start: 3, freshUnits: 7, reachesEnd: true });
  });

  test('a loop that is left again is found, and does not reach the end', () => {
    const loop = findLoop([5, 6, 7, 5, 6, 7, 5, 6, 7, 5, 6, 7, 20, 21, 22, 23, 24, 25]);
    expect(loop).toMatchObject({ period: 3, start: 0, freshUnits: 3, reachesEnd: false });
  });

  test('of several loops the one at the end counts', () => {
    const text = `${'Roma '.repeat(30)}${'cold '.repeat(20)}${'via '.repeat(40)}`;
    expect(findLoopInText(text)).toMatchObject({ period: 1, start: 50, freshUnits: 51, reachesEnd: true });
  });

  test('an end mark after the loop does not hide it', () => {
    const text = `Roma è ${'la capitale '.repeat(9)}.`;
    expect(findLoopInText(text)).toMatchObject({ period: 2, start: 2, reachesEnd: true });
  });

  test.each([
    ['nothing', ''],
    ['one word', 'Roma'],
    ['a person laughing', 'Ah ah ah, che bello!'],
    ['a number with zeros', '1 000 000 000'],
    ['a refrain that comes twice', 'Fra Martino, campanaro, dormi tu? Fra Martino, campanaro, dormi tu?'],
    ['a list', '1. pane, 2. latte, 3. uova, 4. burro, 5. sale, 6. olio, 7. riso, 8. tè'],
    [
      'prose',
      'La città fu fondata nel 753 a.C. secondo la leggenda, e la leggenda la vuole fondata da Romolo.',
    ],
  ])('%s is no loop', (_name, text) => {
    expect(findLoopInText(text)).toBeNull();
  });

  test('a long passage twice in a row is one', () => {
    const passage = Array.from({ length: 30 }, (_, index) => index);
    expect(findLoop([...passage, ...passage])).toMatchObject({ period: 30, freshUnits: 30 });
    expect(findLoop([...passage, ...passage.slice(0, 20)])).toBeNull();
  });

  test('one letter over and over, without a space, and a language without spaces', () => {
    expect(findLoopInText('a'.repeat(200))).toMatchObject({ period: 1, freshUnits: 1 });
    expect(findLoopInText('我爱北京'.repeat(5))).toMatchObject({ period: 4, freshUnits: 4 });
  });

  test('whatever is repeated often enough after something new is found at its place', () => {
    const period = fc.uniqueArray(fc.integer({ min: 100, max: 999 }), { minLength: 4, maxLength: 20 });
    const before = fc.uniqueArray(fc.integer({ min: 0, max: 99 }), { maxLength: 30 });
    fc.assert(
      fc.property(before, period, fc.integer({ min: 3, max: 6 }), (head, round, rounds) => {
        const units = [...head, ...Array.from({ length: rounds }, () => round).flat()];
        expect(findLoop(units)).toEqual({
          period: round.length,
          rounds,
          start: head.length,
          freshUnits: head.length + round.length,
          reachesEnd: true,
        });
      }),
    );
  });

  test('units that are all different never loop', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.integer()), (units) => findLoop(units) === null));
  });
});

describe('share that was there before', () => {
  test('counts n-grams', () => {
    expect(repeatedShare([1, 2, 3, 4, 5])).toBe(0);
    expect(repeatedShare([1, 1, 1, 1, 1, 1, 1, 1])).toBeCloseTo(4 / 5);
    expect(repeatedShare([1, 2, 1, 2, 1], 2)).toBe(0.5);
    expect(repeatedShareInText('Uno due tre quattro. uno DUE tre quattro.')).toBeCloseTo(2 / 7);
  });

  test('is unknown where there is too little', () => {
    expect(repeatedShare([1, 2, 3, 4])).toBeNull();
    expect(repeatedShareInText('')).toBeNull();
  });

  test('numbers and texts that look alike are kept apart', () => {
    expect(repeatedShare([1, '1', 1, '1'], 2)).toBeCloseTo(1 / 3);
    expect(repeatedShare(['a,b', 'c', 'a', 'b,c'], 2)).toBe(0);
  });
});

test('units know where they stand in the text', () => {
  const text = "L'è  qui: 12.5 però";
  for (const unit of textUnits(text)) expect(text.slice(unit.start, unit.end)).toBe(unit.text);
  expect(textUnits(text).map((unit) => unit.text)).toEqual([
    'L',
    "'",
    'è',
    'qui',
    ':',
    '12',
    '.',
    '5',
    'però',
  ]);
});
