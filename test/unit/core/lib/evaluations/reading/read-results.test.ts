// Results as lm-eval 0.4.13 and lighteval 0.13.0 wrote them (test/fixtures/evaluations), in older layouts, and as bad input.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readResults } from '../../../../../../core/lib/evaluations/reading/read-results.ts';
import type { EvaluationResult } from '../../../../../../core/lib/evaluations/result.ts';

const folder = join(import.meta.dirname, '../../../../../fixtures/evaluations');
const NAME = 'results_2026-11-22T12-00-00.json';
const source = { path: NAME, sha256: null };
const textOf = (name: string) => readFileSync(join(folder, name, NAME), 'utf8');
const zeroShot = textOf('lm-eval/nesso-tiny/zero-shot');
const find = (results: readonly EvaluationResult[], task: string, metric: string, filter = 'none') =>
  results.find((one) => one.task === task && one.metric === metric && one.filter === filter);

test('lm-eval: tasks, groups, filters, errors and how it was asked', () => {
  const { results, problems } = readResults(zeroShot, source);
  expect(problems).toEqual([]);
  expect(find(results, 'local_arc_it', 'acc_norm')).toMatchObject({
    isGroup: false,
    version: '2',
    shots: 0,
    samples: 17,
    available: 17,
    higherIsBetter: true,
    harness: 'lm-eval',
    harnessVersion: '0.4.13',
    chatTemplate: 'none',
    systemPrompt: 'none',
    limit: 'none',
    model: 'nesso-tiny/zero-shot',
  });
  expect(find(results, 'local_arc_it', 'acc_norm')?.taskHash).toMatch(/^[0-9a-f]{64}$/);
  expect(find(results, 'choices_it', 'acc')).toMatchObject({ isGroup: true });
  expect(find(results, 'choices_it', 'acc')?.standardError).toBeGreaterThan(0);
  expect(results.filter(({ task }) => task === 'capitals_generate').map(({ filter }) => filter)).toEqual([
    'strict-match',
    'flexible-extract',
  ]);
  expect(results.every(({ metric }) => !/stderr|sample|alias|name/.test(metric))).toBe(true);
});

test('lm-eval: limit, chat template and system prompt', () => {
  const { results } = readResults(textOf('lm-eval/nesso-tiny/chat'), source);
  const [one] = results;
  expect(one).toMatchObject({ limit: 5, shots: 1, samples: 5, available: 17 });
  expect(one?.chatTemplate).toMatch(/^[0-9a-f]{16}$/);
  expect(one?.systemPrompt).toMatch(/^[0-9a-f]{16}$/);
});

test('lighteval: task and shots out of the name, no twin for all of one task', () => {
  const { results, problems } = readResults(textOf('lighteval'), source);
  expect(problems).toEqual([]);
  expect(results.map(({ task, shots, metric }) => [task, shots, metric])).toEqual([
    ['capitals_lt', 0, 'acc'],
    ['capitals_lt', 0, 'acc_norm'],
  ]);
  expect(results[0]).toMatchObject({
    harness: 'lighteval',
    harnessVersion: null,
    version: '1',
    limit: 'none',
    systemPrompt: 'none',
    // Whether the template was used is decided by the model's tokenizer and not written.
    chatTemplate: 'unknown',
    model: 'nesso-tiny',
    higherIsBetter: true,
    samples: null,
    taskHash: '25bc16d1a44636b3',
  });
});

test('the layout of lm-eval 0.3 and of the Portuguese fork', () => {
  const old = readResults(
    JSON.stringify({
      results: { arc_easy: { acc: 0.25, acc_stderr: 0.01, acc_norm: 0.3, acc_norm_stderr: 'N/A' } },
      versions: { arc_easy: 0 },
      config: {
        model: 'hf-causal',
        model_args: 'pretrained=a/b,dtype=float16',
        num_fewshot: 25,
        limit: null,
      },
    }),
    source,
  );
  expect(old.results).toHaveLength(2);
  expect(find(old.results, 'arc_easy', 'acc')).toMatchObject({
    standardError: 0.01,
    shots: 25,
    version: '0',
    model: 'a/b',
    limit: 'none',
    chatTemplate: 'unknown',
  });
  expect(find(old.results, 'arc_easy', 'acc_norm')?.standardError).toBeNull();
  const portuguese = readResults(
    JSON.stringify({
      results: {
        assin2_rte: {
          'f1_macro,all': 0.4624,
          'f1_macro_stderr,all': 0.007,
          'acc,all': 0.5,
          alias: 'assin2_rte',
          main_score: 0.4624,
        },
        bluex: { 'acc,all': 0.2434, 'acc,exam_id__USP_2018': 0.2, 'acc_stderr,all': 'N/A' },
      },
      versions: { assin2_rte: 1.1, bluex: 1.1 },
      'n-shot': { assin2_rte: 15, bluex: 3 },
      config_general: { model_name: 'zagreus', lighteval: null },
    }),
    source,
  );
  expect(portuguese.results.map(({ metric, filter }) => `${metric} ${filter}`)).toEqual([
    'f1_macro all',
    'acc all',
    'acc all',
    'acc exam_id__USP_2018',
  ]);
  expect(portuguese.results[0]).toMatchObject({
    harness: 'lm-eval-pt',
    shots: 15,
    version: '1.1',
    model: 'zagreus',
  });
});

test('a file that was cut off gives the results before the cut, wherever it is', () => {
  const whole = readResults(zeroShot, source).results;
  let most = 0;
  for (let at = 0; at < zeroShot.length - 2; at += 37) {
    const { results, problems } = readResults(zeroShot.slice(0, at), source);
    expect(problems.length).toBeGreaterThan(0);
    for (const one of results) {
      const same = find(whole, one.task, one.metric, one.filter);
      expect(one.value).toBe(same?.value);
    }
    most = Math.max(most, results.length);
  }
  expect(most).toBe(whole.length);
});

test('NaN and infinite values are named, the rest is read', () => {
  const text =
    '{"results": {"a": {"acc,none": NaN, "acc_stderr,none": Infinity, "f1,none": 0.5, "f1_stderr,none": NaN}, "b": {"acc,none": "NaN \\" x"}}}';
  const { results, problems } = readResults(text, source);
  expect(results.map(({ metric, value, standardError }) => [metric, value, standardError])).toEqual([
    ['f1', 0.5, null],
  ]);
  expect(problems.map(({ where, text: said }) => `${where} ${said}`)).toEqual([
    ' 3 values are NaN or infinite',
    'results.a.acc,none Its value is no number',
    'results.b.acc,none Its value is no number: "NaN \\" x"',
    'results.b It holds no metric',
  ]);
  const cut = readResults('{"results": {"a": {"acc,none": NaN, "f1,none": 0.25, "acc_norm,none": 0.', source);
  expect(cut.results.map(({ value }) => value)).toEqual([0.25]);
  expect(cut.problems.map((one) => one.text)).toContain('The file ends in the middle');
});

test.each([
  ['', 'It is empty'],
  ['   \n', 'It is empty'],
  ['not json', 'It is not JSON'],
  ['[1, 2]', 'It is no result file: its JSON is no object'],
  ['{}', 'It holds no results'],
  ['{"results": 3}', 'It holds no results'],
  ['{"results": {"a": 3}}', 'It is no record of metrics'],
  ['{"results": {"a": {}}}', 'It holds no metric'],
  ['"'.repeat(1000), 'It is not JSON'],
  ['['.repeat(5000), 'It is not JSON'],
])('%j is no result file', (text, said) => {
  const { results, problems } = readResults(text, source);
  expect(results).toEqual([]);
  expect(problems.map((one) => one.text)).toContain(said);
});
