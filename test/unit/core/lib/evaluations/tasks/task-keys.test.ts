// Every key, filter, metric and output type that lm-eval 0.4.13 knows (test/fixtures/evaluations/tasks/make_task_keys.py): a task that
// uses one either runs with it or says its name and its line. And files that are no task.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defineTask } from '../../../../../../core/lib/evaluations/tasks/define-task.ts';
import {
  mergedFields,
  PythonFunction,
  taskFields,
} from '../../../../../../core/lib/evaluations/tasks/task-fields.ts';

const file = join(import.meta.dirname, '../../../../../fixtures/evaluations/tasks/task-keys.json');
const known = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, readonly string[]>>;
const keysOf = (kind: string): readonly string[] => {
  const keys = known[kind];
  if (keys === undefined || keys.length < 4) throw new Error(`There are no keys of ${kind}`);
  return keys;
};

const CHOICES = `task: tried
dataset_path: json
dataset_kwargs: {data_files: {test: test.jsonl}}
test_split: test
output_type: multiple_choice
doc_to_text: "{{question}}"
doc_to_target: answer
doc_to_choice: [A, B]
`;
const GENERATED = CHOICES.replace('multiple_choice', 'generate_until').replace('doc_to_choice: [A, B]\n', '');
/** A key of `base` is replaced: YAML knows no second one. */
const withLine = (base: string, line: string): string => {
  const key = line.slice(0, line.indexOf(':') + 1);
  return `${base
    .split('\n')
    .filter((one) => !one.startsWith(key))
    .join('\n')}${line}\n`;
};
const define = (text: string) => {
  const { fields, problems } = taskFields(text, 'tried.yaml');
  const defined = defineTask(fields, 'tried.yaml');
  return { ...defined, problems: [...problems, ...defined.problems] };
};
const saidOf = (text: string) => define(text).problems.map(({ line, text: said }) => `${line} ${said}`);

/** A value as a task would write it. What is not here is a key nobody thought of: the test fails. */
const VALUES: Readonly<Record<string, string>> = {
  task: 'other',
  task_alias: 'Other',
  tag: '[mine]',
  custom_dataset: '!function utils.rows',
  dataset_path: 'parquet',
  dataset_name: 'it',
  dataset_kwargs: '{data_files: {test: a.jsonl}, field: rows}',
  training_split: 'train',
  validation_split: 'validation',
  test_split: 'test',
  fewshot_split: 'train',
  process_docs: '!function utils.rows',
  doc_to_text: '!function utils.text',
  doc_to_target: '!function utils.target',
  doc_to_image: '[image]',
  doc_to_audio: '[audio]',
  unsafe_code: 'true',
  doc_to_choice: '!function utils.choices',
  process_results: '!function utils.results',
  use_prompt: '"promptsource:*"',
  description: 'Answer.',
  target_delimiter: '" "',
  fewshot_delimiter: '"\\n"',
  fewshot_config: '{sampler: first_n, doc_to_text: x}',
  num_fewshot: '3',
  metric_list: '[{metric: brier_score}]',
  output_type: 'loglikelihood_rolling',
  generation_kwargs: '{until: ["."], do_sample: true}',
  repeats: '2',
  filter_list: '[{name: vote, filter: [{function: majority_vote}]}]',
  should_decontaminate: 'true',
  doc_to_decontamination_query: 'question',
  gen_prefix: '"Answer: "',
  metadata: '{version: 3}',
};
/** With the values above they run, and change what they say they change. */
const RUN: ReadonlySet<string> = new Set([
  'task',
  'task_alias',
  'tag',
  'dataset_path',
  'dataset_name',
  'training_split',
  'validation_split',
  'test_split',
  'fewshot_split',
  'unsafe_code',
  'description',
  'target_delimiter',
  'fewshot_delimiter',
  'should_decontaminate',
  'doc_to_decontamination_query',
  'metadata',
]);

describe('of what the harness knows', () => {
  it.each(keysOf('task'))('the key %s is used, or named with its line', (key) => {
    const value = VALUES[key];
    if (value === undefined) throw new Error(`The harness has a key ${key} that was never tried`);
    const text = withLine(
      key === 'generation_kwargs' || key === 'filter_list' ? GENERATED : CHOICES,
      `${key}: ${value}`,
    );
    const { definition, problems } = define(text);
    if (RUN.has(key)) {
      expect(problems).toEqual([]);
      expect(definition).not.toBeNull();
      return;
    }
    const line = text.split('\n').findIndex((one) => one.startsWith(`${key}:`)) + 1;
    const own = problems.filter((one) => one.text.startsWith(`${key} `));
    expect(own).not.toEqual([]);
    expect(own.every((one) => one.line === line && one.isFatal)).toBe(true);
    expect(definition).toBeNull();
  });

  it.each(keysOf('examples'))('the key %s of fewshot_config is used, or named', (key) => {
    const said = saidOf(
      `${CHOICES}num_fewshot: 2\nfewshot_config: {sampler: first_n, ${key}: ${key === 'sampler' ? 'x' : '[1]'}}\n`,
    );
    if (key === 'split') {
      const text = `${CHOICES}num_fewshot: 2\nfewshot_config: {sampler: first_n, split: few}\n`;
      expect(define(text).definition).toMatchObject({ data: { exampleSplit: 'few' }, shots: 2 });
    } else if (key === 'sampler')
      expect(define(withSampler('default')).problems[0]?.text).toContain('drawn by the sampler default');
    else
      expect(said.join()).toContain(
        key === 'samples' ? 'with samples is not supported' : `fewshot_config with ${key} is not supported`,
      );
  });
  const withSampler = (name: string) => `${CHOICES}num_fewshot: 2\nfewshot_config: {sampler: ${name}}\n`;

  it.each([
    'process_docs: !function utils.rows',
    'fewshot_config: {samples: !function utils.list_fewshot_samples}',
  ])('Python in %s is named, never run', (line) => {
    const { fields } = taskFields(`${CHOICES}${line}\n`, 'tried.yaml');
    const value = fields.get(line.slice(0, line.indexOf(':')))?.value;
    expect(JSON.stringify(value)).toContain('utils.');
    expect(value instanceof PythonFunction || typeof value === 'object').toBe(true);
    expect(define(`${CHOICES}${line}\n`).definition).toBeNull();
  });

  it.each(keysOf('output types'))('the output type %s runs, or is named', (type) => {
    const { definition, problems } = define(withLine(CHOICES, `output_type: ${type}`));
    if (type === 'loglikelihood_rolling')
      expect(problems[0]?.text).toMatch(/output_type has to be .*loglikelihood_rolling is not supported/);
    else expect([definition?.kind, problems]).toEqual(['task', []]);
  });

  it.each(keysOf('filters'))('the filter %s runs, or is named', (name) => {
    const line = `filter_list: [{name: cut, filter: [{function: ${name}}]}]`;
    const { definition, problems } = define(`${GENERATED}${line}\n`);
    if (['lowercase', 'uppercase', 'regex', 'remove_whitespace', 'take_first'].includes(name))
      expect([definition?.kind, problems]).toEqual(['task', []]);
    else expect(problems[0]?.text).toContain(`filter_list has the function ${name}`);
  });

  it.each(keysOf('metrics'))(
    'the metric %s of choices and of generated answers runs, or is named',
    (name) => {
      for (const [base, runs] of [
        [CHOICES, ['acc', 'acc_norm', 'acc_bytes', 'exact_match']],
        [GENERATED, ['exact_match']],
      ] as const) {
        const { definition, problems } = define(`${base}metric_list: [{metric: ${name}}]\n`);
        if ((runs as readonly string[]).includes(name))
          expect([definition?.kind, problems]).toEqual(['task', []]);
        else expect(problems[0]?.text).toContain(`metric_list has ${name}`);
      }
    },
  );

  it('keys of groups, and of their metrics', () => {
    const group = (more: string) =>
      `group: mine\ngroup_alias: Mine\ntask: [a, b]\nmetadata: {version: 2}\n${more}`;
    expect(keysOf('group')).toEqual(['group', 'group_alias', 'task', 'aggregate_metric_list', 'metadata']);
    expect(keysOf('group metric')).toEqual(['metric', 'filter_list', 'aggregation', 'weight_by_size']);
    const whole =
      'aggregate_metric_list: [{metric: acc, aggregation: mean, weight_by_size: false, filter_list: [none]}]\n';
    expect(define(group(whole))).toEqual({
      definition: {
        kind: 'group',
        name: 'mine',
        title: 'Mine',
        version: 2,
        tasks: ['a', 'b'],
        metrics: [{ metric: 'acc', weightBySize: false }],
      },
      problems: [],
    });
    for (const [entry, said] of [
      ['{metric: acc, aggregation: median}', 'has the aggregation median: only mean is supported'],
      ['{metric: acc, filter_list: strict-match}', 'has a filter_list, which is not supported'],
      ['{weight_by_size: true}', 'has an entry without a metric'],
    ])
      expect(saidOf(group(`aggregate_metric_list: [${entry}]\n`))).toEqual([
        `5 aggregate_metric_list ${said}`,
      ]);
    expect(saidOf('group: mine\ntask: [a, {task: b, num_fewshot: 3}]\n')[0]).toContain(
      '2 task holds tasks that are written',
    );
  });
});

describe('files that are no task', () => {
  it.each([
    ['', 'It is no task'],
    ['- a\n- b\n', 'It is no task'],
    ['just words', 'It is no task'],
    ['task: [a\n', 'Flow sequence'],
    ['task: a\ntask: b\n', 'Map keys must be unique'],
    [
      'a: &a [x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: [*c, *c]\n',
      'alias',
    ],
    ['\0\u0001\u0002', 'It is no task'],
  ])('%j', (text, said) => {
    const { fields, problems } = taskFields(text, 'x.yaml');
    expect(problems.map((one) => one.text).join()).toContain(said);
    expect(problems.every(({ isFatal, path }) => isFatal && path === 'x.yaml')).toBe(true);
    expect(fields.size).toBe(0);
  });

  it('values of another type are named with their lines', () => {
    for (const [line, said] of [
      ['num_fewshot: many', 'num_fewshot has to be a whole number'],
      ['metric_list: acc', 'metric_list has to be a list of metrics'],
      ['description: 3', 'description has to be a text'],
      ['test_split:', 'test_split is missing: it or validation_split says which rows are asked'],
    ] as const) {
      const text = withLine(CHOICES, line);
      expect(saidOf(text)).toEqual([`${text.split('\n').indexOf(line) + 1} ${said}`]);
    }
    expect(saidOf(withLine(CHOICES, 'task: ../a'))[0]).toContain('task has to be a name of letters');
    expect(saidOf(withLine(CHOICES, 'doc_to_text: "{{question"'))[0]).toContain('doc_to_text is no template');
    expect(saidOf(withLine(GENERATED, 'filter_list: [{filter: [{function: regex}]}]')).join()).toContain(
      'filter_list has an entry without name',
    );
    expect(
      saidOf(
        `${GENERATED}filter_list: [{name: a, filter: [{function: regex, regex_pattern: "(?(1)a|b)"}]}]\n`,
      ).join(),
    ).toContain('cannot be used here');
  });

  it('a file that is included gives what the other does not say, and includes are no field', () => {
    const base = taskFields('task: base\ntest_split: test\n', 'base.yaml');
    const own = taskFields('include: base.yaml\ntask: own\n', 'own.yaml');
    const listed = taskFields('include: [a.yaml, 3, b.yaml]\ntask: own\n', 'own.yaml');
    expect([own.includes, listed.includes]).toEqual([['base.yaml'], ['a.yaml', 'b.yaml']]);
    const merged = mergedFields(base.fields, own.fields);
    expect([...merged].map(([key, { value, path, line }]) => [key, value, path, line])).toEqual([
      ['task', 'own', 'own.yaml', 2],
      ['test_split', 'test', 'base.yaml', 2],
    ]);
  });
});
