import { describe, expect, test } from 'vitest';
import { sampling } from '../../../../../core/api/generation.ts';
import { markOf, markText } from '../../../../../core/lib/replay/marks.ts';
import { promptAt, type ReplayScript, turnsOfPath } from '../../../../../core/lib/replay/script.ts';

const script = (change: Partial<ReplayScript> = {}): ReplayScript => ({
  id: 'chat',
  mode: 'chat',
  systemPrompt: 'Sii breve.',
  template: null,
  addBos: true,
  sampling: sampling.parse({ temperature: 0 }),
  turns: [
    { question: 'Uno?', answer: 'Kept one.' },
    { question: 'Due?', answer: null },
    { question: 'Tre?', answer: 'Kept three.' },
  ],
  before: 'own',
  ...change,
});

describe('what is asked', () => {
  test('the questions of a branch, with the answers they got', () => {
    const path = [
      { role: 'assistant' as const, text: 'before anything' },
      { role: 'user' as const, text: 'a' },
      { role: 'user' as const, text: 'b' },
      { role: 'assistant' as const, text: 'calls a tool' },
      { role: 'tool' as const, text: '{}' },
      { role: 'assistant' as const, text: 'B' },
    ];
    expect(turnsOfPath(path)).toEqual([
      { question: 'a', answer: null },
      { question: 'b', answer: 'B' },
    ]);
  });

  test('after its own answers, or after those of the conversation', () => {
    const texts = (own: ReplayScript) => {
      const prompt = promptAt(own, 2, ['Own one.', 'Own two.']);
      return prompt.kind === 'chat' ? prompt.messages.map(({ text }) => text) : [];
    };
    expect(texts(script())).toEqual(['Sii breve.', 'Uno?', 'Own one.', 'Due?', 'Own two.', 'Tre?']);
    expect(texts(script({ before: 'kept' }))).toEqual([
      'Sii breve.',
      'Uno?',
      'Kept one.',
      'Due?',
      '',
      'Tre?',
    ]);
    expect(texts(script({ systemPrompt: '  ' }))[0]).toBe('Uno?');
  });

  test('as one text in raw mode', () => {
    expect(promptAt(script({ mode: 'raw' }), 1, [' uno.'])).toMatchObject({
      kind: 'raw',
      text: 'Uno? uno.Due?',
    });
  });
});

describe('marks', () => {
  const answer = (text: string) => ({ text, tokens: null, vocabulary: null });
  const reference = answer('La capitale è Roma.');
  test.each([
    ['La capitale è Roma.', 'same', 'Same answer'],
    ['La capitale è Milano.', 'parts', 'Answers part at word 4'],
    ['', 'empty', 'Empty answer'],
    [' \n', 'empty', 'Empty answer'],
    [`La capitale ${'è la '.repeat(9)}`, 'loops', 'Answers part at word 4 · loops after word 4'],
  ])('%j is %s', (text, kind, words) => {
    const mark = markOf(answer(text), reference);
    expect(mark.kind).toBe(kind);
    expect(markText(mark)).toBe(words);
  });

  test('the step that others are compared with, and one without it', () => {
    expect(markOf(reference, reference)).toMatchObject({ kind: 'reference', partsAt: null });
    expect(markOf(answer('Roma'), null)).toMatchObject({ kind: 'alone' });
    const loop = answer('no '.repeat(20));
    expect(markText(markOf(loop, loop))).toBe('Loops after word 1');
  });
});
