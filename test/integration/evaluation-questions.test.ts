// Answers question by question, and two models compared, over the contract: on real samples of lm-eval and details of lighteval, and on
// files that are cut, changed, huge in one line, full of NaN or gone.
import { appendFile, cp, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ModelComparison } from '../../core/api/evaluation-progress.ts';
import { buildIndex } from '../../core/services/evaluation-questions/build-index.ts';
import { createIndexStore } from '../../core/services/evaluation-questions/index-store.ts';
import { readQuestions, searchQuestions } from '../../core/services/evaluation-questions/read-lines.ts';
import { MAX_LINE_BYTES } from '../../core/services/evaluations/byte-lines.ts';
import {
  repositoryFolder,
  startTestCore,
  temporaryFolder,
  type TestCore,
  type TestFolder,
  writeFiles,
} from '../support/test-core.ts';
import { runNesso } from './cli-process.ts';

const fixtures = join(repositoryFolder, 'test/fixtures/evaluations');
const LATER = join(fixtures, 'lm-eval/nesso-tiny/zero-shot');
const EARLIER = join(fixtures, 'lm-eval/nesso-tiny-12000/zero-shot');
const TIME = '2026-11-22T12-00-00';
const first = 'model:nesso-tiny-12000/zero-shot';
const second = 'model:nesso-tiny/zero-shot';

const line = (id: number, change: Record<string, unknown> = {}) =>
  JSON.stringify({
    doc_id: id,
    doc: { question: `Domanda ${id}`, subject: id % 2 === 0 ? 'storia' : 'arte' },
    target: '1',
    arguments: {
      gen_args_0: { arg_0: `Domanda ${id}`, arg_1: ' no' },
      gen_args_1: { arg_0: `Domanda ${id}`, arg_1: ' sì' },
    },
    resps: [[['-2.0', 'False']], [['-1.0', 'True']]],
    filtered_resps: [
      ['-2.0', 'False'],
      ['-1.0', 'True'],
    ],
    filter: 'none',
    metrics: ['acc'],
    doc_hash: `${id}`.padStart(16, 'a'),
    acc: 1,
    ...change,
  });

describe('indexes of files of answers', () => {
  let folder: TestFolder;
  beforeAll(async () => {
    folder = await temporaryFolder();
  });
  afterAll(() => folder[Symbol.asyncDispose]());
  const file = async (name: string, text: string | Buffer) => {
    const path = join(folder.path, name);
    await writeFile(path, text);
    return path;
  };
  const storeIn = (name: string) => createIndexStore({ cacheFolder: async () => join(folder.path, name) });

  test('lines that are no samples are named, all others stand where they are', async () => {
    const nan = line(3).replace('"acc":1', '"acc":NaN').replaceAll('"-1.0"', '"nan"');
    const path = await file(
      'broken.jsonl',
      [line(0), 'no JSON', '', line(1), '[1, 2]', nan, line(4), `${line(5).slice(0, 90)}`].join('\n'),
    );
    const index = await buildIndex(path);
    expect([...index.ids]).toEqual([0, 1, 3, 4]);
    expect([...(index.scores.get('acc') ?? [])]).toEqual([1, 1, Number.NaN, 1]);
    expect(index.problems.map(({ where, text }) => `${where}: ${text}`)).toEqual([
      'line 2: 2 lines are no sample',
      'line 8: The file ends in the middle of a line',
    ]);
    const rows = await readQuestions(path, index, [3, 0, 2]);
    expect(rows.map(({ id }) => id)).toEqual([4, 0, 3]);
    expect(rows[2]?.picks[0]?.pick).toBeNull();
    expect(rows[0]).toMatchObject({ gold: 1, subject: 'storia', prompt: 'Domanda 4' });
  });

  test('a line that is too long is left out and does not fill the memory', async () => {
    const path = await file('long.jsonl', `${line(0)}\n`);
    await appendFile(path, Buffer.alloc(MAX_LINE_BYTES + 10, 'x'));
    await appendFile(path, `\n${line(1)}\n`);
    const index = await buildIndex(path);
    expect([...index.ids]).toEqual([0, 1]);
    expect(index.problems[0]?.text).toContain('longer than can be read');
    expect((await readQuestions(path, index, [1]))[0]?.id).toBe(1);
    expect([...(await searchQuestions(path, index, 'DOMANDA 1'))]).toEqual([1]);
  });

  test('an empty file, binary and a folder are what they are', async () => {
    expect((await buildIndex(await file('empty.jsonl', ''))).problems[0]?.text).toBe('It holds no samples');
    const bytes = Buffer.from(Array.from({ length: 4000 }, (_, place) => (place * 37) % 256));
    expect((await buildIndex(await file('bytes.jsonl', bytes))).count).toBe(0);
    await expect(storeIn('none').open(join(folder.path, 'gone.jsonl'))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(storeIn('none').open(folder.path)).rejects.toThrow();
  });

  test('the index is kept, found by the next studio, and made anew when the file or the index changed', async () => {
    const path = await file('kept.jsonl', `${line(0)}\n${line(1)}\n`);
    let reads = 0;
    const store = () =>
      createIndexStore({
        cacheFolder: async () => join(folder.path, 'kept'),
        build: (...args) => {
          reads += 1;
          return buildIndex(...args);
        },
      });
    const one = store();
    const [a, b] = await Promise.all([one.open(path), one.open(path)]);
    expect(a).toBe(b);
    expect(await store().open(path)).toEqual(a);
    expect(reads).toBe(1);
    const [name = ''] = await readdir(join(folder.path, 'kept'));
    await writeFile(join(folder.path, 'kept', name), 'half an ind');
    expect((await store().open(path)).count).toBe(2);
    expect(reads).toBe(2);
    await appendFile(path, `${line(2)}\n`);
    expect((await one.open(path)).count).toBe(3);
    expect(reads).toBe(3);
    // What was read by an older index is never taken for the file that is there now.
    await utimes(path, new Date(), new Date(Date.now() - 60_000));
    await expect(readQuestions(path, a, [0])).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  test('who stops waiting ends the reading only when nobody else waits', async () => {
    const path = await file('many.jsonl', Array.from({ length: 3000 }, (_, id) => line(id)).join('\n'));
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    let ended: unknown = null;
    const store = createIndexStore({
      cacheFolder: async () => join(folder.path, 'many'),
      build: async (place, options) => {
        options.signal?.addEventListener('abort', () => {
          ended = options.signal?.reason;
        });
        await gate;
        return buildIndex(place, options);
      },
    });
    const [leaving, staying] = [new AbortController(), new AbortController()];
    const left = store.open(path, { signal: leaving.signal });
    const stayed = store.open(path, { signal: staying.signal });
    leaving.abort();
    await expect(left).rejects.toMatchObject({ name: 'AbortError' });
    expect(ended).toBeNull();
    open();
    expect((await stayed).count).toBe(3000);
    await expect(store.open(path, { signal: leaving.signal })).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('text is found in prompts, choices and answers, escaped or not, and in nothing else', async () => {
    const escaped = line(2).replaceAll('sì', 's\\u00ec').replace('Domanda 2', 'Citt\\u00E0 2');
    const path = await file('search.jsonl', `${line(0)}\n${escaped}\n${line(7, { target: 'Perù' })}\n`);
    const index = await buildIndex(path);
    const found = async (text: string) => [...(await searchQuestions(path, index, text))];
    expect(await found('SÌ')).toEqual([0, 1, 2]);
    expect(await found('domanda 0')).toEqual([0]);
    expect(await found('perù')).toEqual([2]);
    expect(await found('doc_id')).toEqual([]);
    expect(await found('"')).toEqual([]);
  });
});

describe('questions over the contract', () => {
  let core: TestCore;
  let folder: TestFolder;
  let root: string;
  beforeAll(async () => {
    core = await startTestCore();
    folder = await temporaryFolder();
    root = join(folder.path, 'ws');
    await writeFiles(root, { 'studio.yaml': 'name: test\n' });
    await cp(EARLIER, join(root, 'evals/results/earlier'), { recursive: true });
    await cp(LATER, join(root, 'evals/results/later'), { recursive: true });
    const light = join(root, 'evals/results/light');
    await mkdir(light);
    await cp(join(fixtures, `lighteval/results_${TIME}.json`), join(light, `results_${TIME}.json`));
    await cp(
      join(fixtures, 'lighteval/details_capitals_lt_0.parquet'),
      join(light, `details_capitals_lt|0_${TIME}.parquet`),
    );
    await core.client.workspace.open({ path: root });
  });
  afterAll(async () => {
    await core[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  const compare = async (
    change: { tasks?: string[]; allMetrics?: boolean } = {},
  ): Promise<ModelComparison> => {
    for await (const event of await core.client.evaluationProgress.compare({ first, second, ...change }))
      if (event.kind === 'result') return event.result;
    throw new Error('No comparison came');
  };

  test('models with answers and their tasks, groups by the answers of their tasks', async () => {
    const sources = await core.client.evaluationQuestions.sources();
    const own = sources.find(({ model }) => model.key === second);
    expect(own?.tasks.find(({ task }) => task === 'local_arc_it')).toMatchObject({
      metrics: ['acc_norm', 'acc'],
      filters: ['none'],
      questions: 17,
    });
    expect(sources.some(({ model }) => model.key.startsWith('reference:'))).toBe(false);
  });

  test('flips are the pairs that McNemar counts, and shares are those of the results', async () => {
    const compared = await compare();
    for (const { task, metric, filter, test: tested, first: one, second: other } of compared.comparisons) {
      if (tested.kind !== 'paired' || tested.mcNemar === null) continue;
      const page = await core.client.evaluationQuestions.list({
        model: first,
        with: second,
        task,
        metric,
        filter,
      });
      const { onlyFirst, onlySecond, bothRight, bothWrong } = tested.mcNemar;
      expect([task, page.counts]).toEqual([
        task,
        expect.objectContaining({
          won: onlySecond,
          lost: onlyFirst,
          flips: onlyFirst + onlySecond,
          'both-right': bothRight,
          'both-wrong': bothWrong,
        }),
      ]);
      const { right, all } = page.counts;
      expect(right / all).toBeCloseTo(one.value, 10);
      expect((right + onlySecond - onlyFirst) / all).toBeCloseTo(other.value, 10);
    }
    expect(compared.comparisons.filter(({ test: { kind } }) => kind === 'paired').length).toBeGreaterThan(3);
  });

  test('one question of both, with what each normalisation takes and the answers of each filter', async () => {
    const page = await core.client.evaluationQuestions.list({
      model: first,
      with: second,
      task: 'local_hellaswag_it',
      show: 'flips',
    });
    const [row] = page.rows;
    expect(row?.first.score).not.toBe(row?.second?.score);
    const detail = await core.client.evaluationQuestions.read({
      model: first,
      with: second,
      task: 'local_hellaswag_it',
      id: row?.id ?? -1,
      tokenizer: null,
    });
    expect(detail.first.choices).toHaveLength(4);
    expect(detail.first.normalised.map(({ pick }) => pick !== null)).toEqual([true, true, true, false]);
    expect(detail.tokensProblem).toContain('tokenizer');
    const right = (side: typeof detail.first | null, place: number) =>
      side?.normalised[place]?.pick === detail.gold;
    expect([right(detail.first, 1), right(detail.second, 1)]).toEqual([
      row?.first.score === 1,
      row?.second?.score === 1,
    ]);
    const written = await core.client.evaluationQuestions.read({
      model: first,
      task: 'capitals_generate',
      id: 0,
    });
    expect(written.first.extracted.map(({ filter }) => filter).toSorted()).toEqual([
      'flexible-extract',
      'strict-match',
    ]);
    expect(written.first.written).toHaveLength(1);
  });

  test('a tokenizer counts the tokens of choices as lm-eval cuts them', async () => {
    const tokenizer = 'models/bytes/tokenizer.json';
    const source = join(repositoryFolder, 'test/fixtures/tokenizers/byte-level/tokenizer.json');
    await mkdir(join(root, 'models/bytes'), { recursive: true });
    await cp(source, join(root, tokenizer));
    // len(encode(context + choice)) - len(encode(context)) of the tokenizers library.
    const counts = [
      [15, 6, 6],
      [4, 5, 14, 7],
      [7, 11, 7, 6, 13],
    ];
    for (const [id, expected] of counts.entries()) {
      const { first: one, tokensProblem } = await core.client.evaluationQuestions.read({
        model: second,
        task: 'local_arc_it',
        id,
        tokenizer,
      });
      expect(one.choices.map(({ tokens }) => tokens)).toEqual(expected);
      const values = one.choices.map(
        ({ logLikelihood }, place) => (logLikelihood ?? 0) / (expected[place] ?? 1),
      );
      expect(one.normalised[3]).toEqual({
        normalisation: 'tokens',
        values,
        pick: values.indexOf(Math.max(...values)),
      });
      expect(tokensProblem).toBeNull();
    }
  });

  test('instructions of IFEval are shown with which were followed, and a value over tasks with all its questions', async () => {
    const folder = join(root, 'evals/results/more');
    const results = {
      ifeval: { 'inst_level_strict_acc,none': 0.5 },
      mmlu: { 'acc,none': 0.5, 'acc_stderr,none': 0.1 },
      mmlu_anatomy: { 'acc,none': 1 },
      mmlu_virology: { 'acc,none': 0 },
    };
    await writeFiles(folder, {
      'results_1.json': JSON.stringify({
        results,
        groups: { mmlu: results.mmlu },
        group_subtasks: { mmlu: ['mmlu_anatomy', 'mmlu_virology'] },
        model_name: 'more',
      }),
      'samples_ifeval_1.jsonl': JSON.stringify({
        doc_id: 0,
        doc: {
          key: 1000,
          prompt: 'Write about the sea without commas, in capital letters.',
          instruction_id_list: ['punctuation:no_comma', 'change_case:english_capital'],
          kwargs: [{}, {}],
        },
        target: '0',
        arguments: { gen_args_0: { arg_0: 'Write about the sea', arg_1: { until: [] } } },
        resps: [['The sea is wide and blue.']],
        filtered_resps: ['The sea is wide and blue.'],
        filter: 'none',
        metrics: ['inst_level_strict_acc'],
        inst_level_strict_acc: [true, false],
      }),
      'samples_mmlu_anatomy_1.jsonl': `${line(0)}\n${line(1)}\n`,
      'samples_mmlu_virology_1.jsonl': `${line(0, { acc: 0, target: '0' })}\n`,
    });
    const page = await core.client.evaluationQuestions.list({ model: 'model:more', task: 'ifeval' });
    expect(page.rows[0]).toMatchObject({ first: { score: 0.5 }, words: expect.stringContaining('the sea') });
    const { first: one } = await core.client.evaluationQuestions.read({
      model: 'model:more',
      task: 'ifeval',
      id: 0,
    });
    expect(one.instructions.map(({ id, strict }) => [id, strict])).toEqual([
      ['punctuation:no_comma', true],
      ['change_case:english_capital', false],
    ]);
    const group = await core.client.evaluationQuestions.list({ model: 'model:more', task: 'mmlu' });
    expect(group.rows.map(({ task, id, first: { score } }) => [task, id, score])).toEqual([
      ['mmlu_anatomy', 0, 1],
      ['mmlu_anatomy', 1, 1],
      ['mmlu_virology', 0, 0],
    ]);
    const read = await core.client.evaluationQuestions.read({
      model: 'model:more',
      task: 'mmlu',
      part: 'mmlu_virology',
      id: 0,
    });
    expect([read.task, read.gold, read.target]).toEqual(['mmlu_virology', 0, '0']);
  });

  test('filters, pages and searches', async () => {
    const list = (change: object) =>
      core.client.evaluationQuestions.list({ model: second, task: 'local_arc_it', ...change });
    const all = await list({});
    expect([all.total, all.rows.length, all.chosen.metric]).toEqual([17, 17, 'acc_norm']);
    expect((await list({ offset: 15, limit: 5 })).rows.map(({ place }) => place)).toEqual([15, 16]);
    const found = await list({ search: 'FRANCIA' });
    expect(found.total).toBeGreaterThan(0);
    expect(found.total).toBeLessThan(17);
    const [least = 0, , middle = 0, , most = 0] = all.lengths;
    expect(most).toBeGreaterThan(least);
    expect((await list({ minLength: middle })).total).toBeLessThan(17);
    const longest = await list({ order: 'longest', limit: 1 });
    expect(longest.rows[0]?.promptLength).toBe(most);
    expect((await list({ search: 'no such words' })).rows).toEqual([]);
    const seek = async (to: Parameters<typeof core.client.evaluationQuestions.seek>[0]['to'], change = {}) =>
      (await core.client.evaluationQuestions.seek({ model: second, task: 'local_arc_it', ...change, to }))
        .place;
    const next = (from: number, back = false) => seek({ kind: 'next', of: 'right', from, back });
    const rights = all.rows.filter(({ first: one }) => one.score === 1).map(({ place }) => place);
    expect(await next(-1)).toBe(rights[0]);
    expect(await next(rights[0] ?? 0)).toBe(rights[1]);
    expect(await next(rights[1] ?? 0, true)).toBe(rights[0]);
    expect(await next(rights.at(-1) ?? 0)).toBeNull();
    expect(await seek({ kind: 'question', part: 'local_arc_it', id: all.rows[3]?.id ?? 0 })).toBe(3);
    expect(await seek({ kind: 'question', part: 'local_arc_it', id: 9999 })).toBeNull();
  });

  test('details of lighteval are browsed in the same way, with the tokens it kept', async () => {
    const source = (await core.client.evaluationQuestions.sources()).find(({ tasks }) =>
      tasks.some(({ task }) => task === 'capitals_lt'),
    );
    const model = source?.model.key ?? '';
    const page = await core.client.evaluationQuestions.list({ model, task: 'capitals_lt', metric: 'acc' });
    expect(page.rows.length).toBe(page.counts.all);
    expect(page.rows.length).toBeGreaterThan(5);
    for (const { id } of page.rows) {
      const { first: one, gold } = await core.client.evaluationQuestions.read({
        model,
        task: 'capitals_lt',
        id,
      });
      for (const [metric, place] of [
        ['acc', 0],
        ['acc_norm', 1],
      ] as const) {
        const score = one.scores.find((own) => own.metric === metric)?.score;
        expect([id, metric, one.normalised[place]?.pick === gold ? 1 : 0]).toEqual([id, metric, score]);
      }
    }
  });

  test('the window compares as the command does, and the command shows the same flips', async () => {
    const paths = ['earlier', 'later'].map((name) => join(root, 'evals/results', name));
    const [a = '', b = ''] = paths;
    const said = await runNesso(join(folder.path, 'state'), 'eval', 'compare', a, b, '--json');
    const command = said.json() as { comparisons: Record<string, unknown>[] };
    const window = await compare();
    const tested = ({ comparisons }: { comparisons: readonly object[] }) =>
      (comparisons as readonly ModelComparison['comparisons'][number][])
        .map(({ task, metric, filter, difference, test: own, adjustedP, verdict, settings }) => ({
          task,
          metric,
          filter,
          difference,
          own,
          adjustedP,
          verdict,
          settings,
        }))
        .toSorted((x, y) => x.task.localeCompare(y.task) || x.filter.localeCompare(y.filter));
    expect(tested(window)).toEqual(tested(command));
    const words = [
      'eval',
      'questions',
      a,
      '--task',
      'local_arc_it',
      '--with',
      b,
      '--show',
      'flips',
      '--json',
    ];
    const flips = await runNesso(join(folder.path, 'state'), ...words);
    const page = await core.client.evaluationQuestions.list({
      model: first,
      with: second,
      task: 'local_arc_it',
      show: 'flips',
    });
    const shown = flips.json() as typeof page;
    expect(shown.rows).toEqual(page.rows.slice(0, 20));
    expect(shown.counts).toEqual(page.counts);
    const several = await runNesso(join(folder.path, 'state'), 'eval', 'questions', a);
    expect([several.code === 0, several.stderr]).toEqual([false, expect.stringContaining('--task')]);
  });

  test('lines over trainings hold the published tables; a comparison with one goes by standard errors', async () => {
    const { tasks } = await core.client.evaluationProgress.progression({});
    const task = tasks.find((one) => one.task === 'hellaswag_it');
    expect(task?.lines.map(({ series }) => series)).toContain('reference:table-1');
    const points = task?.lines[0]?.points ?? [];
    const result: ModelComparison[] = [];
    const input = {
      first: points[0]?.model ?? '',
      second: points.at(-1)?.model ?? '',
      tasks: ['hellaswag_it'],
    };
    for await (const event of await core.client.evaluationProgress.compare(input))
      if (event.kind === 'result') result.push(event.result);
    expect(result[0]?.comparisons).toHaveLength(1);
    expect(result[0]?.comparisons[0]).toMatchObject({ test: { kind: 'unpaired' }, verdict: 'better' });
  });

  test('answers that were cut off since, or are gone, are said to be', async () => {
    const path = join(root, `evals/results/earlier/samples_local_arc_challenge_${TIME}.jsonl`);
    const whole = await readFile(path, 'utf8');
    await writeFile(path, whole.slice(0, whole.length * 0.6));
    const page = await core.client.evaluationQuestions.list({ model: first, task: 'local_arc_challenge' });
    expect(page.total).toBeLessThan(17);
    expect(page.problems[0]?.text).toBe('The file ends in the middle of a line');
    // A mean over other questions than the value is of is no paired test.
    const [compared] = (await compare({ tasks: ['local_arc_challenge'] })).comparisons;
    expect(compared?.test.kind).toBe('unpaired');
    await rm(path);
    await expect(
      core.client.evaluationQuestions.list({ model: first, task: 'local_arc_challenge' }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('not kept') });
    await expect(
      core.client.evaluationQuestions.list({ model: 'model:nobody', task: 'local_arc_it' }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await stat(join(root, '.studio/cache/questions'))).isDirectory()).toBe(true);
  });
});
