// Two results against each other: what may be compared, with which test, and what is said of it. The answers are lm-eval's own.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stepOfModel } from '../../../../../core/lib/evaluations/checkpoint-of.ts';
import {
  comparabilityKey,
  differencesOf,
  mayCompare,
} from '../../../../../core/lib/evaluations/comparability.ts';
import { pairResults } from '../../../../../core/lib/evaluations/compare-results.ts';
import { compareResults } from '../../../../support/compare-results.ts';
import { pairedTest } from '../../../../../core/lib/evaluations/paired-test.ts';
import { readResults } from '../../../../../core/lib/evaluations/reading/read-results.ts';
import { readSample, type ScoredQuestion } from '../../../../../core/lib/evaluations/reading/read-sample.ts';
import type { EvaluationResult } from '../../../../../core/lib/evaluations/result.ts';
import { resultTable } from '../../../../../core/lib/evaluations/result-table.ts';
import { tableText } from '../../../../../core/lib/evaluations/table-texts.ts';

const folder = join(import.meta.dirname, '../../../../fixtures/evaluations/lm-eval');
const TIME = '2026-11-22T12-00-00';
const resultsOf = (name: string) =>
  readResults(readFileSync(join(folder, name, `results_${TIME}.json`), 'utf8'), { path: name, sha256: null })
    .results;
const samplesOf = (name: string, task: string) =>
  readFileSync(join(folder, name, `samples_${task}_${TIME}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const sample = readSample(JSON.parse(line));
      if (!sample) throw new Error(`No sample: ${line.slice(0, 80)}`);
      return sample;
    });
const scoresOf = (name: string, task: string, metric: string): ScoredQuestion[] =>
  samplesOf(name, task).map(({ id, documentHash, scores }) => ({
    id,
    documentHash,
    score: scores.get(metric) ?? -1,
  }));
const later = 'nesso-tiny/zero-shot';
const earlier = 'nesso-tiny-12000/zero-shot';
const one = (results: readonly EvaluationResult[], task: string, metric: string) => {
  const found = results.find((result) => result.task === task && result.metric === metric);
  if (!found) throw new Error(`No ${task} ${metric}`);
  return found;
};

test('samples: choices with likelihoods, scores whose mean is the result, generated answers by filter', () => {
  for (const task of ['local_arc_it', 'local_hellaswag', 'local_arc_challenge']) {
    for (const metric of ['acc', 'acc_norm']) {
      const scores = scoresOf(later, task, metric);
      const mean = scores.reduce((sum, { score }) => sum + score, 0) / scores.length;
      expect(mean).toBeCloseTo(one(resultsOf(later), task, metric).value, 12);
    }
  }
  const [arc] = samplesOf(later, 'local_arc_it');
  expect(arc?.prompt).toMatch(/^Question: .*\nAnswer:$/);
  expect(arc?.choices.every(({ text, logLikelihood }) => text.startsWith(' ') && logLikelihood < 0)).toBe(
    true,
  );
  expect(arc?.answer).toBeNull();
  const generated = samplesOf(later, 'capitals_generate');
  expect(new Set(generated.map(({ filter }) => filter))).toEqual(
    new Set(['strict-match', 'flexible-extract']),
  );
  expect(generated.every(({ choices, answer }) => choices.length === 0 && answer !== null)).toBe(true);
  expect(readSample({ doc_id: 'x' })).toBeNull();
  expect(readSample(7)).toBeNull();
  expect(
    readSample({ doc_id: 3, acc: true, inst: [true, false], other: 'text', filter: 'none' })?.scores,
  ).toEqual(
    new Map([
      ['acc', 1],
      ['inst', 0.5],
    ]),
  );
});

test('a paired test counts the questions that changed', () => {
  const found = pairedTest(
    scoresOf(earlier, 'local_arc_challenge', 'acc'),
    scoresOf(later, 'local_arc_challenge', 'acc'),
    {
      resamples: 500,
      seed: 1,
    },
  );
  const counts = found?.mcNemar;
  if (!counts) throw new Error('No counts');
  expect(counts.bothRight + counts.bothWrong + counts.onlyFirst + counts.onlySecond).toBe(17);
  const [first, second] = [
    one(resultsOf(earlier), 'local_arc_challenge', 'acc'),
    one(resultsOf(later), 'local_arc_challenge', 'acc'),
  ];
  expect((counts.onlySecond - counts.onlyFirst) / 17).toBeCloseTo(second.value - first.value, 10);
  expect(found.leftOut).toBe(0);
});

test('questions that are not the same are left out, and a test needs two', () => {
  const question = (id: number, documentHash: string | null, score: number) => ({ id, documentHash, score });
  const options = { resamples: 10, seed: 1 };
  const found = pairedTest(
    [question(0, 'a', 1), question(1, 'b', 0), question(2, 'c', 1), question(3, null, 0)],
    [
      question(0, 'a', 1),
      question(1, 'other', 0),
      question(2, 'c', 0),
      question(3, 'd', 1),
      question(9, 'e', 1),
    ],
    options,
  );
  expect(found).toMatchObject({
    questions: 3,
    leftOut: 3,
    mcNemar: { bothRight: 1, onlyFirst: 1, onlySecond: 1 },
  });
  expect(pairedTest([question(0, 'a', 1)], [question(0, 'a', 0)], options)).toBeNull();
  expect(
    pairedTest(
      [question(0, 'a', 0.5), question(1, 'a', 0)],
      [question(0, 'a', 0), question(1, 'a', 1)],
      options,
    )?.mcNemar,
  ).toBeNull();
});

test('with answers paired, else by standard errors, else not at all; corrected for several tasks', () => {
  const base = one(resultsOf(earlier), 'local_arc_it', 'acc');
  const make = (changes: Partial<EvaluationResult>): EvaluationResult => ({ ...base, ...changes });
  const ids = Array.from({ length: 100 }, (_, id) => id);
  const before = ids.map((id) => ({ id, documentHash: null, score: id % 2 }));
  const after = ids.map((id) => ({ id, documentHash: null, score: id % 2 === 1 || id < 30 ? 1 : 0 }));
  const compared = compareResults(
    [
      { first: make({ value: 0.5 }), second: make({ value: 0.65 }), questions: [before, after] },
      {
        first: make({ task: 'b', value: 0.25, standardError: 0.01 }),
        second: make({ task: 'b', value: 0.28, standardError: 0.01 }),
        questions: null,
      },
      // The mean of the answers is not the value: they are of another run, or the metric is no mean.
      {
        first: make({ task: 'c', value: 0.7 }),
        second: make({ task: 'c', value: 0.65 }),
        questions: [before, after],
      },
      { first: make({ task: 'd', standardError: null }), second: make({ task: 'd' }), questions: null },
      { first: make({ task: 'e', shots: 5 }), second: make({ task: 'e', shots: 0 }), questions: null },
    ],
    { resamples: 500, seed: 3 },
  );
  expect(compared.map(({ test: { kind }, verdict }) => `${kind}: ${verdict}`)).toEqual([
    'paired: better',
    'unpaired: no difference seen',
    'unpaired: no difference seen',
    'none: not tested',
    'unpaired: not comparable',
  ]);
  const [paired, unpaired] = compared;
  expect(paired?.test).toMatchObject({ questions: 100, mcNemar: { onlyFirst: 0, onlySecond: 15 } });
  // z = 0.03 / √(2 · 0.01²)
  expect(unpaired?.test).toMatchObject({ z: expect.closeTo(2.1213, 4), p: expect.closeTo(0.03389, 4) });
  expect(unpaired?.adjustedP).toBeCloseTo(2 * 0.03389, 3);
  const lower = compareResults(
    [
      {
        first: make({ value: 0.5, higherIsBetter: false }),
        second: make({ value: 0.65, higherIsBetter: false }),
        questions: [before, after],
      },
    ],
    { resamples: 100, seed: 1 },
  );
  expect(lower[0]?.verdict).toBe('worse');
});

test('what differs is said, and what is not known is not taken to be equal', () => {
  const plain = one(resultsOf(later), 'local_arc_it', 'acc');
  const chat = one(resultsOf('nesso-tiny/chat'), 'local_arc_it', 'acc');
  const found = differencesOf(plain, chat);
  expect(found.map(({ name, weight }) => `${name} ${weight}`)).toEqual([
    'number of examples different',
    'chat template different',
    'system prompt different',
    'limit different',
    'task hash remark',
  ]);
  expect(mayCompare(found)).toBe(false);
  expect(found[0]?.sentence).toBe('The number of examples differs: 0-shot, 1-shot');
  expect(differencesOf(plain, plain)).toEqual([]);
  expect(differencesOf(plain, one(resultsOf(earlier), 'local_arc_it', 'acc'))).toEqual([]);
  const pasted = { ...plain, chatTemplate: 'unknown', taskHash: null };
  const doubt = differencesOf(plain, pasted);
  expect(doubt.map(({ weight }) => weight)).toEqual(['unknown']);
  expect(mayCompare(doubt)).toBe(true);
  expect(comparabilityKey(pasted)).not.toBe(comparabilityKey(plain));
  const templates = differencesOf({ ...plain, chatTemplate: 'aaa' }, { ...plain, chatTemplate: 'bbb' });
  expect(mayCompare(templates)).toBe(true);
});

test('of several results of a task, the one that is asked alike is taken', () => {
  const plain = one(resultsOf(later), 'local_arc_it', 'acc');
  const chat = one(resultsOf('nesso-tiny/chat'), 'local_arc_it', 'acc');
  expect(pairResults([plain], [chat, { ...plain, model: 'other' }])[0]?.[1].model).toBe('other');
  expect(pairResults([plain], [chat])).toHaveLength(1);
  expect(pairResults([plain], [])).toEqual([]);
});

test('the table keeps apart what was asked in another way, marks the best and leaves out means that lack a task', () => {
  const results = [
    ...resultsOf(later),
    ...resultsOf(earlier).filter(({ task }) => task !== 'local_arc_challenge'),
    ...resultsOf('nesso-tiny/chat'),
  ];
  const table = resultTable(results, { groups: false });
  expect(table.columns.map(({ task, metric, differs }) => [task, metric, differs.length > 0])).toEqual([
    ['local_arc_it', 'acc_norm', false],
    ['local_hellaswag_it', 'acc_norm', false],
    ['local_hellaswag', 'acc_norm', false],
    ['local_arc_challenge', 'acc_norm', false],
    ['capitals_generate', 'exact_match', false],
    ['capitals_generate', 'exact_match', true],
    ['local_arc_it', 'acc_norm', true],
  ]);
  expect(table.columns.at(-1)?.differs.join()).toMatch(/1-shot,chat template [0-9a-f]{16}/);
  expect(table.columns[0]).toMatchObject({ language: 'it', chance: 0.25 });
  expect(table.means.map(({ label }) => label)).toEqual(['it', 'en', 'all']);
  const [first, second] = table.rows;
  expect(first?.means.every((mean) => mean !== null)).toBe(true);
  expect(second?.means.map((mean) => mean === null)).toEqual([false, true, true]);
  for (const format of ['markdown', 'latex', 'csv'] as const) {
    const text = tableText(table, format);
    expect(text).toContain(format === 'latex' ? 'local\\_arc\\_it (acc\\_norm)' : 'local_arc_it (acc_norm)');
  }
  expect(tableText(table, 'markdown')).toContain('**');
  expect(tableText(table, 'latex')).toContain('\\textbf{');
  expect(resultTable([])).toMatchObject({ columns: [], rows: [], means: [] });
  const again = resultTable([
    ...resultsOf(later),
    ...resultsOf(later).map((result) => ({ ...result, measuredMs: 1, value: 0 })),
  ]);
  expect(again.replaced.every(({ value }) => value === 0)).toBe(true);
});

test.each([
  ['checkpoints/zagreus-ita/12000', 'zagreus-ita', 12_000],
  ['/scratch/run7/checkpoints/544000/hf', 'run7', 544_000],
  ['out__checkpoint-500', 'out', 500],
  ['v2-95k', 'v2', 95_000],
  ['582k', null, 582_000],
  ['zagreus 483k', 'zagreus', 483_000],
  ['giux78/zagreus-3B-165000', 'zagreus-3B', 165_000],
  ['Qwen/Qwen3-0.6B', null, null],
  ['nesso-tiny', null, null],
  ['', null, null],
])('the step in %j', (model, run, step) => {
  expect(stepOfModel(model)).toEqual(step === null ? null : { run, step });
});
