// Results of benchmarks in a workspace: found, read once, given to whom they belong, named where they cannot be read; brought in from
// files, texts and pasted tables; as one table, and out of it again.
import { cp, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ErrorCode } from '../../core/api/errors.ts';
import type { Leaderboard } from '../../core/api/evaluations.ts';
import { checkpointLife } from '../../core/api/checkpoint-life.ts';
import { EVERYTHING, showLeaderboard } from '../../core/lib/evaluations/leaderboard.ts';
import { startTestCore, type TestCore, type TestFolder, temporaryFolder } from '../support/test-core.ts';

const fixtures = join(import.meta.dirname, '../fixtures/evaluations');
const code = (wanted: ErrorCode) => expect.objectContaining({ code: wanted }) as Error;
const pair = z.object({ value: z.number(), standardError: z.number() });
const sample = join(fixtures, 'lm-eval/nesso-tiny/zero-shot');

let studio: TestCore;
let folder: TestFolder;

beforeEach(async () => {
  studio = await startTestCore();
  folder = await temporaryFolder();
  await writeFile(join(folder.path, 'studio.yaml'), 'name: test\n');
  await studio.client.workspace.open({ path: folder.path });
});
afterEach(async () => {
  await studio[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const inside = (path: string): string => join(folder.path, path);
async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(inside(path)), { recursive: true });
  await writeFile(inside(path), text);
}

interface Asked {
  readonly model: string;
  readonly tasks: Readonly<Record<string, number>>;
  readonly date?: number;
  readonly shots?: number;
  readonly more?: object;
}

/** What lm-eval would write, as small as it may be. */
const harness = ({ model, tasks, date = 1_700_000_000, shots = 0, more = {} }: Asked): string =>
  JSON.stringify({
    results: Object.fromEntries(
      Object.entries(tasks).map(([task, value]) => [
        task,
        { 'acc,none': value, 'acc_stderr,none': 0.01, 'acc_norm,none': value, 'acc_norm_stderr,none': 0.01 },
      ]),
    ),
    'n-shot': Object.fromEntries(Object.keys(tasks).map((task) => [task, shots])),
    versions: Object.fromEntries(Object.keys(tasks).map((task) => [task, 1])),
    config: { limit: null },
    date,
    model_name: model,
    lm_eval_version: '0.4.9',
    chat_template: null,
    system_instruction: null,
    ...more,
  });

const table = (input: Partial<Parameters<TestCore['client']['evaluations']['table']>[0]> = {}) =>
  studio.client.evaluations.table({ ...input });
const valueIn = ({ columns, rows }: Leaderboard, key: string, task: string): number | null =>
  rows.find(({ model }) => model.key === key)?.cells[columns.findIndex((one) => one.task === task)]?.value ??
  null;

describe('results of a workspace', () => {
  it('are found in evals/results and below runs, with their answers, and belong to checkpoints', async () => {
    await cp(sample, inside('evals/results/tiny'), { recursive: true });
    await put(
      'runs/job-1/outputs/lm_eval/x/results_1.json',
      harness({ model: '/scratch/team/ckpt/12000', tasks: { arc_it: 0.3 } }),
    );
    await put(
      'runs/job-1/outputs/lm_eval/y/results_1.json',
      harness({ model: 'v2-95k', tasks: { arc_it: 0.31 } }),
    );
    await put(
      'evals/results/local/results_1.json',
      harness({
        model: 'model-q8_0',
        tasks: { arc_it: 0.32 },
        more: { nesso_version: '1.0', nesso_model_path: 'checkpoints/zagreus/12000/model-q8_0.gguf' },
      }),
    );
    await put(
      'evals/results/hashed/results_1.json',
      harness({
        model: 'somewhere else',
        tasks: { arc_it: 0.33 },
        more: { nesso_weights_sha256: 'a'.repeat(64), nesso_model_type: 'Q4_K' },
      }),
    );
    await put(
      'checkpoints/zagreus/12000/checkpoint.json',
      JSON.stringify(
        checkpointLife.parse({
          format: 1,
          runId: 'zagreus',
          runName: 'Zagreus ita',
          step: 12_000,
          tokens: 5e9,
          source: { target: 'cluster', path: '/scratch/team/ckpt/12000', layout: 'nanotron' },
          pulled: null,
          models: [
            {
              file: 'model-f16.gguf',
              type: 'f16',
              sizeBytes: 1,
              weightsKey: 'k',
              weightsSha256: 'a'.repeat(64),
              convertedMs: 1,
              warnings: [],
              verified: null,
            },
          ],
        }),
      ),
    );
    const overview = await studio.client.evaluations.overview();
    expect(overview).toMatchObject({ files: 5, problems: [] });
    const models = new Map(overview.models.map((model) => [model.key, model]));
    expect([...models.keys()].toSorted()).toEqual([
      'model:nesso-tiny/zero-shot',
      'model:v2-95k',
      'run:zagreus/12000',
      'run:zagreus/12000/q4_k',
      'run:zagreus/12000/q8_0',
    ]);
    expect(models.get('run:zagreus/12000')).toMatchObject({
      name: 'Zagreus ita · step 12,000',
      run: { id: 'zagreus', name: 'Zagreus ita', step: 12_000, tokens: 5e9 },
      type: null,
    });
    expect(models.get('run:zagreus/12000/q8_0')).toMatchObject({
      type: 'q8_0',
      modelPath: 'checkpoints/zagreus/12000/model-q8_0.gguf',
    });
    const found = await table();
    const tiny = found.rows.find(({ model }) => model.key === 'model:nesso-tiny/zero-shot');
    expect(tiny?.cells.filter((cell) => cell?.hasAnswers)).not.toHaveLength(0);
    expect(valueIn(found, 'run:zagreus/12000', 'arc_it')).toBe(0.3);
    expect(found.sources).toContain('runs/job-1/outputs/lm_eval/x/results_1.json');
  });

  it('are named where they cannot be read, and read as soon as they can', async () => {
    const text = harness({ model: 'm', tasks: { arc_it: 0.3, hellaswag_it: 0.4 } });
    await put('evals/results/half/results_1.json', text.slice(0, 120));
    await put('evals/results/empty/results_1.json', '');
    await put('evals/results/binary/results_1.json', '\u0000\u0001PK');
    await put('evals/results/list/results_1.json', '[1, 2]');
    await put(
      'evals/results/odd/results_1.json',
      '{"results": {"a": {"acc,none": NaN, "acc_norm,none": 0.5, "acc_norm_stderr,none": "N/A"}, "b": [1]}, "version": 99}',
    );
    await put('evals/results/lonely/samples_arc_it_7.jsonl', '{"doc_id": 0}\n');
    await put('evals/results/record/results_1.json', text);
    await put('evals/results/record/import.json', '{"format": 9}');
    const before = await studio.client.evaluations.overview();
    const texts = before.problems.map(({ path, text: said }) => `${path.split('/')[2]}: ${said}`);
    expect(texts).toContain('half: The file ends in the middle');
    expect(texts).toContain('empty: It is empty');
    expect(texts).toContain('binary: It is not JSON');
    expect(texts).toContain('list: It is no result file: its JSON is no object');
    expect(texts).toContain('odd: 1 value is NaN or infinite');
    expect(texts).toContain('odd: It is no record of metrics');
    expect(texts).toContain('lonely: It has answers without a file of results');
    expect(texts.some((said) => said.startsWith('record: '))).toBe(true);
    const odd = await table({ allMetrics: true });
    expect(valueIn(odd, 'model:unknown', 'a')).toBe(0.5);
    await put('evals/results/half/results_1.json', text);
    const after = await studio.client.evaluations.overview();
    expect(after.version).toBeGreaterThan(before.version);
    expect(after.problems.map(({ path }) => path)).not.toContain('evals/results/half/results_1.json');
    expect(valueIn(await table(), 'model:m', 'hellaswag_it')).toBe(0.4);
    // What did not change is not read again: the same version, until a file goes.
    expect((await studio.client.evaluations.overview()).version).toBe(after.version);
    await rm(inside('evals/results/half'), { recursive: true });
    expect(valueIn(await table(), 'model:m', 'hellaswag_it')).toBeNull();
  });

  it('stand for older ones of the same question, and never share a column with other questions', async () => {
    const put3 = async (name: string, value: number, date: number, more: Partial<Asked> = {}) =>
      put(
        `evals/results/${name}/results_1.json`,
        harness({ model: 'm', tasks: { arc_it: value }, date, ...more }),
      );
    await put3('a', 0.3, 1000);
    await put3('b', 0.35, 3000);
    await put3('c', 0.32, 2000);
    await put3('d', 0.4, 4000, { shots: 5 });
    const found = await table();
    expect(found.columns.map(({ task, differs }) => [task, differs])).toEqual([
      ['arc_it', []],
      ['arc_it', ['5-shot']],
    ]);
    expect(found.rows).toHaveLength(1);
    const [newest, fiveShot] = found.rows[0]?.cells ?? [];
    expect(newest).toMatchObject({ value: 0.35, older: [{ value: 0.32 }, { value: 0.3 }] });
    expect(found.sources[newest?.older[0]?.source ?? -1]).toBe('evals/results/c/results_1.json');
    expect(fiveShot).toMatchObject({ value: 0.4, older: [] });
    // Joined: what is unknown of a pasted table shares the column it may be compared with, and says so.
    await studio.client.evaluations.importFiles({
      table: '| Modell | arc_it |\n|---|---|\n| typed | 0.37 |\n',
      name: 'typed',
    });
    expect((await table()).columns).toHaveLength(3);
    const joined = await table({ join: 'alike' });
    expect(joined.columns).toHaveLength(2);
    const typed = joined.rows.find(({ model }) => model.key === 'model:typed')?.cells.find(Boolean);
    expect(typed?.differs).toContain('chat template unknown');
  });

  it('tell a window when files come, change and go', async () => {
    const controller = new AbortController();
    const stream = await studio.client.evaluations.watch(undefined, { signal: controller.signal });
    const versions: number[] = [];
    const reading = (async () => {
      for await (const { version } of stream) versions.push(version);
    })().catch(() => undefined);
    await expect.poll(() => versions.length, { timeout: 120_000 }).toBe(1);
    await put('evals/results/a/results_1.json', harness({ model: 'm', tasks: { arc_it: 0.3 } }));
    await expect.poll(() => versions.length, { timeout: 120_000 }).toBeGreaterThan(1);
    const before = versions.length;
    // Below a run nothing is watched by the system: it is looked at.
    await put('runs/job/outputs/results_1.json', harness({ model: 'n', tasks: { arc_it: 0.3 } }));
    await expect.poll(() => versions.length, { timeout: 120_000 }).toBeGreaterThan(before);
    controller.abort();
    await reading;
  });
});

describe('the table of a workspace', () => {
  it('holds what NumPy and SciPy compute from the same files', async () => {
    for (const name of ['nesso-tiny', 'nesso-tiny-12000'])
      await cp(join(fixtures, 'lm-eval', name, 'zero-shot'), inside(`evals/results/${name}`), {
        recursive: true,
      });
    const expected = z
      .object({
        tasks: z.array(z.string()),
        models: z.record(z.string(), z.object({ cells: z.array(pair), means: z.record(z.string(), pair) })),
        against: z.object({
          difference: z.array(z.number()),
          p: z.array(z.number()),
          adjustedP: z.array(z.number()),
        }),
      })
      .parse(JSON.parse(await readFile(join(fixtures, 'leaderboard.json'), 'utf8')));
    const found = await table();
    const keyOf = (name: string) => `model:${name}/zero-shot`;
    const shown = showLeaderboard(found, {
      ...EVERYTHING,
      tasks: expected.tasks,
      baseline: keyOf('nesso-tiny-12000'),
    });
    expect(shown.columns.map(({ task, metric }) => [task, metric])).toEqual(
      expect.arrayContaining(expected.tasks.map((task) => [task, 'acc_norm'])),
    );
    const placeOf = (task: string) => shown.columns.findIndex((column) => column.task === task);
    for (const [name, { cells, means }] of Object.entries(expected.models)) {
      const row = shown.rows.find(({ model }) => model.key === keyOf(name));
      for (const [index, task] of expected.tasks.entries())
        expect(row?.cells[placeOf(task)]).toMatchObject(cells[index] ?? {});
      for (const [label, mean] of Object.entries(means)) {
        const own = row?.means[shown.means.findIndex((one) => one.label === label)];
        expect(own?.value).toBeCloseTo(mean.value, 12);
        expect(own?.standardError).toBeCloseTo(mean.standardError, 12);
      }
    }
    const other = shown.rows.find(({ model }) => model.key === keyOf('nesso-tiny'));
    for (const [index, task] of expected.tasks.entries()) {
      const against = other?.against[placeOf(task)];
      expect(against?.difference).toBeCloseTo(expected.against.difference[index] ?? Number.NaN, 12);
      expect(against?.p).toBeCloseTo(expected.against.p[index] ?? Number.NaN, 9);
      expect(against?.adjustedP).toBeCloseTo(expected.against.adjustedP[index] ?? Number.NaN, 9);
    }
  });

  it('takes rows of published tables beside, and leaves as a file once', async () => {
    const { tables, figures } = await studio.client.evaluations.references();
    expect(tables.map(({ table: { id } }) => id)).toEqual(expect.arrayContaining(['table-1', 'table-7']));
    expect(figures.map(({ id }) => id)).toContain('table-2');
    const six = tables.find(({ table: { id } }) => id === 'table-6');
    const beside = await table({ references: six?.keys.slice(0, 2) ?? [] });
    expect(beside.rows.map(({ model }) => model.name)).toEqual([
      'Qwen/Qwen3-0.6B (Table 6)',
      'Nesso-04B-instruct (Table 6)',
    ]);
    expect(await table({ references: ['reference:table-6/nobody'] })).toMatchObject({ rows: [] });
    const output = { path: 'reports/board.md', text: 'one' };
    await studio.client.evaluations.exportTable(output);
    await expect(studio.client.evaluations.exportTable({ ...output, text: 'two' })).rejects.toThrow(
      code('ALREADY_EXISTS'),
    );
    expect(await readFile(inside('reports/board.md'), 'utf8')).toBe('one');
    await studio.client.evaluations.exportTable({ ...output, text: 'two', overwrite: true });
    expect(await readFile(inside('reports/board.md'), 'utf8')).toBe('two');
    expect((await readdir(inside('reports'))).toSorted()).toEqual(['board.md']);
    for (const path of ['../out.md', 'studio.yaml', 'reports/x.exe', '/tmp/x.md'])
      await expect(studio.client.evaluations.exportTable({ path, text: 'x' })).rejects.toThrow(
        code('INVALID_INPUT'),
      );
  });
});

describe('an import', () => {
  const RESULTS = 'results_2026-11-22T12-00-00.json';
  const SAMPLES = 'samples_local_arc_it_2026-11-22T12-00-00.jsonl';

  it('is shown before it is saved, from texts, paths and tables', async () => {
    const text = await readFile(join(sample, RESULTS), 'utf8');
    const answers = await readFile(join(sample, SAMPLES), 'utf8');
    const files = [
      { name: RESULTS, text },
      { name: SAMPLES, text: answers },
    ];
    const preview = await studio.client.evaluations.preview({ files });
    expect(preview).toMatchObject({
      count: 12,
      files: 1,
      harnesses: ['lm-eval'],
      models: ['nesso-tiny/zero-shot'],
    });
    // Nothing was written, and nothing is left aside.
    expect((await studio.client.evaluations.overview()).files).toBe(0);
    expect(await readdir(inside('.studio/imports'))).toEqual([]);
    const { imported } = await studio.client.evaluations.importFiles({
      files,
      model: 'tiny',
      run: 'ita',
      step: 7,
    });
    expect(imported).toMatchObject([{ folder: 'evals/results/tiny', results: 12, alreadyThere: false }]);
    const found = await table();
    expect(found.rows.map(({ model }) => model.key)).toEqual(['run:ita/7']);
    expect(found.rows[0]?.cells.filter((cell) => cell?.hasAnswers)).toHaveLength(1);
    expect(await readFile(inside(`evals/results/tiny/${SAMPLES}`), 'utf8')).toBe(answers);
    const byPath = await studio.client.evaluations.preview({ paths: [sample] });
    expect(byPath.count).toBe(12);
    const wide = await studio.client.evaluations.preview({
      table:
        '| Model | arc_it | m_mmlu_it |\n|---|---|---|\n| v2-95k | 0.3 | |\n| v2-95k | 0.31 | 0.2 | 0.1 |\n',
    });
    expect(wide).toMatchObject({
      count: 3,
      models: ['v2-95k'],
      named: { run: null, step: 95_000, isKnown: false },
    });
    expect(wide.problems.map(({ text: said }) => said)).toEqual([
      'v2-95k has no m_mmlu_it',
      'It has 4 cells under 3 columns',
    ]);
  });

  it('refuses what is no result, names that lead elsewhere, and what lies there already', async () => {
    const bring = (input: Parameters<TestCore['client']['evaluations']['importFiles']>[0]) =>
      studio.client.evaluations.importFiles(input);
    await expect(bring({})).rejects.toThrow(code('INVALID_INPUT'));
    await expect(bring({ table: 'no table' })).rejects.toThrow(code('INVALID_INPUT'));
    await expect(bring({ paths: [inside('nowhere')] })).rejects.toThrow(code('NOT_FOUND'));
    await expect(bring({ files: [{ name: '..', text: '{}' }] })).rejects.toThrow(code('INVALID_INPUT'));
    const text = harness({ model: 'm', tasks: { arc_it: 0.3 } });
    await expect(
      bring({
        files: [
          { name: 'results_1.json', text },
          { name: 'a/results_1.json', text },
        ],
      }),
    ).rejects.toThrow(code('INVALID_INPUT'));
    // A name with a folder in it stays one file below its own folder.
    await bring({ files: [{ name: '../../results_2.json', text }], name: 'plain' });
    expect((await readdir(inside('evals/results/plain'))).toSorted()).toEqual([
      'import.json',
      'results_2.json',
    ]);
    await expect(
      bring({ files: [{ name: 'results_2.json', text: text.replace('0.3', '0.9') }], name: 'plain' }),
    ).rejects.toThrow(code('ALREADY_EXISTS'));
    expect(await readdir(inside('.studio/imports'))).toEqual([]);
    await put('big/results_1.json', text);
    await truncate(inside('big/results_1.json'), 65_000_000);
    const huge = await studio.client.evaluations.preview({ paths: [inside('big')] });
    expect(huge.count).toBe(0);
    expect(huge.problems[0]?.text).toMatch(/more than/);
  });

  it('says which columns cannot be compared although their task is one', async () => {
    await put('evals/results/a/results_1.json', harness({ model: 'a', tasks: { arc_it: 0.3 } }));
    await put(
      'evals/results/b/results_1.json',
      harness({
        model: 'b',
        tasks: { arc_it: 0.4 },
        more: { chat_template: 'x', chat_template_sha: 'c'.repeat(64) },
      }),
    );
    const joined = await table({ join: 'alike' });
    expect(joined.columns.map(({ differs }) => differs)).toEqual([[], [`chat template ${'c'.repeat(16)}`]]);
  });
});
