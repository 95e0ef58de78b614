// Tables as harnesses print them (test/fixtures/evaluations), as reports have them, and with cells that were lost on the way.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readResults } from '../../../../../../core/lib/evaluations/reading/read-results.ts';
import { readTable } from '../../../../../../core/lib/evaluations/reading/read-table.ts';

const folder = join(import.meta.dirname, '../../../../../fixtures/evaluations');
const source = { path: 'table.txt', sha256: null };
const printed = (name: string) => readFileSync(join(folder, name, 'printed.txt'), 'utf8');

/** Subjects of MMLU are printed under their aliases. */
const shownName = (task: string) => (task === 'local_mmlu_world_religions' ? 'world_religions' : task);

test.each([
  'lm-eval/nesso-tiny/zero-shot',
  'lm-eval/nesso-tiny/two-shot',
  'lm-eval/nesso-tiny/chat',
  'lighteval',
])('what was printed for %s says the same as its file', (name) => {
  const { results, problems } = readTable(printed(name), source, null);
  expect(problems).toEqual([]);
  const file = readResults(
    readFileSync(join(folder, name, 'results_2026-11-22T12-00-00.json'), 'utf8'),
    source,
  ).results;
  const shown = results.filter(({ task }) => task !== 'all');
  expect(shown).toHaveLength(file.length);
  for (const one of file) {
    const same = shown.find(
      (other) =>
        other.task === shownName(one.task) && other.metric === one.metric && other.filter === one.filter,
    );
    expect(same).toMatchObject({ shots: one.shots, isGroup: one.isGroup, harness: one.harness });
    expect(same?.value).toBeCloseTo(one.value, 4);
    expect(same?.standardError ?? 0).toBeCloseTo(one.standardError ?? 0, 3);
    if (one.harness === 'lm-eval') expect(same).toMatchObject({ version: one.version, limit: one.limit });
  }
});

test('log lines, bars of progress and colours around a table are passed over', () => {
  const noise = [
    '2025-12-01:20:31:29 INFO     [evaluator:559] Running loglikelihood requests',
    'Running loglikelihood requests: 37%|███▋      | 15335/41447 [06:48<11:36, 37.5it/s]',
    '\u001b[32mhf (pretrained=mii/zagreus,dtype=bfloat16), gen_kwargs: (None), limit: None, num_fewshot: 5, batch_size: 1\u001b[0m',
    '|  Tasks  |Version|Filter|n-shot| Metric |   |Value |   |Stderr|',
    '|---------|------:|------|-----:|--------|---|-----:|---|-----:|',
    '|arc_it   |      2|none  |     0|acc     |↑  |0.2711|±  |0.0130|',
    '|         |       |none  |     0|acc_norm|↑  |0.3276|±  |0.0137|',
  ].join('\r\n');
  const { results, problems } = readTable(noise, source, null);
  expect(problems).toEqual([]);
  expect(
    results.map(({ task, metric, value, standardError, model, limit }) => [
      task,
      metric,
      value,
      standardError,
      model,
      limit,
    ]),
  ).toEqual([
    ['arc_it', 'acc', 0.2711, 0.013, 'mii/zagreus', 'none'],
    ['arc_it', 'acc_norm', 0.3276, 0.0137, 'mii/zagreus', 'none'],
  ]);
});

test('the Portuguese fork prints no arrows and N/A for errors it does not know', () => {
  const text = [
    '|            Tasks            |Version|Filter|n-shot| Metric |Value |   |Stderr|',
    '|-----------------------------|------:|------|-----:|--------|-----:|---|------|',
    '|assin2_rte                   |    1.1|all   |    15|f1_macro|0.5393|±  |0.0073|',
    '|                             |       |all   |    15|acc     |0.6078|±  |0.0070|',
    '|assin2_sts                   |    1.1|all   |    15|mse     |1.7404|±  |N/A   |',
  ].join('\n');
  const { results, problems } = readTable(text, source, 'zagreus 483k');
  expect(problems).toEqual([]);
  expect(
    results.map(({ task, harness, filter, metric, value, standardError, version }) => [
      task,
      harness,
      filter,
      metric,
      value,
      standardError,
      version,
    ]),
  ).toEqual([
    ['assin2_rte', 'lm-eval-pt', 'all', 'f1_macro', 0.5393, 0.0073, '1.1'],
    ['assin2_rte', 'lm-eval-pt', 'all', 'acc', 0.6078, 0.007, '1.1'],
    ['assin2_sts', 'lm-eval-pt', 'all', 'mse', 1.7404, null, '1.1'],
  ]);
});

test('lines that lost cells are read by what their cells can be, and what cannot is named', () => {
  const text = [
    '|  Tasks  |Version|Filter|n-shot| Metric |   |Value |   |Stderr|',
    '|arc_it |2|none|0|acc|0.2711|±|0.0130',
    '|hellaswag_it|1|none|0|acc_norm|↑|0.4076|',
    '| |none|0|acc|↑|0.3311|±|0.0049|',
    '|m_mmlu_it|0|none|5|acc|↑||±||',
    '|broken|line|',
    '|arc_it|2|none|0|acc|↑|0.2711|±|0.0130|',
  ].join('\n');
  const { results, problems } = readTable(text, source, 'model');
  expect(
    results.map(({ task, shots, metric, value, standardError }) => [
      task,
      shots,
      metric,
      value,
      standardError,
    ]),
  ).toEqual([
    ['arc_it', 0, 'acc', 0.2711, 0.013],
    ['hellaswag_it', 0, 'acc_norm', 0.4076, null],
    ['hellaswag_it', 0, 'acc', 0.3311, 0.0049],
    ['arc_it', 0, 'acc', 0.2711, 0.013],
  ]);
  expect(problems.map(({ where, text: said }) => `${where}: ${said}`)).toEqual([
    'line 5: m_mmlu_it acc has no value',
    'line 6: Its 2 cells do not fit the 9 columns',
    'line 7: arc_it acc stands in line 2 too',
  ]);
});

test('a table of a report: models by tasks, means left out, missing and repeated values named', () => {
  const text = [
    '| Checkpoint | mmlu_it (acc) | hellaswag_it (acc_norm) | Media  |',
    '| ---------- | ------------- | ----------------------- | ------ |',
    '| v2-205k    | 0.2628        | —                       | 0.2628 |',
    '| v2-460k    | 0.2540        | **0.3778**              | 0.2956 |',
    '| v2-520k    | 0.2540        | 0.3778                  | 0.2956 |',
  ].join('\n');
  const { results, problems } = readTable(text, source, null);
  expect(results.map(({ model, task, metric, value }) => [model, task, metric, value])).toEqual([
    ['v2-205k', 'mmlu_it', 'acc', 0.2628],
    ['v2-460k', 'mmlu_it', 'acc', 0.254],
    ['v2-460k', 'hellaswag_it', 'acc_norm', 0.3778],
    ['v2-520k', 'mmlu_it', 'acc', 0.254],
    ['v2-520k', 'hellaswag_it', 'acc_norm', 0.3778],
  ]);
  expect(problems.map(({ where, text: said }) => `${where}: ${said}`)).toEqual([
    'line 3: v2-205k has no hellaswag_it (acc_norm)',
    'line 5: All values are those of line 4',
  ]);
});

test.each(['', 'no table at all', '|', '|a|b|\n|1|2|'])('%j holds no results', (text) => {
  const { results, problems } = readTable(text, source, null);
  expect(results).toEqual([]);
  expect(problems).toHaveLength(1);
});
