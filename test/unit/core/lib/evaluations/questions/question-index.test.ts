// Indexes of answers: columns packed and read back, and which questions are right, flipped, of a subject or of a length.
import { describe, expect, test } from 'vitest';
import {
  indexBuilder,
  packIndex,
  type QuestionIndex,
  unpackIndex,
} from '../../../../../../core/lib/evaluations/questions/question-index.ts';
import { readQuestion } from '../../../../../../core/lib/evaluations/questions/read-question.ts';
import {
  type AnswerSet,
  countKinds,
  countSubjects,
  pairQuestions,
  type QuestionFilter,
  selectQuestions,
} from '../../../../../../core/lib/evaluations/questions/select-questions.ts';

interface Line {
  readonly id: number;
  readonly acc: number | null;
  readonly hash?: string;
  readonly subject?: string;
  readonly prompt?: string;
  readonly filter?: string;
  readonly likelihoods?: readonly number[];
}

const sample = ({
  id,
  acc,
  hash = `${id}abc`,
  subject,
  prompt = 'Question',
  filter,
  likelihoods = [-1, -20],
}: Line) => ({
  doc_id: id,
  doc: subject === undefined ? {} : { subject },
  target: '0',
  arguments: Object.fromEntries(
    likelihoods.map((_, place) => [
      `gen_args_${place}`,
      { arg_0: prompt, arg_1: ` ${'x'.repeat(place * 9 + 1)}` },
    ]),
  ),
  filtered_resps: likelihoods.map((value) => [String(value), 'False']),
  filter: filter ?? 'none',
  metrics: ['acc'],
  doc_hash: hash,
  acc,
});

function indexOf(lines: readonly Line[]): QuestionIndex {
  const builder = indexBuilder();
  lines.forEach((line, place) => {
    const question = readQuestion(sample(line));
    if (question === null) throw new Error('No question');
    builder.add({ offset: place * 100, length: 99 }, question);
  });
  return builder.finish({ sizeBytes: 1, modifiedMs: 2.5 }, [{ path: 'a', where: 'line 3', text: 'è cut' }]);
}

const setOf = (lines: readonly Line[], task = 'arc'): AnswerSet => ({
  parts: [{ task, index: indexOf(lines) }],
  metric: 'acc',
  filter: 'none',
});
const everything: QuestionFilter = {
  show: 'all',
  subject: null,
  minLength: null,
  maxLength: null,
  found: null,
  order: 'file',
};

describe('packed indexes', () => {
  const index = indexOf([
    { id: 7, acc: 1, subject: 'storia' },
    { id: 8, acc: null, hash: 'not hexadecimal' },
    { id: 9, acc: 0, filter: 'strict', subject: 'geografia' },
  ]);

  test('come back as they were', () => {
    const packed = packIndex(index);
    expect(unpackIndex(packed)).toEqual(index);
    // Wherever the bytes begin in memory.
    const shifted = new Uint8Array(packed.length + 3);
    shifted.set(packed, 3);
    expect(unpackIndex(shifted.subarray(3))).toEqual(index);
    expect(unpackIndex(Buffer.from(shifted.buffer, 3, packed.length))).toEqual(index);
  });

  test('that are cut, longer, of another format or nothing of the kind are not read', () => {
    const packed = packIndex(index);
    for (const end of [0, 4, 8, 40, packed.length - 8, packed.length - 1]) {
      expect(unpackIndex(packed.subarray(0, end))).toBeNull();
    }
    expect(unpackIndex(new Uint8Array([...packed, 0]))).toBeNull();
    const text = new TextDecoder('latin1').decode(packed).replace('"format":1', '"format":9');
    expect(unpackIndex(Uint8Array.from(text, (letter) => letter.charCodeAt(0)))).toBeNull();
    expect(unpackIndex(new Uint8Array(64).fill(255))).toBeNull();
  });

  test('a metric that some lines do not have is not known there', () => {
    expect([...(index.scores.get('acc') ?? [])]).toEqual([1, Number.NaN, 0]);
    expect([...index.hashes]).toEqual([0x7abc, Number.NaN, 0x9abc]);
  });
});

describe('questions of two models', () => {
  const first = setOf([
    { id: 0, acc: 1 },
    { id: 1, acc: 0 },
    { id: 2, acc: 1 },
    { id: 3, acc: 0 },
    { id: 4, acc: 1, hash: 'aaa' },
    { id: 5, acc: 1 },
    { id: 5, acc: 0 },
  ]);
  const second = setOf([
    { id: 3, acc: 1 },
    { id: 2, acc: 0 },
    { id: 1, acc: 0 },
    { id: 0, acc: 1 },
    { id: 4, acc: 0, hash: 'bbb' },
    { id: 9, acc: 1 },
  ]);

  test('are paired by number, unless what was asked differs', () => {
    const paired = pairQuestions(first, second);
    expect(paired.all.map(({ id, score, otherScore }) => [id, score, otherScore])).toEqual([
      [0, 1, 1],
      [1, 0, 0],
      [2, 1, 0],
      [3, 0, 1],
    ]);
    // Question 4 is another one on the other side, 5 and 9 are on one side alone.
    expect(paired.leftOut).toBe(4);
    expect(paired.repeated).toBe(1);
    const counts = countKinds(paired.all, first.parts);
    expect(counts).toMatchObject({
      all: 4,
      right: 2,
      wrong: 2,
      flips: 2,
      won: 1,
      lost: 1,
      'both-right': 1,
      'both-wrong': 1,
    });
    const ids = (show: QuestionFilter['show']) =>
      selectQuestions(paired.all, first.parts, { ...everything, show }).map(({ id }) => id);
    expect([ids('flips'), ids('won'), ids('lost'), ids('both-wrong')]).toEqual([[2, 3], [3], [2], [1]]);
  });

  test('alone have no flips', () => {
    const { all } = pairQuestions(first, null);
    expect(countKinds(all, first.parts)).toMatchObject({ all: 6, flips: 0, won: 0, 'both-right': 0 });
  });

  test('of two tasks with one number are two questions', () => {
    const [left, right] = [setOf([{ id: 0, acc: 1 }], 'a'), setOf([{ id: 0, acc: 0 }], 'b')];
    expect(pairQuestions(left, right)).toMatchObject({ all: [], leftOut: 2 });
  });
});

describe('what is shown', () => {
  const set = setOf([
    { id: 0, acc: 1, subject: 'storia', prompt: 'x'.repeat(30) },
    { id: 1, acc: 0, subject: 'arte', prompt: 'x'.repeat(10) },
    { id: 2, acc: 0, subject: 'storia', prompt: 'x'.repeat(20), likelihoods: [-3, -6] },
    { id: 3, acc: 1, filter: 'strict' },
  ]);
  const { all } = pairQuestions(set, null);
  const ids = (filter: Partial<QuestionFilter>) =>
    selectQuestions(all, set.parts, { ...everything, ...filter }).map(({ id }) => id);

  test('goes by subject, length and text, and in an order', () => {
    expect(ids({})).toEqual([0, 1, 2]);
    expect(ids({ subject: 'storia' })).toEqual([0, 2]);
    expect(ids({ minLength: 20 })).toEqual([0, 2]);
    expect(ids({ minLength: 11, maxLength: 29 })).toEqual([2]);
    expect(ids({ order: 'longest' })).toEqual([0, 2, 1]);
    expect(ids({ order: 'shortest' })).toEqual([1, 2, 0]);
    expect(ids({ found: [new Set([1, 3])] })).toEqual([1]);
    expect(ids({ show: 'length-decides' })).toEqual([2]);
  });

  test('subjects are counted with how many of them are right', () => {
    expect(countSubjects(all, set.parts)).toEqual([
      { name: 'storia', questions: 2, right: 1 },
      { name: 'arte', questions: 1, right: 0 },
    ]);
  });
});
