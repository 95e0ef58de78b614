// Answers question by question, and two models compared, over the contract: on real samples of lm-eval and details of lighteval, and on
// files that were cut or taken away since.
import { cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ModelComparison, PairedCell } from '../../core/api/evaluation-progress.ts';
import { drawBootstrap, pairedTest } from '../../core/lib/evaluations/paired-test.ts';
import { openDrawsRoom } from '../../core/services/evaluations/progress/draws-room.ts';
import { eventOf } from '../support/event-of.ts';
import {
  repositoryFolder,
  startTestCore,
  temporaryFolder,
  type TestCore,
  type TestFolder,
  writeFiles,
} from '../support/test-core.ts';
import { answerLine as line } from '../support/answer-line.ts';
import { runNesso } from './cli-process.ts';

const fixtures = join(repositoryFolder, 'test/fixtures/evaluations');
const LATER = join(fixtures, 'lm-eval/nesso-tiny/zero-shot');
const EARLIER = join(fixtures, 'lm-eval/nesso-tiny-12000/zero-shot');
const TIME = '2026-11-22T12-00-00';
const first = 'model:nesso-tiny-12000/zero-shot';
const second = 'model:nesso-tiny/zero-shot';

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
    change: { tasks?: string[]; allMetrics?: boolean; resamples?: number; seed?: number } = {},
  ): Promise<ModelComparison> => {
    return (await eventOf(core.client.evaluationProgress.compare({ first, second, ...change }), 'result'))
      .result;
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
      'samples_ifeval_1.jsonl': ['The sea is wide and blue.', 'JA GUT', '12 34']
        .map((answer, place) =>
          JSON.stringify({
            doc_id: place,
            doc: {
              key: 1000,
              prompt: 'Write about the sea without commas, in capital letters.',
              instruction_id_list: ['punctuation:no_comma', 'change_case:english_capital'],
              kwargs: [{}, {}],
            },
            target: '0',
            arguments: { gen_args_0: { arg_0: 'Write about the sea', arg_1: { until: [] } } },
            resps: [[answer]],
            filtered_resps: [answer],
            filter: 'none',
            metrics: ['inst_level_strict_acc'],
            inst_level_strict_acc: [true, false],
          }),
        )
        .join('\n'),
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
    // A verdict on a language says where it rests on too little.
    expect(one.instructions.map(({ note }) => note)).toEqual([null, null]);
    const noteOf = async (id: number) => {
      const read = await core.client.evaluationQuestions.read({ model: 'model:more', task: 'ifeval', id });
      return read.first.instructions.map(({ note }) => note);
    };
    expect(await noteOf(1)).toEqual([null, 'taken for de, but too short to tell']);
    expect(await noteOf(2)).toEqual([null, 'no letters to tell a language by, which counts as followed']);
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

  test('cells of the leaderboard are paired with a baseline as a comparison pairs them, and remembered', async () => {
    const paired = async () => {
      const cells: PairedCell[] = [];
      const counts: number[] = [];
      const asked = { baseline: first, allMetrics: true };
      for await (const event of await core.client.evaluationProgress.paired(asked)) {
        cells.push(...event.cells);
        counts.push(event.total - event.done);
      }
      return { cells, counts };
    };
    const { cells, counts } = await paired();
    const table = await core.client.evaluations.table({ allMetrics: true });
    const own = cells.filter(({ model }) => model === second);
    const { comparisons } = await compare({ allMetrics: true });
    const tested = comparisons.filter(({ test: { kind } }) => kind === 'paired');
    expect(own.length).toBe(tested.length);
    expect(own.length).toBeGreaterThan(3);
    for (const { column, p, questions, test: name } of own) {
      const { task, metric, filter } = table.columns.find(({ key }) => key === column) ?? {};
      const other = tested.find(
        (one) => one.task === task && one.metric === metric && one.filter === filter,
      )?.test;
      expect(other).toMatchObject({ kind: 'paired', p, questions });
      expect(name).toBe(other?.kind === 'paired' && other.mcNemar ? 'McNemar, mid-p' : 'paired bootstrap');
    }
    expect(counts.at(-1)).toBe(0);
    const again = await paired();
    // All of it comes at once.
    expect(again.counts).toEqual([0]);
    expect(new Set(again.cells.map((cell) => JSON.stringify(cell)))).toEqual(
      new Set(cells.map((cell) => JSON.stringify(cell))),
    );
  });

  test('many draws happen in a thread: the same numbers, core answers meanwhile, and it can be cancelled', async () => {
    const cancelling = new AbortController();
    await using room = openDrawsRoom(repositoryFolder, cancelling.signal);
    const differences = Float64Array.from({ length: 3000 }, (_, id) => ((id * 7) % 5) / 2 - 0.9);
    const options = { resamples: 400, seed: 7 };
    expect(await room.draws(differences, options)).toEqual(drawBootstrap(differences, options));
    // Minutes of work, of which nobody waits for the end.
    const endless = room.draws(new Float64Array(1_000_000).fill(0.5), { resamples: 100_000, seed: 7 });
    const isOver = vi.fn();
    const ending = endless.then(isOver, isOver);
    expect((await core.client.evaluationQuestions.sources()).length).toBeGreaterThan(0);
    expect(isOver).not.toHaveBeenCalled();
    cancelling.abort();
    await expect(endless).rejects.toMatchObject({ name: 'AbortError' });
    await ending;
    await expect(room.draws(differences, options)).rejects.toMatchObject({ name: 'AbortError' });

    // 17 questions, drawn so often that they are many.
    const [compared] = (await compare({ tasks: ['local_arc_it'], resamples: 100_000, seed: 3 })).comparisons;
    const scores = await Promise.all(
      [first, second].map(async (model) => {
        const { rows } = await core.client.evaluationQuestions.list({
          model,
          task: 'local_arc_it',
          limit: 100,
        });
        return rows.map(({ id, first: { score } }) => ({
          id,
          documentHash: null,
          score: score ?? Number.NaN,
        }));
      }),
    );
    expect(compared?.test).toEqual(
      pairedTest(scores[0] ?? [], scores[1] ?? [], { resamples: 100_000, seed: 3 }),
    );
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
