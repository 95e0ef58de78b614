// The recipes of trainers that are launched and watched, with the trainers themselves on CPUs, through a real Slurm: launched, their
// numbers followed, their checkpoints listed, gone on from. NESSO_TOOL_SOURCES names a folder with checkouts called nanochat and
// Megatron-LM, NESSO_TOOL_PYTHONS one with an environment for each tool (nanochat, Megatron-LM, LLaMA-Factory, axolotl), which any
// account may run; what is not there is skipped.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { Run } from '../../../core/api/runs.ts';
import { readSeriesColumns } from '../../../core/rpc/series-columns.ts';
import { type ClusterStudio, startClusterStudio } from '../../support/cluster-studio.ts';
import { noCluster, type SlurmCluster, startSlurmCluster } from '../../support/slurm-cluster.ts';
import { repositoryFolder, waitFor, writeFiles } from '../../support/test-core.ts';

const sources = process.env['NESSO_TOOL_SOURCES'] ?? '';
const pythons = process.env['NESSO_TOOL_PYTHONS'] ?? '';
/** A busy computer of two cores needs minutes for the imports of one start alone. */
const LIMIT_MS = 1_800_000;
const tools = ['nanochat', 'LLaMA-Factory', 'axolotl', 'Megatron-LM'] as const;
type Tool = (typeof tools)[number];

const pythonOf = (tool: Tool) => join(pythons, tool, 'bin', 'python3');

/** Null, or why a tool cannot be tried. */
function missing(tool: Tool, module: string, checkout = false): string | null {
  if (noCluster !== null) return noCluster;
  if (pythons === '') return 'NESSO_TOOL_PYTHONS names no folder of environments';
  if (checkout && !existsSync(join(sources, tool))) return `NESSO_TOOL_SOURCES has no ${tool}`;
  const command = `cd / && '${pythonOf(tool)}' -c 'import importlib.util as u; assert u.find_spec("${module}")'`;
  const found = spawnSync('su', ['nobody', '-s', '/bin/sh', '-c', command], { encoding: 'utf8' });
  return found.status === 0 ? null : `${pythonOf(tool)}: ${found.stderr.trim().split('\n').at(-1) ?? ''}`;
}
const reasons: Readonly<Record<Tool, string | null>> = {
  nanochat: missing('nanochat', 'rustbpe', true),
  'LLaMA-Factory': missing('LLaMA-Factory', 'llamafactory'),
  axolotl: missing('axolotl', 'axolotl'),
  'Megatron-LM': missing('Megatron-LM', 'torch', true),
};
const titled = (tool: Tool) => `${tool}${reasons[tool] === null ? '' : ` (${reasons[tool]})`}`;
const any = tools.some((tool) => reasons[tool] === null);

const small = {
  nodes: 1,
  gpusPerNode: 1,
  cpusPerTask: 2,
  walltime: '00:10:00',
  requeue: false,
  partition: 'long',
};
const metric = z.looseObject({ step: z.number() });

let cluster: SlurmCluster;
let studio: ClusterStudio;

beforeAll(async () => {
  if (!any) return;
  cluster = await startSlurmCluster();
  vi.stubEnv('NESSO_SSH_CONFIG', cluster.configFile);
  const made = join(repositoryFolder, 'test', 'fixtures', 'tiny-trainers');
  if (reasons.nanochat === null)
    execFileSync(
      pythonOf('nanochat'),
      [join(made, 'make_nanochat.py'), join(sources, 'nanochat'), join(cluster.home, 'nano base')],
      { stdio: 'pipe' },
    );
  const maker = (['LLaMA-Factory', 'axolotl'] as const).find((tool) => reasons[tool] === null);
  if (maker !== undefined)
    execFileSync(pythonOf(maker), [join(made, 'make_tiny.py'), join(cluster.home, 'tiny')], {
      stdio: 'pipe',
    });
  execFileSync('cp', ['-r', join(made, 'without-cuda'), cluster.home]);
  execFileSync('chown', ['-R', `${cluster.user}:`, cluster.home]);
  chmodSync(cluster.home, 0o755);
  studio = await startClusterStudio();
  await writeFiles(studio.workspace.path, {
    'studio.yaml': [
      'name: team',
      'targets:',
      ...tools.map(
        (tool) =>
          `- { name: ${tool.toLowerCase()}, kind: slurm, host: cluster, folder: ~/runs of the team, pollSeconds: 5, python: "${pythonOf(tool)}", environment: { ${tool === 'Megatron-LM' ? `PYTHONPATH: "${join(cluster.home, 'without-cuda')}", ` : ''}TORCHDYNAMO_DISABLE: "1", HF_HUB_OFFLINE: "1", CUDA_VISIBLE_DEVICES: "", TORCH_CPP_LOG_LEVEL: ERROR } }`,
      ),
      '',
    ].join('\n'),
  });
}, LIMIT_MS);
afterAll(async () => {
  if (!any) return;
  await studio[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
  vi.unstubAllEnvs();
});

async function launch(tool: Tool, recipe: string, name: string, parameters: Record<string, string | number>) {
  const target = tool.toLowerCase();
  await studio.client.targets.connect({ name: target });
  const request = { recipe, name, parameters, target, resources: small };
  const { findings } = await studio.client.runs.preflight(request);
  const packages = findings.filter(
    ({ source, message }) => source === 'code' && /Python|not found/.test(message),
  );
  expect(
    packages.map(({ severity }) => severity),
    JSON.stringify(packages),
  ).toEqual(['info']);
  return studio.client.runs.launch(request);
}
async function ends(run: Run): Promise<Run> {
  const ended = await studio.ends(run.id, LIMIT_MS);
  keep(ended);
  expect(ended.state, logOf(ended).slice(-6000)).toBe('done');
  return ended;
}
/** NESSO_KEEP names a folder that gets the logs, to make fixtures of. */
function keep(run: Run): void {
  const folder = process.env['NESSO_KEEP'];
  if (folder === undefined) return;
  for (const name of ['log.txt', 'metrics.jsonl', 'job.sh'])
    execFileSync('sh', [
      '-c',
      'mkdir -p "$2" && cp "$1" "$2"',
      'sh',
      join(studio.workspace.path, run.folder, name),
      join(folder, run.id),
    ]);
}
const logOf = (run: Run) => studio.read(run, 'log.txt');
const metricsOf = (run: Run) =>
  studio
    .read(run, 'metrics.jsonl')
    .trim()
    .split('\n')
    .map((line) => metric.parse(JSON.parse(line)));
const valuesOf = (run: Run, tag: string) =>
  metricsOf(run).flatMap((line) => (tag in line ? [[line.step, line[tag]]] : []));
/** Steps and values as the curves are drawn from. */
async function curve(run: Run, tag: string): Promise<readonly (readonly [number, number])[]> {
  const { parts } = await readSeriesColumns(
    await studio.client.series.columns({ source: { kind: 'run', id: run.id }, tags: [tag], after: {} }),
  );
  return parts.flatMap(({ steps, values }) =>
    Array.from(steps, (step, index) => [step, values[index] ?? Number.NaN] as const),
  );
}
/** In the panel, once it was looked. */
const listed = (run: Run, count: number) =>
  waitFor(async () => {
    const list = await studio.client.checkpoints.list({ id: run.id });
    return list.checkpoints.length >= count && list.checkpoints.every(({ problem }) => problem === null)
      ? list.checkpoints
      : null;
  }, 480_000);

describe.skipIf(reasons.nanochat !== null)(titled('nanochat'), () => {
  it(
    'is followed step by step, keeps exact values, and goes on from its checkpoints, as the same run and as a fork',
    async () => {
      const launched = await launch('nanochat', 'nanochat', 'nano', {
        code: join(sources, 'nanochat'),
        base: '~/nano base',
        depth: 2,
        saveEvery: 100,
        iterations: '210',
        more: '--aspect-ratio=32 --head-dim=32 --window-pattern=L --max-seq-len=64 --device-batch-size=2 --total-batch-size=128 --eval-every=100 --eval-tokens=1280 --core-metric-every=-1 --sample-every=-1 --warmup-steps=10',
      });
      const run = await ends(launched);
      const printed = [...logOf(run).matchAll(/step 0*(\d+)\/\d+ \(.*?\| loss: ([\d.]+)/g)].map(
        ([, step, loss]) => [Number(step), Number(loss)] as const,
      );
      expect(printed).toHaveLength(210);
      const exact = valuesOf(run, 'train/loss');
      expect(exact.map(([step]) => step)).toEqual([0, 100, 200]);
      // What it printed is what was kept, with the digits that were left out.
      for (const [step, value] of exact)
        expect((value as number).toFixed(6)).toBe(printed.find(([at]) => at === step)?.[1].toFixed(6));
      const drawn = await curve(run, 'train/loss');
      expect(drawn.map(([step]) => step)).toEqual(printed.map(([step]) => step));
      expect(drawn.map(([, value]) => value)).toEqual(printed.map(([, value]) => value));
      expect((await curve(run, 'val/bpb')).map(([step]) => step)).toEqual([0, 100, 200, 210]);

      const saved = await listed(run, 3);
      expect(saved.map(({ step, layout, tokens }) => [step, layout, tokens])).toEqual(
        [100, 200, 210].map((step) => [step, 'nanochat', step * 128]),
      );
      expect(saved[0]).toMatchObject({ files: 3, name: 'model_000100.pt' });

      await studio.client.runs.resume({ id: run.id, steps: 260 });
      const longer = await ends(run);
      expect(logOf(longer)).toContain('Resuming optimization from step 210');
      expect((await curve(longer, 'train/loss')).at(-1)?.[0]).toBe(259);
      expect((await listed(longer, 4)).map(({ step }) => step)).toEqual([100, 200, 210, 260]);

      const at = (await studio.client.runs.checkpoints({ id: run.id })).checkpoints.find(
        ({ step }) => step === 100,
      );
      const fork = await studio.client.runs.launch({
        recipe: 'nanochat',
        name: 'its fork',
        parameters: { ...longer.parameters, iterations: '130' },
        target: 'nanochat',
        resources: small,
        from: { run: run.id, step: 100, checkpoint: at?.path ?? '' },
      });
      const forked = await ends(fork);
      expect(logOf(forked)).toContain('Resuming optimization from step 100');
      expect((await curve(forked, 'train/loss'))[0]?.[0]).toBe(100);
    },
    LIMIT_MS,
  );
});

const trainerState = z.looseObject({ log_history: z.array(z.looseObject({ step: z.number() })) });

describe.skipIf(reasons['Megatron-LM'] !== null)(titled('Megatron-LM'), () => {
  it(
    'is followed iteration by iteration, keeps exact values, and goes on from its newest checkpoint',
    async () => {
      const run = await ends(
        await launch('Megatron-LM', 'megatron', 'mega', {
          code: join(sources, 'Megatron-LM'),
          checkpoints: '~/mega tron',
          saveEvery: 5,
          trainIterations: '12',
          options:
            '--num-layers 2 --hidden-size 32 --num-attention-heads 2 --seq-length 32 --max-position-embeddings 32 --micro-batch-size 2 --global-batch-size 4 --train-iters 12 --lr 1.0e-3 --lr-decay-style constant --mock-data --tokenizer-type NullTokenizer --vocab-size 128 --log-interval 1 --eval-interval 6 --eval-iters 1 --transformer-impl local --use-cpu-initialization --distributed-backend gloo --no-gradient-accumulation-fusion --no-masked-softmax-fusion --no-bias-gelu-fusion --no-bias-swiglu-fusion --no-bias-dropout-fusion --no-rope-fusion --no-persist-layer-norm --attention-backend unfused --ckpt-format torch',
        }),
      );
      const printed = [
        ...logOf(run).matchAll(/iteration +(\d+)\/ +\d+ .*?lm loss: (\S+) .*?grad norm: (\S+) /g),
      ];
      const exact = valuesOf(run, 'lm loss') as [number, number][];
      expect(exact.map(([step]) => step)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
      // It prints the mean since it printed last, and counts its first iteration twice.
      const [first = 0, second = 0] = exact.map(([, loss]) => loss);
      const expected = exact.map(([step, loss]) => (step === 2 ? (first + second) / 2 : loss));
      expect(printed.map(([, step]) => Number(step))).toEqual(exact.map(([step]) => step));
      for (const [index, [, , loss]] of printed.entries())
        expect(Number(loss)).toBeCloseTo(expected[index] ?? Number.NaN, 5);
      expect(await curve(run, 'lm loss')).toEqual(exact);
      const norms = valuesOf(run, 'grad-norm') as [number, number][];
      expect(norms.map(([, norm]) => norm.toFixed(3))).toEqual(printed.map(([, , , norm]) => norm));

      expect((await listed(run, 3)).map(({ step, layout, isLatest }) => [step, layout, isLatest])).toEqual([
        [5, 'megatron', false],
        [10, 'megatron', false],
        [12, 'megatron', true],
      ]);
      await studio.client.runs.resume({ id: run.id, steps: 16 });
      const longer = await ends(run);
      expect((await curve(longer, 'lm loss')).map(([step]) => step)).toEqual(
        Array.from({ length: 16 }, (_, index) => index + 1),
      );
      expect((await listed(longer, 5)).at(-1)).toMatchObject({ step: 16, isLatest: true });
    },
    LIMIT_MS,
  );
});

describe.skipIf(reasons['LLaMA-Factory'] !== null)(titled('LLaMA-Factory'), () => {
  it(
    'brings exact metrics, and goes on from its newest checkpoint',
    async () => {
      const there = (name: string) => join(cluster.home, 'tiny', name);
      const registry = {
        talks: {
          file_name: there('conversations.jsonl'),
          formatting: 'sharegpt',
          columns: { messages: 'messages' },
          tags: { role_tag: 'role', content_tag: 'content', user_tag: 'user', assistant_tag: 'assistant' },
        },
      };
      await writeFiles(there('data'), { 'dataset_info.json': JSON.stringify(registry) });
      execFileSync('chown', ['-R', `${cluster.user}:`, there('data')]);
      const output = join(cluster.home, 'lf out');
      await writeFiles(studio.workspace.path, {
        'configs/llama-factory.yaml': [
          `model_name_or_path: ${there('model')}`,
          'stage: sft',
          'do_train: true',
          'finetuning_type: full',
          'dataset: talks',
          `dataset_dir: ${there('data')}`,
          'template: default',
          'cutoff_len: 64',
          `output_dir: ${output}`,
          'max_steps: 6',
          'save_steps: 3',
          'logging_steps: 1',
          'per_device_train_batch_size: 4',
          'learning_rate: 1.0e-3',
          'lr_scheduler_type: constant',
          'use_cpu: true',
          'ddp_backend: gloo',
          'seed: 8',
          '',
        ].join('\n'),
      });
      const run = await ends(
        await launch('LLaMA-Factory', 'llama-factory', 'factory', { config: 'configs/llama-factory.yaml' }),
      );
      const state = trainerState.parse(
        JSON.parse(readFileSync(join(output, 'checkpoint-6', 'trainer_state.json'), 'utf8')),
      );
      const history = state.log_history
        .filter((line) => 'loss' in line)
        .map((line) => [line.step, line['loss']]);
      expect(valuesOf(run, 'train/loss')).toEqual(history);
      expect(await curve(run, 'train/loss')).toEqual(history);
      expect((await listed(run, 2)).map(({ step, layout }) => [step, layout])).toEqual([
        [3, 'hugging-face'],
        [6, 'hugging-face'],
      ]);
      await studio.client.runs.resume({ id: run.id, steps: 8 });
      const longer = await ends(run);
      expect(valuesOf(longer, 'train/loss').map(([step]) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    },
    LIMIT_MS,
  );
});

describe.skipIf(reasons.axolotl !== null)(titled('axolotl'), () => {
  it(
    'brings exact metrics, and goes on from its newest checkpoint',
    async () => {
      const there = (name: string) => join(cluster.home, 'tiny', name);
      await writeFiles(studio.workspace.path, {
        'configs/axolotl.yaml': [
          `base_model: ${there('model')}`,
          'strict: true',
          'chat_template: tokenizer_default',
          'datasets:',
          `- { path: ${there('conversations.jsonl')}, ds_type: json, type: chat_template, field_messages: messages }`,
          'dataset_prepared_path: prepared',
          'sequence_len: 64',
          'micro_batch_size: 4',
          'gradient_accumulation_steps: 1',
          'max_steps: 6',
          'num_epochs: 3',
          'optimizer: adamw_torch',
          'lr_scheduler: constant',
          'learning_rate: 1.0e-03',
          'bf16: false',
          'fp16: false',
          'tf32: false',
          'attn_implementation: sdpa',
          'logging_steps: 1',
          'save_steps: 3',
          'seed: 8',
          '',
        ].join('\n'),
      });
      const run = await ends(
        await launch('axolotl', 'sft-axolotl', 'axo', {
          config: 'configs/axolotl.yaml',
          output: '~/axo lotl',
        }),
      );
      const output = join(cluster.home, 'axo lotl');
      const state = trainerState.parse(
        JSON.parse(readFileSync(join(output, 'checkpoint-6', 'trainer_state.json'), 'utf8')),
      );
      const history = state.log_history
        .filter((line) => 'loss' in line)
        .map((line) => [line.step, line['loss']]);
      expect(history).toHaveLength(6);
      expect(valuesOf(run, 'train/loss')).toEqual(history);
      expect(await curve(run, 'train/loss')).toEqual(history);
      expect((await listed(run, 2)).map(({ step, layout }) => [step, layout])).toEqual([
        [3, 'hugging-face'],
        [6, 'hugging-face'],
      ]);
      await studio.client.runs.resume({ id: run.id, steps: 8 });
      const longer = await ends(run);
      expect(valuesOf(longer, 'train/loss').map(([step]) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    },
    LIMIT_MS,
  );
});
