// Evaluations on this computer through the contract: tasks and their problems, the queue, numbers while they settle, going on after a
// stop and after a core that is gone, results that other tools read, quantizations beside each other, data from a hub.
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EvaluationRequest, EvaluationRun } from '../../core/api/evaluation-runs.ts';
import { readEvaluations } from '../../core/services/evaluations/results/read-files.ts';
import { keepRun, newRunId } from '../../core/services/evaluations/local/run-records.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { writeSampleSteps } from '../support/sample-steps.ts';
import { slowChildren } from '../support/slow-child.ts';
import { startSmallHub } from '../support/small-hub.ts';
import {
  repositoryFolder,
  startTestCore,
  type TestCore,
  type TestFolder,
  temporaryFolder,
  waitFor,
  writeFiles,
} from '../support/test-core.ts';

let studio: TestCore;
let folder: TestFolder;
let models: readonly string[] = [];
const runs = () => studio.client.evaluationRuns;
const request = (some: Partial<EvaluationRequest>): EvaluationRequest => ({
  models: [...models],
  tasks: [{ name: 'studio_facts_it', shots: null }],
  limit: null,
  contextTokens: null,
  maxTokens: null,
  asChat: false,
  exact: false,
  types: [],
  measure: false,
  ...some,
});

beforeAll(async () => {
  ensureChildBuilt('native-llama', 'native/llama');
  ensureChildBuilt('native-weights', 'core/services/conversion');
  studio = await startTestCore();
  folder = await temporaryFolder();
  await writeFiles(folder.path, { 'studio.yaml': 'name: test\n' });
  models = await writeSampleSteps(folder.path, 'run-a', [{ step: 1000, trained: 1, types: ['f16', 'q4_0'] }]);
  await studio.client.workspace.open({ path: folder.path });
});
afterAll(async () => {
  await studio[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

async function stateOf(id: string, core = studio): Promise<EvaluationRun> {
  const stop = new AbortController();
  for await (const list of await core.client.evaluationRuns.watch(undefined, { signal: stop.signal })) {
    const found = list.find((run) => run.id === id);
    stop.abort();
    if (found) return found;
  }
  throw new Error(`No evaluation ${id}`);
}

const ended = (id: string, core = studio) =>
  waitFor(async () => {
    const run = await stateOf(id, core);
    return ['finished', 'failed', 'stopped'].includes(run.state) ? run : null;
  }, 120_000);

it('two quantizations of one checkpoint on a task of the studio: results, paired test, flips', async () => {
  // Slow enough to be looked at while its numbers settle.
  using slow = slowChildren('native-llama');
  const { id } = await runs().start(request({ tasks: [{ name: 'studio_facts', shots: null }] }));
  const seen: number[] = [];
  const stop = new AbortController();
  for await (const list of await runs().watch(undefined, { signal: stop.signal })) {
    const run = list.find((one) => one.id === id);
    if (run?.state === 'finished' || run?.state === 'failed') break;
    const mean = run?.cells
      .find(({ state }) => state === 'running')
      ?.means.find(({ metric }) => metric === 'acc');
    if (!mean) continue;
    seen.push(mean.value);
    slow[Symbol.dispose]();
  }
  stop.abort();
  const run = await ended(id);
  expect(run.cells.map(({ state, error }) => [state, error])).toEqual([
    ['finished', null],
    ['finished', null],
  ]);
  expect(seen.length).toBeGreaterThan(0);
  for (const cell of run.cells) {
    expect(cell).toMatchObject({ done: 411, total: 411 });
    const acc = cell.means.find(({ metric }) => metric === 'acc');
    // Chance is 0.25; the model knows half of what it is asked.
    expect(acc?.value).toBeGreaterThan(0.4);
    expect(acc?.value).toBeLessThan(0.7);
    expect(acc?.standardError).toBeCloseTo(0.0247, 3);
    const file = join(folder.path, cell.results ?? '');
    const { results, problems } = await readEvaluations([file]);
    expect(problems).toEqual([]);
    expect(results.filter(({ isGroup }) => isGroup)[0]).toMatchObject({
      task: 'studio_facts',
      samples: 411,
      version: '1',
    });
    const own = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    expect(own['nesso_weights_sha256']).toMatch(/^[0-9a-f]{64}$/);
    expect(own['group_subtasks']).toMatchObject({ studio_facts: ['studio_facts_it', 'studio_facts_en'] });
  }
  const [table] = await runs().quantizations({ id });
  expect(table).toMatchObject({ task: 'studio_facts', metric: 'acc', reference: models[0], questions: 411 });
  const [largest, smaller] = table?.rows ?? [];
  expect([largest?.type, largest?.against, smaller?.type]).toEqual(['F16', null, 'Q4_0']);
  const against = smaller?.against;
  expect(against?.questions).toBe(411);
  // Ten flips are enough to read.
  expect((against?.gained ?? 0) + (against?.lost ?? 0)).toBeGreaterThanOrEqual(10);
  const difference = (smaller?.value ?? 0) - (largest?.value ?? 0);
  expect(against?.difference).toBeCloseTo(difference, 10);
  expect(((against?.gained ?? 0) - (against?.lost ?? 0)) / 411).toBeCloseTo(difference, 10);
  expect(against?.p).toBeGreaterThan(0);
  const estimate = await runs().estimate(request({ limit: 10 }));
  expect(estimate).toMatchObject({ questions: 20, basedOn: 2, problems: [] });
  expect(estimate.seconds).toBeGreaterThan(0);
}, 180_000);

it('types that are not there are made beside the model, asked the same, and measured', async () => {
  const [model = ''] = models;
  const types: EvaluationRequest['types'] = ['q8_0'];
  const asked = request({ models: [model], types, measure: true, exact: true, limit: 20 });
  expect((await runs().estimate(asked)).questions).toBe(40);
  const { id } = await runs().start(asked);
  const run = await ended(id);
  const made = model.replace('f16', 'q8_0');
  expect(run.cells.map((cell) => [cell.model, cell.state, cell.error])).toEqual([
    [model, 'finished', null],
    [made, 'finished', null],
  ]);
  expect(run.doing).toBeNull();
  const [table] = await runs().quantizations({ id });
  const [, smaller] = table?.rows ?? [];
  expect(smaller).toMatchObject({ model: made, type: 'Q8_0', against: { questions: 20 } });
  expect(smaller?.tokensPerSecond).toBeGreaterThan(0);
  expect(smaller?.memoryBytes).toBeGreaterThan(1_000_000);
  expect(smaller?.bitsPerByte.map(({ text }) => text)).toEqual(['italian', 'english']);
  // Answers of 32 bits are of another kind than those before.
  const file = JSON.parse(await readFile(join(folder.path, run.cells[0]?.results ?? ''), 'utf8')) as object;
  expect(file).toMatchObject({ nesso_model_key: expect.stringMatching(/ exact$/) });
  await runs().remove({ id });
  // A second time nothing is made, and what cannot be made says so in its cell.
  const again = await runs().start(request({ models: [made], types: ['f32'], limit: 5 }));
  const other = await ended(again.id);
  expect(other.state).toBe('failed');
  const failed = other.cells.find((cell) => cell.model.endsWith('f32.gguf'));
  expect(failed).toMatchObject({ state: 'failed', error: { message: expect.stringContaining('weights') } });
  expect(other.cells[0]?.state).toBe('finished');
  await runs().remove({ id: again.id });
}, 180_000);

it('a stopped evaluation goes on, also when the core that ran it is gone', async () => {
  const [model = ''] = models;
  const whole = await runs().start(request({ models: [model] }));
  const wanted = (await ended(whole.id)).cells[0]?.means;
  await runs().remove({ id: whole.id });
  const slow = slowChildren('native-llama');
  const { id } = await runs().start(request({ models: [model] }));
  await waitFor(async () => ((await stateOf(id)).cells[0]?.done ?? 0) > 0);
  slow.hold();
  const stopping = runs().stop({ id });
  slow[Symbol.dispose]();
  await stopping;
  const stopped = await stateOf(id);
  expect(stopped.state).toBe('stopped');
  expect(stopped.cells[0]?.done).toBeGreaterThan(0);
  expect(stopped.cells[0]?.done).toBeLessThan(208);
  await runs().resume({ id });
  const again = await ended(id);
  expect(again.cells[0]).toMatchObject({ state: 'finished', done: 208 });
  expect(again.cells[0]?.means).toEqual(wanted);
  const record = join(folder.path, `evals/runs/${id}.json`);
  const kept = JSON.parse(await readFile(record, 'utf8')) as { owner: unknown; run: EvaluationRun };
  kept.owner = { pid: 999_999_999, host: (await import('node:os')).hostname() };
  kept.run = {
    ...kept.run,
    state: 'running',
    cells: kept.run.cells.map((cell) => ({ ...cell, state: 'running', done: 16, means: [], results: null })),
  };
  // What ran it here writes its record once more after it said that it has ended.
  await waitFor(async () => {
    await writeFile(record, JSON.stringify(kept));
    return (await stateOf(id)).state === 'interrupted';
  });
  await runs().resume({ id });
  expect((await ended(id)).cells[0]?.means).toEqual(wanted);
  await runs().remove({ id });
  expect(await readdir(join(folder.path, 'evals/runs'))).not.toContain(`${id}.json`);
}, 180_000);

it('tasks of the workspace: what cannot be run is named with its line, the rest runs', async () => {
  await writeFiles(folder.path, {
    'evals/tasks/_base.yaml':
      'dataset_path: json\noutput_type: multiple_choice\ntest_split: test\nfewshot_config: {sampler: first_n}\nfewshot_split: shots\n',
    'evals/tasks/days.yaml':
      'include: _base.yaml\ntask: our_days\ndataset_kwargs: {data_files: {test: days.jsonl, shots: days.jsonl}}\ndoc_to_text: "Dopo {{day}} viene"\ndoc_to_choice: "{{choices.text}}"\ndoc_to_target: "{{choices.label.index(key)}}"\nmetric_list: [{metric: acc}, {metric: acc_bytes}]\n',
    'evals/tasks/days.jsonl':
      '{"day": "lunedì", "key": "B", "choices": {"text": ["sabato", "martedì"], "label": ["A", "B"]}}\n{"day": "giovedì", "key": "A", "choices": {"text": ["venerdì", "lunedì"], "label": ["A", "B"]}}\n',
    'evals/tasks/python.yaml':
      'include: _base.yaml\ntask: python_task\nprocess_docs: !function utils.process\ndoc_to_text: !function utils.text\ndoc_to_choice: [a, b]\ndoc_to_target: "{{x}}"\nmystery: 3\n',
    'evals/tasks/broken.yaml': 'task: [unclosed\n',
    'evals/tasks/outside.yaml': 'include: ../../secret.yaml\ntask: outside\n',
    'evals/tasks/circle.yaml': 'include: circle.yaml\ntask: circle\n',
    'evals/tasks/wrong-column.yaml': 'include: days.yaml\ntask: wrong_column\ndoc_to_text: "{{nothing}}"\n',
  });
  await writeFile(join(folder.path, 'evals/tasks/binary.yaml'), Buffer.from([0, 255, 1, 2, 200]));
  await writeFile(join(folder.path, 'evals/tasks/empty.yaml'), '');
  const tasks = await runs().tasks();
  const named = (name: string) => tasks.find((task) => task.name === name);
  expect(named('our_days')).toMatchObject({ kind: 'task', hasData: true, noShots: null, problems: [] });
  expect(named('studio_facts')).toMatchObject({ kind: 'group', origin: 'shipped', hasData: true });
  expect(named('m_mmlu_it')).toMatchObject({ hasData: false, repository: 'alexandrainst/m_mmlu' });
  expect(named('mmlu')?.parts).toHaveLength(57);
  const python = named('python.yaml');
  expect(python?.kind).toBe('broken');
  expect(python?.problems.map(({ line, text, isFatal }) => [line, text.split(' ')[0], isFatal])).toEqual([
    [3, 'process_docs', true],
    [4, 'doc_to_text', true],
    [7, 'mystery', false],
  ]);
  for (const name of ['broken.yaml', 'outside.yaml', 'circle.yaml', 'binary.yaml', 'empty.yaml'])
    expect(named(name)?.kind).toBe('broken');
  const [model = ''] = models;
  const { id } = await runs().start(request({ models: [model], tasks: [{ name: 'our_days', shots: null }] }));
  const run = await ended(id);
  expect(run.cells[0]?.means.map(({ metric, value }) => [metric, value])).toEqual([
    ['acc', 1],
    ['acc_bytes', 1],
  ]);
  const refusals: readonly (readonly [Partial<EvaluationRequest>, string])[] = [
    [{ tasks: [{ name: 'python.yaml', shots: null }] }, 'line 3: process_docs is Python'],
    [{ tasks: [{ name: 'wrong_column', shots: null }] }, 'There is no column nothing'],
    [{ tasks: [{ name: 'our_days', shots: 1 }] }, 'are its questions'],
    [{ tasks: [{ name: 'm_mmlu_it', shots: 5 }] }, 'The questions of m_mmlu_it are not here'],
    [{ tasks: [{ name: 'nonsense', shots: null }] }, 'nonsense is no task'],
  ];
  for (const [some, message] of refusals)
    await expect(runs().start(request({ models: [model], ...some }))).rejects.toThrow(message);
  await writeFile(join(folder.path, 'models-broken.gguf'), 'no model');
  const broken = await runs().start(request({ models: ['models-broken.gguf'] }));
  const failed = await ended(broken.id);
  expect(failed.state).toBe('failed');
  expect(failed.cells[0]?.error?.message).toContain('models-broken.gguf');
}, 120_000);

it('files become tasks: rows with any usual columns, task files with their data, what is wrong by line', async () => {
  const text = (name: string, content: string) => ({ name, content, encoding: 'text' as const });
  const rows = [
    '{"question": "Capital of Italy?", "choices": ["Rome", "Paris"], "answer": "A"}',
    '{"question": "Capital of France?", "choices": ["Rome", "Paris"], "answer": "C"}',
    'not json',
    '{"question": "", "choices": ["Rome", "Paris"], "answer": "A"}',
    '{"question": "Capital of France?", "choices": ["Rome", "Paris"], "answer": "B"}',
  ].join('\n');
  const own = text('My questions.jsonl', rows);
  const checked = await runs().checkFiles({ files: [own] });
  expect(checked.tasks).toMatchObject([
    {
      name: 'my_questions',
      questions: 2,
      leftOut: 2,
      there: [],
      example: {
        prompt: 'Question: Capital of Italy?\nAnswer:',
        choices: ['Rome', 'Paris'],
        answer: 'Rome',
      },
    },
  ]);
  expect(checked.problems.map(({ line, text: words }) => [line, words])).toEqual([
    [3, expect.stringContaining('not JSON')],
    [2, expect.stringContaining('none of its 2 choices')],
    [4, expect.stringContaining('no text in question')],
  ]);
  const names = async () => (await runs().tasks()).map(({ name }) => name);
  expect(await names()).not.toContain('my_questions');
  await runs().addFiles({ files: [own] });
  const task = (await runs().tasks()).find(({ name }) => name === 'my_questions');
  expect(task).toMatchObject({ kind: 'task', output: 'multiple_choice', hasData: true, problems: [] });
  await expect(runs().addFiles({ files: [own] })).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
  await runs().addFiles({ files: [own], replace: true });
  expect(
    (await runs().estimate(request({ tasks: [{ name: 'my_questions', shots: null }] }))).problems,
  ).toEqual([]);
  // Parquet travels as base64; a picture of the same name is none.
  const fixture = join(repositoryFolder, 'test/fixtures/evaluations/questions/arc-test.parquet');
  const content = (await readFile(fixture)).toString('base64');
  const parquet = { name: 'arc-test.parquet', content, encoding: 'base64' as const };
  const [arc] = (await runs().checkFiles({ files: [parquet] })).tasks;
  expect(arc).toMatchObject({ name: 'arc_test', kind: 'questions', leftOut: 0 });
  expect(arc?.questions).toBeGreaterThan(0);
  const yaml = [
    'task: brought',
    'dataset_path: json',
    'dataset_kwargs: {data_files: {test: brought.jsonl}}',
    'output_type: multiple_choice',
    'test_split: test',
    'doc_to_text: "{{q}}"',
    'doc_to_choice: "{{c}}"',
    'doc_to_target: right',
  ].join('\n');
  const data = '{"q": "1 + 1 =", "c": ["2", "3"], "right": 0}\n{"q": "1 + 2 =", "c": ["2", "3"]}\n';
  const file = text('brought.yaml', yaml);
  const alone = await runs().checkFiles({ files: [file] });
  expect([alone.tasks, alone.problems[0]?.text]).toEqual([[], expect.stringContaining('brought.jsonl')]);
  const broken = await runs().checkFiles({ files: [file, text('brought.jsonl', data)] });
  expect(broken.tasks).toEqual([]);
  expect(broken.problems).toMatchObject([{ file: 'brought.jsonl', line: 2, isFatal: true }]);
  const mended = text('brought.jsonl', data.replace('"3"]}', '"3"], "right": 1}'));
  const whole = await runs().addFiles({ files: [file, mended] });
  expect(whole.tasks).toMatchObject([{ name: 'brought', kind: 'task', questions: 2 }]);
  expect(await readFile(join(folder.path, 'evals/tasks/brought.jsonl'), 'utf8')).toBe(mended.content);
  const python = await runs().checkFiles({
    files: [text('p.yaml', `${yaml}\nprocess_docs: !function u.f\n`)],
  });
  expect(python.problems).toMatchObject([{ file: 'p.yaml', line: 9, isFatal: true }]);
  for (const bad of ['', '[]', '\u0000\u0001', '{"a": 1}\n', '"x"\n', '[1, 2]\n{'])
    for (const name of ['x.jsonl', 'x.json', 'x.csv', 'x.parquet', 'x.yaml', 'x.png']) {
      const found = await runs().checkFiles({ files: [text(name, bad)] });
      expect([name, bad, found.tasks]).toEqual([name, bad, []]);
      if (name !== 'x.yaml') expect(found.problems.length).toBeGreaterThan(0);
      await expect(runs().addFiles({ files: [text(name, bad)] })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      });
    }
  await expect(runs().checkFiles({ files: [text('../..', rows)] })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  });
  for (const name of ['my_questions.yaml', 'my_questions.jsonl', 'brought.yaml', 'brought.jsonl'])
    await rm(join(folder.path, 'evals/tasks', name));
}, 120_000);

it('answers that the model writes are cut out and judged; IFEval from a file of its layout', async () => {
  const [model = ''] = models;
  await writeFiles(folder.path, {
    'evals/data/mii-llm/ifeval-ita/data/train.jsonl': `${JSON.stringify({
      key: 1,
      prompt: 'Qual è la capitale della Francia?',
      instruction_id_list: ['punctuation:no_comma', 'keywords:existence'],
      kwargs: [{}, { keywords: ['Parigi'] }],
    })}\n`,
  });
  const { id } = await runs().start(
    request({
      models: [model],
      tasks: [
        { name: 'studio_capitals_en', shots: null },
        { name: 'ifeval_it', shots: null },
      ],
      maxTokens: 16,
      limit: 6,
    }),
  );
  const run = await ended(id);
  expect(run.cells.map(({ error }) => error)).toEqual([null, null]);
  expect(run.cells[0]?.means).toMatchObject([
    { metric: 'exact_match', filter: 'strict-match' },
    { metric: 'exact_match', filter: 'flexible-extract' },
  ]);
  expect(run.cells[1]?.means.map(({ metric }) => metric)).toEqual([
    'prompt_level_strict_acc',
    'inst_level_strict_acc',
    'prompt_level_loose_acc',
    'inst_level_loose_acc',
  ]);
  const { results } = await readEvaluations([join(folder.path, run.cells[0]?.results ?? '')]);
  expect(results.map(({ filter, samples, available }) => [filter, samples, available])).toEqual([
    ['strict-match', 6, 42],
    ['flexible-extract', 6, 42],
  ]);
  const chat = await runs().start(request({ models: [model], limit: 2, asChat: true }));
  const asked = await ended(chat.id);
  expect(asked.cells[0]).toMatchObject({ state: 'finished', done: 2 });
  const inChat = await readEvaluations([join(folder.path, asked.cells[0]?.results ?? '')]);
  expect(inChat.results[0]).toMatchObject({ limit: 2 });
  expect(inChat.results[0]?.chatTemplate).toMatch(/^[0-9a-f]{16}$/);
}, 120_000);

it('data sets come from a hub, and without a network the refusal says what to do', async () => {
  const row = JSON.stringify({
    instruction: 'Che giorno viene dopo lunedì?',
    option_a: 'martedì',
    option_b: 'sabato',
    option_c: 'mercoledì',
    option_d: 'domenica',
    answer: 'A',
  });
  const text = new TextEncoder().encode(`${row}\n`);
  await using hub = await startSmallHub({
    id: 'alexandrainst/m_mmlu',
    files: {
      'data/it_test.jsonl': text,
      'data/it_train.jsonl': text,
      'data/es_test.jsonl': text,
      'README.md': text,
    },
    kind: 'datasets',
  });
  const before = process.env['HF_ENDPOINT'];
  try {
    process.env['HF_ENDPOINT'] = hub.endpoint;
    const files: string[] = [];
    for await (const event of await runs().download({ task: 'm_mmlu_it' }))
      if (event.kind === 'result') files.push(...event.result.files);
    expect(files).toEqual([
      'evals/data/alexandrainst/m_mmlu/data/it_test.jsonl',
      'evals/data/alexandrainst/m_mmlu/data/it_train.jsonl',
    ]);
    expect((await runs().tasks()).find(({ name }) => name === 'm_mmlu_it')?.hasData).toBe(true);
    const estimate = await runs().estimate(request({ tasks: [{ name: 'm_mmlu_it', shots: 1 }] }));
    expect(estimate).toMatchObject({ questions: 2, problems: [] });
    process.env['HF_ENDPOINT'] = 'http://127.0.0.1:9';
    await expect(
      (async () => {
        for await (const _ of await runs().download({ task: 'hellaswag_it' }));
      })(),
    ).rejects.toThrow('cannot be reached');
  } finally {
    if (before === undefined) delete process.env['HF_ENDPOINT'];
    else process.env['HF_ENDPOINT'] = before;
  }
}, 180_000);

it('a watcher hears of a change that falls between its first list and its next question', async () => {
  await using place = await temporaryFolder();
  await using other = await startTestCore();
  const run: EvaluationRun = {
    id: newRunId(new Date(1)),
    createdMs: 1,
    request: request({ models: ['a.gguf'] }),
    state: 'stopped',
    doing: null,
    cells: [],
  };
  await keepRun(place.path, run);
  await other.client.workspace.open({ path: place.path });
  const stop = new AbortController();
  const lists = (await other.client.evaluationRuns.watch(undefined, { signal: stop.signal }))[
    Symbol.asyncIterator
  ]();
  expect((await lists.next()).value).toMatchObject([{ id: run.id }]);
  await other.client.evaluationRuns.remove({ id: run.id });
  expect((await lists.next()).value).toEqual([]);
  stop.abort();
});
