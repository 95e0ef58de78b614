// Questions of real samples of lm-eval 0.4.13: what is right and what each normalisation takes agree with the harness's own scores.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  METRIC_OF,
  normalised,
  measuredChoice,
} from '../../../../../../core/lib/evaluations/questions/normalisations.ts';
import { readQuestion } from '../../../../../../core/lib/evaluations/questions/read-question.ts';

const fixtures = join(import.meta.dirname, '../../../../../fixtures/evaluations/lm-eval');
const files = readdirSync(fixtures, { recursive: true, encoding: 'utf8' }).filter((path) =>
  /samples_.*\.jsonl$/.test(path),
);
const linesOf = (path: string) =>
  readFileSync(join(fixtures, path), 'utf8')
    .trim()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line));
const questionsOf = (path: string) =>
  linesOf(path).map((line) => {
    const question = readQuestion(line);
    if (question === null) throw new Error(`No question in ${path}`);
    return question;
  });

describe('questions of lm-eval', () => {
  const choiceFiles = files.filter((path) => !path.includes('generate'));

  test('there are files of each layout', () => {
    expect(choiceFiles.length).toBeGreaterThan(8);
  });

  test.each(choiceFiles)('%s: gold and picks give the scores of the harness', (path) => {
    for (const question of questionsOf(path)) {
      expect(question.gold).not.toBeNull();
      for (const { normalisation, pick } of question.picks) {
        const score = question.scores.get(METRIC_OF[normalisation]);
        if (score !== undefined)
          expect([question.id, pick === question.gold ? 1 : 0]).toEqual([question.id, score]);
      }
    }
  });

  test('a letter, a place and a text are found as the right choice', () => {
    const letters = questionsOf(files.find((path) => path.includes('m_mmlu')) ?? '');
    expect(letters[0]).toMatchObject({ target: 'A', gold: 0 });
    const line = linesOf(files.find((path) => path.includes('arc_it')) ?? '')[0] ?? {};
    expect(readQuestion({ ...line, target: 'Berlino', doc: {} })?.gold).toBe(1);
    // Where the target says nothing, a right answer is what the model took.
    expect(readQuestion({ ...line, target: '?', doc: {} })?.gold).toBe(1);
    expect(readQuestion({ ...line, target: '?', doc: {}, acc: 0 })?.gold).toBeNull();
  });

  test('what the model wrote stands beside what each filter cut out', () => {
    const path = files.find((one) => one.includes('generate')) ?? '';
    const [strict] = questionsOf(path);
    expect(strict).toMatchObject({
      choices: [],
      written: [' I am a very small model.'],
      extracted: '[invalid]',
      filter: 'strict-match',
      gold: null,
    });
  });
});

describe('normalisations', () => {
  test('lengths are those of code points and of UTF-8, whatever the text', () => {
    const encoder = new TextEncoder();
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { characters, bytes } = measuredChoice(text, -1);
        expect([characters, bytes]).toEqual([Array.from(text).length, encoder.encode(text).length]);
      }),
    );
    expect(measuredChoice('\ud800a', -1)).toMatchObject({ characters: 2, bytes: 4 });
  });

  test('characters are Unicode characters, bytes are UTF-8, tokens only where they are known', () => {
    const choices = [measuredChoice('è già', -10), measuredChoice('👍', -3)];
    expect(choices.map(({ characters, bytes }) => [characters, bytes])).toEqual([
      [5, 7],
      [1, 4],
    ]);
    const [none, characters, bytes, tokens] = normalised(choices);
    expect([none?.pick, characters?.pick, bytes?.pick, tokens?.pick]).toEqual([1, 0, 1, null]);
    expect(normalised([measuredChoice('a b', -6, 3), measuredChoice('c', -3, 1)])[3]).toMatchObject({
      values: [-2, -3],
      pick: 0,
    });
  });

  test('a likelihood that is no number gives no pick', () => {
    const line = {
      doc_id: 0,
      arguments: { gen_args_0: { arg_0: 'q', arg_1: ' a' }, gen_args_1: { arg_0: 'q', arg_1: ' b' } },
      filtered_resps: [
        ['nan', 'False'],
        ['-1', 'True'],
      ],
      target: '1',
    };
    const question = readQuestion(line);
    expect(question?.choices.map(({ text }) => text)).toEqual(['a', 'b']);
    expect(question?.picks.map(({ pick }) => pick)).toEqual([null, null, null, null]);
  });
});
