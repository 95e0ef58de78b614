// Rows of other people's data sets as questions of one's own: which column is what, what is wrong with a row, the file that asks them.
import { expect, test } from 'vitest';
import { ofDefinition } from '../../../../../../core/lib/evaluations/tasks/defined-task.ts';
import { defineTask } from '../../../../../../core/lib/evaluations/tasks/define-task.ts';
import {
  type OwnQuestion,
  ownQuestion,
  ownRow,
  ownTaskYaml,
  questionColumns,
  taskNameOf,
} from '../../../../../../core/lib/evaluations/tasks/own-questions.ts';
import { taskFields } from '../../../../../../core/lib/evaluations/tasks/task-fields.ts';

type Rows = readonly Record<string, unknown>[];

function read(rows: Rows): readonly (OwnQuestion | string)[] {
  const columns = questionColumns(rows);
  if (columns === null) return [];
  return rows.map((row) => ownQuestion(row, columns));
}

const asked = { question: 'Q?', choices: ['a', 'b', 'c'] };

/** One row each as their data sets have it; the right answer is the second choice. */
const layouts: readonly (readonly [string, Rows[number]])[] = [
  ['a list and a place', { ...asked, answer: 1 }],
  ['a place as text', { ...asked, gold: '1' }],
  ['a letter', { ...asked, answer: 'B' }],
  ['the text itself', { ...asked, answer: 'b' }],
  ['ARC', { question: 'Q?', choices: { text: ['a', 'b', 'c'], label: ['1', '2', '3'] }, answerKey: '2' }],
  ['MMLU of Okapi', { instruction: 'Q?', option_a: 'a', option_b: 'b', option_c: 'c', answer: 'B' }],
  ['HellaSwag', { ctx: 'Q?', endings: ['a', 'b', 'c'], label: '1' }],
  ['PIQA', { goal: 'Q?', sol1: 'a', sol2: 'b', sol3: 'c', label: 1 }],
  ['columns of letters', { query: 'Q?', A: 'a', B: 'b', C: 'c', target: 'B' }],
];

test.each(layouts)('%s', (_, row) => {
  expect(read([row])).toEqual([{ ...asked, answer: 1 }]);
});

test('numbers that begin at 1 are told by the last choice, and by no answer of 0', () => {
  const rows = [1, 3, 2].map((answer) => ({ ...asked, answer }));
  expect(read(rows).map((one) => (typeof one === 'string' ? one : one.answer))).toEqual([0, 2, 1]);
  const fromZero = [...rows, { ...asked, answer: 0 }];
  expect(read(fromZero)[1]).toContain('has 3 in answer, which is none of its 3 choices');
});

test('what is wrong with a row is said', () => {
  const good = { ...asked, answer: 'a' };
  const faults: readonly (readonly [object, string])[] = [
    [{ ...good, question: ' ' }, 'no text in question'],
    [{ ...good, answer: null }, 'nothing in answer'],
    [{ ...good, answer: 'z' }, 'has "z" in answer'],
    [{ ...good, choices: ['a'] }, 'a single choice'],
    [{ ...good, choices: 'a, b' }, 'no choices'],
    [{ ...good, choices: ['a', ''] }, 'an empty choice'],
    [{ ...good, choices: ['a', 'a'] }, 'a choice twice'],
  ];
  const columns = questionColumns([good]);
  if (columns === null) throw new Error('The columns are usual');
  for (const [row, words] of faults) expect(ownQuestion(row, columns)).toContain(words);
  for (const row of [null, 3, 'x', [good]]) expect(ownQuestion(row, columns)).toContain('no object');
  expect(questionColumns([{ topic: 'x', score: 3 }])).toBeNull();
  expect(questionColumns([])).toBeNull();
});

test.each([
  ['choices', { ...asked, answer: 'C', subject: 'letters' }, { kind: 'choices', gold: [2] }],
  ['written answers', { question: 'Q?', answer: 42 }, { kind: 'writing', targets: ['42'] }],
])('the task file that is made can be read, and asks: %s', (_, row, wanted) => {
  const [question] = read([row]);
  if (question === undefined || typeof question === 'string') throw new Error(String(question));
  const hasChoices = question.choices !== null;
  const yaml = ownTaskYaml({ name: 'own', file: 'own.jsonl', hasChoices, source: 'a "file"\nof mine.jsonl' });
  const { definition, problems } = defineTask(taskFields(yaml, 'own.yaml').fields, 'own.yaml');
  expect(problems).toEqual([]);
  if (definition?.kind !== 'task') throw new Error('It is no task');
  const request = ofDefinition(definition).questionOf(ownRow(row, question))?.ask('');
  expect(request).toMatchObject({ ...wanted, context: 'Question: Q?\nAnswer:' });
});

test('names of files become names of tasks', () => {
  expect(taskNameOf('Domande di Storia (2).jsonl')).toBe('domande_di_storia_2');
  expect(taskNameOf('perché.parquet')).toBe('perche');
  expect(taskNameOf('…….csv')).toBe('own_questions');
});
