// Results of benchmarks in a workspace: found, read once, given to whom they belong, named where they cannot be read; brought in from
// files, texts and pasted tables; as one table, and out of it again.
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Leaderboard } from '../../core/api/evaluations.ts';
import { checkpointLife } from '../../core/api/checkpoint-life.ts';
import { startTestCore, type TestCore, type TestFolder, temporaryFolder } from '../support/test-core.ts';

const fixtures = join(import.meta.dirname, '../fixtures/evaluations');
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
    await expect.poll(() => versions.length, { timeout: 20_000 }).toBe(1);
    await put('evals/results/a/results_1.json', harness({ model: 'm', tasks: { arc_it: 0.3 } }));
    await expect.poll(() => versions.length, { timeout: 20_000 }).toBeGreaterThan(1);
    const before = versions.length;
    // Below a run nothing is watched by the system: it is looked at.
    await put('runs/job/outputs/results_1.json', harness({ model: 'n', tasks: { arc_it: 0.3 } }));
    await expect.poll(() => versions.length, { timeout: 20_000 }).toBeGreaterThan(before);
    controller.abort();
    await reading;
  });
});
