// Requests and scores equal to those of lm-evaluation-harness for the same rows: test/fixtures/evaluations/make_lm_eval.py.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import {
  choiceScores,
  firstLargest,
  meanOfScores,
} from '../../../../../../core/lib/evaluations/tasks/choice-scores.ts';
import { choiceTask, requestsOf } from '../../../../../../core/lib/evaluations/tasks/choice-tasks.ts';
import { capitalize, characters, strip } from '../../../../../../core/lib/evaluations/tasks/python-text.ts';
import { readResults } from '../../../../../../core/lib/evaluations/reading/read-results.ts';

const folder = join(import.meta.dirname, '../../../../../fixtures/evaluations');
const TIME = '2026-11-22T12-00-00';
const linesOf = (path: string): unknown[] =>
  readFileSync(join(folder, path), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
const kept = z.object({
  doc_id: z.number(),
  doc: z.record(z.string(), z.unknown()),
  target: z.string(),
  doc_hash: z.string(),
  prompt_hash: z.string(),
  target_hash: z.string(),
  arguments: z.record(z.string(), z.object({ arg_0: z.string(), arg_1: z.string() })),
  filtered_resps: z.array(z.tuple([z.string(), z.string()])),
  acc: z.number(),
  acc_norm: z.number().optional(),
});
const hash = (text: string) => createHash('sha256').update(text).digest('hex');

test.each([
  ['m_mmlu_it', 'm_mmlu', 'two-shot', 2],
  ['mmlu_world_religions', 'mmlu', 'two-shot', 2],
  ['arc_it', 'm_arc', 'zero-shot', 0],
  ['hellaswag_it', 'hellaswag', 'zero-shot', 0],
  ['hellaswag', 'hellaswag', 'zero-shot', 0],
  ['arc_challenge', 'arc', 'zero-shot', 0],
])('%s: prompts, choices, hashes and scores', (name, questions, run, shots) => {
  const task = choiceTask(name);
  if (!task) throw new Error(`No task ${name}`);
  const documents = linesOf(`questions/${questions}-test.jsonl`).map((row) => task.documentOf(row));
  const examples = linesOf(`questions/${questions}-train.jsonl`)
    .slice(0, shots)
    .flatMap((row) => task.documentOf(row) ?? []);
  const samples = linesOf(`lm-eval/nesso-tiny/${run}/samples_local_${name}_${TIME}.jsonl`).map((line) =>
    kept.parse(line),
  );
  expect(samples).toHaveLength(17);
  const right = { acc: [] as number[], acc_norm: [] as number[] };
  for (const sample of samples) {
    const document = documents[sample.doc_id];
    if (!document) throw new Error(`Row ${sample.doc_id} is no document`);
    const requests = requestsOf(task, document, examples);
    expect(requests).toEqual(
      Object.values(sample.arguments).map(({ arg_0: context, arg_1: continuation }) => ({
        context,
        continuation,
      })),
    );
    expect(document.row).toEqual(sample.doc);
    expect(document.target).toBe(sample.target);
    expect(hash(JSON.stringify(document.row, null, 2))).toBe(sample.doc_hash);
    expect(hash(requests[0]?.context ?? '')).toBe(sample.prompt_hash);
    expect(hash(document.target)).toBe(sample.target_hash);
    const scores = choiceScores(
      document,
      sample.filtered_resps.map(([value]) => Number(value)),
    );
    expect(scores.acc).toBe(sample.acc);
    right.acc.push(scores.acc);
    right.acc_norm.push(scores.acc_norm);
    if (task.metrics.includes('acc_norm')) expect(scores.acc_norm).toBe(sample.acc_norm);
  }
  const path = `lm-eval/nesso-tiny/${run}/results_${TIME}.json`;
  const { results } = readResults(readFileSync(join(folder, path), 'utf8'), { path, sha256: null });
  for (const metric of task.metrics) {
    const printed = results.find((one) => one.task === `local_${name}` && one.metric === metric);
    const found = meanOfScores(right[metric]);
    expect(found.value).toBeCloseTo(printed?.value ?? -1, 12);
    expect(found.standardError).toBeCloseTo(printed?.standardError ?? -1, 12);
    expect(printed?.version).toBe(String(task.version));
  }
});

test('characters and bytes are not the same length in Italian', () => {
  const document = { choices: ['perché così', 'perche cosi', '🌕'], gold: 0 };
  // Per character −1.0, −1.0909, −5: the first; per byte −0.846, −1.09, −1.25.
  expect(choiceScores(document, [-11, -12, -5])).toEqual({ acc: 0, acc_norm: 1, acc_bytes: 1 });
  expect(choiceScores({ choices: ['è', 'e'], gold: 0 }, [-1.5, -1])).toEqual({
    acc: 0,
    acc_norm: 0,
    acc_bytes: 1,
  });
  expect(firstLargest([-2, -1, -1])).toBe(1);
  expect(characters('a🌕è')).toBe(3);
});

test('text as Python changes it', () => {
  expect(strip('\u001f\u00a0 a\u0085 b\u3000\n')).toBe('a\u0085 b');
  expect(strip('\uFEFFa ')).toBe('\uFEFFa');
  expect(strip(`${' '.repeat(100_000)}x${' '.repeat(100_000)}`)).toBe('x');
  expect(['ÈLEI che CORRE', 'ǆA', 'ßA', '', 'ﬁne', '🌕A'].map(capitalize)).toEqual([
    'Èlei che corre',
    'ǅa',
    'Ssa',
    '',
    'Fine',
    '🌕a',
  ]);
});

test('rows that are none of a task, and names that are no task', () => {
  for (const name of ['m_mmlu_it', 'mmlu_astronomy', 'hellaswag', 'arc_it', 'arc_easy']) {
    const task = choiceTask(name);
    for (const row of [
      null,
      1,
      [],
      {},
      { question: 1, instruction: 2, choices: 3, endings: [4], label: '0', answer: 'F' },
    ]) {
      expect(task?.documentOf(row)).toBeNull();
    }
  }
  expect(
    choiceTask('mmlu_astronomy')?.documentOf({
      question: 'q',
      subject: 'anatomy',
      choices: ['a', 'b', 'c', 'd'],
      answer: 0,
    }),
  ).toBeNull();
  for (const name of ['mmlu', 'ifeval', 'arc', 'hellaswag_xxx', '']) expect(choiceTask(name)).toBeNull();
});
