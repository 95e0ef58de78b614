import { describe, expect, test } from 'vitest';
import { sampling } from '../../../../../../core/api/generation.ts';
import { marksOf } from '../../../../../../renderer/features/models/columns/compare-marks.ts';
import {
  answerBitsPerByte,
  type Column,
  type ColumnAnswer,
  promptOf,
} from '../../../../../../renderer/features/models/columns/compare-state.ts';

function answer(pieces: readonly string[]): ColumnAnswer {
  const id = (piece: string) =>
    Array.from(piece).reduce((sum, letter) => sum * 31 + (letter.codePointAt(0) ?? 0), 7);
  return {
    text: pieces.join(''),
    tokenIds: [...pieces.map(id), 2],
    tokenTexts: [...pieces, '<|end|>'],
    special: [pieces.length],
    logProbabilities: [...pieces.map(() => Math.log(0.5)), -9],
    stopReason: 'end',
    statistics: {
      tokens: pieces.length,
      promptTokens: 1,
      reusedTokens: 0,
      loadMs: null,
      promptMs: 1,
      timeToFirstTokenMs: 1,
      promptTokensPerSecond: 1,
      tokensPerSecond: 1,
      memoryBytes: null,
    },
    asked: '',
  };
}
const cut = (own: ColumnAnswer, ranges: readonly { start: number; end: number }[]) =>
  ranges.map(({ start, end }) => own.text.slice(start, end));

describe('marks of one question', () => {
  const roma = answer(['La', ' capitale', ' è', ' Roma', '.']);
  const milano = answer(['La', ' capitale', ' è', ' Milano', '.']);

  test('two columns mark each other, by tokens', () => {
    const [first, second] = marksOf([
      { answer: roma, vocabulary: 'v' },
      { answer: milano, vocabulary: 'v' },
    ]);
    expect(first).toMatchObject({ words: '' });
    expect(cut(roma, first?.ranges ?? [])).toEqual([' Roma']);
    expect(second?.words).toBe('Answers part at token 4');
    expect(cut(milano, second?.ranges ?? [])).toEqual([' Milano']);
  });

  test('with three, the first is only what the others are compared with', () => {
    const marks = marksOf([roma, milano, roma].map((own) => ({ answer: own, vocabulary: 'v' })));
    expect(marks[0]?.ranges).toEqual([]);
    expect(marks[2]).toMatchObject({ words: 'Same answer', ranges: [] });
  });

  test('another vocabulary, a column without an answer, an empty one', () => {
    const marks = marksOf([
      { answer: roma, vocabulary: 'v' },
      { answer: milano, vocabulary: 'w' },
      { answer: null, vocabulary: 'v' },
      { answer: answer([]), vocabulary: 'v' },
    ]);
    expect(marks[1]?.words).toBe('Answers part at word 4');
    expect(marks[2]).toBeNull();
    expect(marks[3]?.words).toBe('Empty answer · Answers part at token 1');
  });

  test('bits per byte leave the end mark out', () => {
    expect(answerBitsPerByte(answer(['ab', 'cd']))).toBeCloseTo(0.5);
    expect(answerBitsPerByte(answer([]))).toBeNull();
  });
});

test('a column is asked after its own answers', () => {
  const own: Column = {
    id: 'a',
    modelPath: 'm.gguf',
    mode: 'chat',
    systemPrompt: 'Breve.',
    template: null,
    sampling: sampling.parse({}),
    answers: [answer(['Uno.']), null],
  };
  const prompt = promptOf(['uno?', 'due?'], own, 1);
  expect(prompt.kind === 'chat' && prompt.messages.map(({ text }) => text)).toEqual([
    'Breve.',
    'uno?',
    'Uno.',
    'due?',
  ]);
  expect(promptOf(['uno?', 'due?'], { ...own, mode: 'raw' }, 1)).toMatchObject({ text: 'uno?Uno.due?' });
});
