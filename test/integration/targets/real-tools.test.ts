// The recipes with the tools they are for, through a real Slurm: datatrove writes token files, TRL trains, lm-evaluation-harness
// asks. NESSO_PYTHON names a Python that has them and that any account may run; without it these tests are skipped.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { copyFile, cp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { Run } from '../../../core/api/runs.ts';
import { makeTokenizer } from '../../../core/lib/tokenizers/text-tokenizer.ts';
import { folderThere } from '../../support/folder-there.ts';
import { type ClusterStudio, startClusterStudio } from '../../support/cluster-studio.ts';
import { noCluster, type SlurmCluster, startSlurmCluster } from '../../support/slurm-cluster.ts';
import { repositoryFolder, writeFiles } from '../../support/test-core.ts';

const python = process.env['NESSO_PYTHON'] ?? '';

/** Null, or why a recipe cannot be tried. */
function missing(...modules: readonly string[]): string | null {
  if (noCluster !== null) return noCluster;
  if (python === '') return 'NESSO_PYTHON names no Python with these tools';
  const names = modules.map((name) => `import importlib.util as u; assert u.find_spec("${name}"), "${name}"`);
  const found = spawnSync(
    'su',
    ['nobody', '-s', '/bin/sh', '-c', `cd / && '${python}' -c '${names.join('\n')}'`],
    {
      encoding: 'utf8',
    },
  );
  return found.status === 0 ? null : `${python}: ${found.stderr.trim().split('\n').at(-1) ?? ''}`;
}

const noTokenization = missing('datatrove', 'tokenizers');
const noTraining = missing('trl', 'torch', 'datasets');
const noEvaluation = missing('lm_eval', 'accelerate');
const words = (reason: string | null): string => (reason === null ? '' : ` (${reason})`);
const anyTool = [noTokenization, noTraining, noEvaluation].includes(null);

const small = { nodes: 1, gpusPerNode: 1, cpusPerTask: 2, walltime: '00:05:00', requeue: false };
const LIMIT_MS = 280_000;

const metric = z.looseObject({ step: z.number() });
const trainerState = z.looseObject({
  global_step: z.number(),
  log_history: z.array(z.looseObject({ step: z.number() })),
});

let cluster: SlurmCluster;
let studio: ClusterStudio;

beforeAll(async () => {
  if (!anyTool) return;
  cluster = await startSlurmCluster();
  vi.stubEnv('NESSO_SSH_CONFIG', cluster.configFile);
  const maker = join(repositoryFolder, 'test', 'fixtures', 'tiny-trainers', 'make_tiny.py');
  execFileSync(python, [maker, join(cluster.home, 'tiny')], { stdio: 'pipe' });
  execFileSync('chown', ['-R', `${cluster.user}:`, cluster.home]);
  chmodSync(cluster.home, 0o755);
  studio = await startClusterStudio([
    `python: ${python}`,
    `environment: { HF_HUB_OFFLINE: "1", OMP_NUM_THREADS: "1", HF_HOME: "${join(cluster.home, 'hf')}" }`,
  ]);
}, LIMIT_MS);
afterAll(async () => {
  if (!anyTool) return;
  await studio[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
  vi.unstubAllEnvs();
});

const launch = async (recipe: string, name: string, parameters: Record<string, unknown>): Promise<Run> => {
  const run = await studio.client.runs.launch({
    recipe,
    name,
    parameters: parameters as never,
    target: 'mini',
    resources: small,
  });
  return studio.ends(run.id, LIMIT_MS);
};
const succeeded = (run: Run): void =>
  expect([run.state, run.end?.reason], studio.read(run, 'log.txt').slice(-3000)).toEqual([
    'done',
    expect.anything(),
  ]);
const metricsOf = (run: Run): z.infer<typeof metric>[] =>
  studio
    .read(run, 'metrics.jsonl')
    .trim()
    .split('\n')
    .map((line) => metric.parse(JSON.parse(line)));
const there = (...parts: string[]): string => join(cluster.home, ...parts);

describe.skipIf(noTokenization !== null)(`tokenize with datatrove${words(noTokenization)}`, () => {
  it(
    'writes files that the studio reads back as the tokenizer says',
    async () => {
      const run = await launch('tokenize', 'tokens', {
        input: '~/tiny/documents',
        output: '~/tokens of mine',
        tokenizer: '~/tiny/model/tokenizer.json',
        tasks: 3,
        workers: 2,
        name: 'corpus',
      });
      succeeded(run);
      expect(run.latest).toMatchObject({ tasks_done: 3, documents: 150 });

      const merged = there('tokens of mine', 'merged');
      for (const name of readdirSync(merged))
        await writeFiles(studio.workspace.path, { [`merged/${name}`]: '' }).then(() =>
          copyFile(join(merged, name), join(studio.workspace.path, 'merged', name)),
        );
      await cp(there('tiny', 'model'), join(studio.workspace.path, 'models', 'tiny'), { recursive: true });
      const file = readdirSync(merged).find((name) => name.endsWith('.ds')) ?? '';
      const path = `merged/${file}`;
      for await (const event of await studio.client.datasets.open({ path }))
        if (event.kind === 'ready') break;
      const page = await studio.client.datasets.page({
        path,
        firstRow: 0,
        limit: 200,
        columns: ['text', 'tokens', 'last_token_id'],
        tokenizer: 'models/tiny',
      });
      const definition = z
        .looseObject({})
        .parse(JSON.parse(readFileSync(there('tiny/model/tokenizer.json'), 'utf8')));
      const tokenizer = makeTokenizer(definition, {});
      const [end] = tokenizer.encode('<|end_of_text|>');
      const sources = [0, 1, 2].flatMap((part) =>
        readFileSync(there(`tiny/documents/part-${part}.jsonl`), 'utf8')
          .trim()
          .split('\n')
          .map((line) => z.object({ text: z.string() }).parse(JSON.parse(line)).text),
      );
      const expected = sources.map((text) => [
        `${text}<|end_of_text|>`,
        tokenizer.encode(text).length + 1,
        end,
      ]);
      const byText = (rows: readonly (readonly unknown[])[]) => rows.map((row) => JSON.stringify(row)).sort();
      expect(byText(page.rows)).toEqual(byText(expected));
      // Shuffled, as asked.
      expect(page.rows.map(([text]) => text)).not.toEqual(expected.map(([text]) => text));
    },
    LIMIT_MS,
  );

  it(
    'goes on where a run ended, and says what is wrong with its input',
    async () => {
      const again = await launch('tokenize', 'tokens again', {
        input: '~/tiny/documents',
        output: '~/tokens of mine',
        tokenizer: '~/tiny/model/tokenizer.json',
        tasks: 3,
        workers: 2,
        name: 'corpus',
      });
      succeeded(again);
      const refused = await launch('tokenize', 'nothing', { input: '~/tiny/nothing', output: '~/none' });
      expect(refused.end).toMatchObject({ exitCode: 2 });
      expect(studio.read(refused, 'log.txt')).toContain('is no folder on this computer');
    },
    LIMIT_MS,
  );
});

const trainingConfig = (data: string): string =>
  [
    `model_name_or_path: ${there('tiny/model')}`,
    'datasets:',
    `- { path: json, data_files: ${there(`tiny/${data}.jsonl`)} }`,
    'max_steps: 6',
    'save_steps: 3',
    'logging_steps: 1',
    'per_device_train_batch_size: 4',
    'learning_rate: 1.0e-3',
    'max_length: 64',
    'use_cpu: true',
    'bf16: false',
    'report_to: none',
    'seed: 8',
    '',
  ].join('\n');

describe.skipIf(noTraining !== null)(`train with TRL${words(noTraining)}`, () => {
  it.each([
    ['sft-trl', 'conversations', ['train/loss', 'train/mean_token_accuracy', 'train/learning_rate']],
    ['dpo-trl', 'preferences', ['train/loss', 'train/rewards/margins', 'train/learning_rate']],
  ])(
    '%s brings exact metrics, and goes on from a checkpoint',
    async (recipe, data, tags) => {
      await writeFiles(studio.workspace.path, { [`configs/${recipe}.yaml`]: trainingConfig(data) });
      const parameters = { config: `configs/${recipe}.yaml`, output: `~/models of mine/${recipe}` };
      const run = await launch(recipe, recipe, parameters);
      succeeded(run);
      const output = there('models of mine', recipe);
      const stateFile = join(output, 'checkpoint-6', 'trainer_state.json');
      const state = trainerState.parse(JSON.parse(readFileSync(stateFile, 'utf8')));
      const steps = metricsOf(run).filter((line) => 'train/loss' in line);
      expect(steps.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
      for (const tag of tags) {
        const logged = state.log_history.filter((line) => 'loss' in line);
        expect(
          steps.map((line) => line[tag]),
          tag,
        ).toEqual(logged.map((line) => line[tag.replace('train/', '')]));
      }
      expect(run.latestStep).toBe(6);
      expect(readdirSync(output)).toEqual(expect.arrayContaining(['config.json', 'model.safetensors']));

      const resumed = await launch(recipe, `${recipe} again`, {
        ...parameters,
        resume: `~/models of mine/${recipe}/checkpoint-3`,
        more: '--max_steps 8',
      });
      succeeded(resumed);
      const later = metricsOf(resumed).filter((line) => 'train/loss' in line);
      expect(later.map(({ step }) => step)).toEqual([4, 5, 6, 7, 8]);
      // The same data in the same order: step 4 is step 4.
      expect(later[0]?.['train/loss']).toBe(steps[3]?.['train/loss']);
    },
    LIMIT_MS,
  );

  it(
    'says in the log what TRL has against a config',
    async () => {
      await writeFiles(studio.workspace.path, {
        'configs/bad.yaml': 'model_name_or_path: nowhere/at-all\nmax_steps: 1\n',
      });
      const run = await launch('sft-trl', 'bad', { config: 'configs/bad.yaml', output: '~/bad' });
      expect(run.state).toBe('failed');
      expect(run.end).toMatchObject({ exitCode: 1 });
    },
    LIMIT_MS,
  );
});

describe.skipIf(noEvaluation !== null)(`evaluate with lm-evaluation-harness${words(noEvaluation)}`, () => {
  it(
    'keeps the results and every answer',
    async () => {
      const run = await launch('evaluate-lm-eval', 'tiny', {
        model: '~/tiny/model',
        dtype: 'float32',
        tasks: 'nesso_tiny',
        batchSize: '2',
        more: `--include_path ${there('tiny/tasks')} --device cpu`,
      });
      succeeded(run);
      const folder = join(folderThere(studio.workspace.path, run, cluster.home), 'results');
      const results = readdirSync(folder, {
        recursive: true,
        encoding: 'utf8',
      });
      const found = results.find((name) => /results_.*\.json$/.test(name)) ?? '';
      const scores = z
        .looseObject({ results: z.record(z.string(), z.looseObject({})) })
        .parse(JSON.parse(readFileSync(join(folder, found), 'utf8')));
      expect(Object.keys(scores.results['nesso_tiny'] ?? {})).toEqual(
        expect.arrayContaining(['acc,none', 'acc_norm,none', 'acc_stderr,none']),
      );
      expect(results.some((name) => /samples_nesso_tiny_.*\.jsonl$/.test(name))).toBe(true);
    },
    LIMIT_MS,
  );
});
