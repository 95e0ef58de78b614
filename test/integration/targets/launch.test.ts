// Launches on a real Slurm as a person has them: an edited script, a refusal that leaves nothing, what preflight finds on the target,
// what is launched all the same.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PreflightFinding } from '../../../core/api/launches.ts';
import type { Run, RunId } from '../../../core/api/runs.ts';
import { noCluster, type SlurmCluster, startSlurmCluster } from '../../support/slurm-cluster.ts';
import { tellClusterOnFailure } from '../../support/tell-cluster.ts';
import {
  startTestCore,
  temporaryFolder,
  type TestCore,
  type TestFolder,
  waitFor,
  writeFiles,
} from '../../support/test-core.ts';

const TOKENIZER = 'meta-llama/Llama-3.2-1B';

describe.skipIf(noCluster !== null)(`launches on Slurm${noCluster === null ? '' : ` (${noCluster})`}`, () => {
  let cluster: SlurmCluster;
  let workspace: TestFolder;
  let studio: TestCore;

  const request = {
    recipe: 'command',
    name: 'test',
    parameters: { command: 'echo generated' },
    target: 'mini',
  };
  const reaches = (id: RunId, state: Run['state'], limitMs = 150_000): Promise<Run> =>
    waitFor(async () => {
      const run = (await studio.client.runs.list()).find((candidate) => candidate.id === id);
      return run?.state === state ? run : null;
    }, limitMs);
  const read = (run: Run, name: string): string =>
    readFileSync(join(workspace.path, run.folder, name), 'utf8');
  const remoteFolders = (): readonly string[] => {
    const folder = join(cluster.home, 'runs of the team');
    return existsSync(folder) ? readdirSync(folder) : [];
  };

  beforeAll(async () => {
    cluster = await startSlurmCluster();
    vi.stubEnv('NESSO_SSH_CONFIG', cluster.configFile);
  });
  tellClusterOnFailure(() => cluster);
  afterAll(() => cluster[Symbol.asyncDispose]());
  beforeEach(async () => {
    workspace = await temporaryFolder();
    await writeFiles(workspace.path, {
      'studio.yaml':
        'name: team\ntargets:\n- name: mini\n  kind: slurm\n  host: cluster\n  folder: ~/runs of the team\n  pollSeconds: 5\n',
    });
    studio = await startTestCore();
    await studio.client.workspace.open({ path: workspace.path });
    await studio.client.targets.connect({ name: 'mini' });
  });
  afterEach(async () => {
    await studio[Symbol.asyncDispose]();
    await workspace[Symbol.asyncDispose]();
  });

  it('take an edited script, put back what they need, and say so with the run', async () => {
    const { text } = await studio.client.runs.script(request);
    const edited = text
      .replace(/^#SBATCH --job-name=.*\n/m, '')
      .replace(/^nesso_note started.*\n/m, '')
      .replace(/^echo generated/m, 'echo "edited $((6 * 7))"');
    const preview = await studio.client.runs.script({ ...request, script: edited });
    expect(preview.notes.map(({ kind }) => kind)).toEqual(['restored', 'restored']);
    const run = await studio.client.runs.launch({ ...request, script: edited });
    expect(run.isScriptEdited).toBe(true);
    const ended = await reaches(run.id, 'done');
    expect(read(ended, 'log.txt')).toBe('edited 42\n');
    const kept = await studio.client.runs.jobScript({ id: run.id });
    expect(kept.isEdited).toBe(true);
    expect(kept.text).toMatch(/^#SBATCH --job-name=test\.[0-9a-f]{12}$/m);
    expect(read(ended, 'job.sh')).toBe(kept.text);
    const plain = await studio.client.runs.launch(request);
    expect((await studio.client.runs.jobScript({ id: plain.id })).isEdited).toBe(false);
    await reaches(plain.id, 'done');
  });

  it('that cannot be submitted as edited are refused with line and reason', async () => {
    const { text } = await studio.client.runs.script(request);
    await expect(
      studio.client.runs.launch({
        ...request,
        script: text.replace('\nchild=$!', "\ntrap 'x' EXIT\nchild=$!"),
      }),
    ).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(/^Line \d+ of the script: A trap/),
    });
    expect(await studio.client.runs.list()).toEqual([]);
  });

  it('that sbatch refuses give its words and leave nothing, here and there', async () => {
    const before = remoteFolders();
    await expect(
      studio.client.runs.launch({ ...request, resources: { partition: 'debug', walltime: '2-00:00:00' } }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringMatching(/time limit/i) });
    expect(await studio.client.runs.list()).toEqual([]);
    expect(readdirSync(join(workspace.path, 'runs'))).toEqual([]);
    expect(remoteFolders()).toEqual(before);
    expect(cluster.slurm('squeue', '-h', '-t', 'pending,running', '-o', '%j')).not.toContain('test.');
  });

  it('keep their job when they get another name', async () => {
    const run = await studio.client.runs.launch({ ...request, parameters: { command: 'sleep 3' } });
    await studio.client.runs.rename({ id: run.id, name: 'a better one' });
    await studio[Symbol.asyncDispose]();
    studio = await startTestCore();
    await studio.client.workspace.open({ path: workspace.path });
    await studio.client.targets.connect({ name: 'mini' });
    expect((await reaches(run.id, 'done')).name).toBe('a better one');
  });

  it('are told what lies on the target, and remember who launched in spite of it', async () => {
    const home = realpathSync(cluster.home);
    const data = join(home, 'tokens of it');
    mkdirSync(data, { recursive: true });
    writeFileSync(join(data, 'a.ds'), new Uint8Array(4 * 4097 * 3));
    writeFileSync(join(data, 'a.ds.metadata'), `${TOKENIZER}|4\n${4097 * 3}\n0.00 GT`);
    const nanotron = join(home, 'nano tron');
    mkdirSync(join(nanotron, 'src/nanotron/models'), { recursive: true });
    writeFileSync(join(nanotron, 'run_train.py'), '');
    writeFileSync(
      join(nanotron, 'src/nanotron/models/llama.py'),
      'parametrizator_cls(config=config.model)\n',
    );
    execFileSync(
      'sh',
      [
        '-c',
        'git init -q -b main . && git add . && git -c user.name=a -c user.email=a@b commit -qm one && echo x >> run_train.py',
      ],
      { cwd: nanotron },
    );
    await writeFiles(workspace.path, { 'configs/run.yaml': nanotronConfig(data, join(home, 'checkpoints')) });
    const launch = {
      recipe: 'pretrain-nanotron',
      name: 'pre',
      parameters: { config: 'configs/run.yaml', code: '~/nano tron' },
      target: 'mini',
      resources: { partition: 'long', nodes: 1, gpusPerNode: 1, cpusPerTask: 1, walltime: '00:10:00' },
    };
    const { findings } = await studio.client.runs.preflight(launch);
    const said = (source: PreflightFinding['source'], severity: PreflightFinding['severity']): string =>
      findings
        .filter((one) => one.source === source && one.severity === severity)
        .map(({ message, reason }) => `${message} (${reason})`)
        .join('\n');
    // 10 steps of 4 sequences want 40 windows of 4,097 tokens; 3 are there.
    expect(said('data', 'warning')).toMatch(/stable reads .*tokens of it 13 times.*IndexError/);
    expect(said('data', 'info')).toMatch(/stable: 163\.8k tokens wanted, 12\.3k there/);
    expect(said('code', 'error')).toMatch(/config\.model/);
    expect(said('code', 'warning')).toMatch(/nano tron has 1 changed files .*main at/);
    expect(said('disk', 'info')).toMatch(/checkpoints of .* with the optimizer take/);
    expect(said('scheduler', 'info')).toMatch(/sbatch accepts/);
    expect(findings.map(({ severity }) => severity)).toEqual(
      findings
        .map(({ severity }) => severity)
        .toSorted((a, b) => 'ewi'.indexOf(a[0] ?? '') - 'ewi'.indexOf(b[0] ?? '')),
    );
    const run = await studio.client.runs.launch({ ...launch, overridden: findings });
    expect(run.overridden?.by).not.toBe('');
    expect(run.overridden?.findings).toEqual(findings.filter(({ severity }) => severity !== 'info'));
    // The same look again, in the job itself.
    const failed = await reaches(run.id, 'failed');
    expect(failed.end?.exitCode).toBe(64);
    expect(failed.overridden?.atMs).toBeGreaterThan(0);
  });

  it('are checked on this computer too', async () => {
    const { findings } = await studio.client.runs.preflight({
      ...request,
      target: 'this-computer',
      parameters: { command: 'no-such-program-here --x' },
    });
    expect(findings).toContainEqual(
      expect.objectContaining({ severity: 'error', message: 'There is no program no-such-program-here' }),
    );
  });
});

function nanotronConfig(data: string, checkpoints: string): string {
  return `
checkpoints: { checkpoints_path: ${JSON.stringify(checkpoints)}, checkpoint_interval: 5 }
general: { project: p, run: r, seed: 8 }
logging: { iteration_step_info_interval: 1, log_level: info, log_level_replica: info }
model:
  dtype: bfloat16
  init_method: { std: 0.02 }
  model_config: { is_llama_config: true, hidden_size: 64, intermediate_size: 128, num_hidden_layers: 2, num_attention_heads: 4, num_key_value_heads: 4, vocab_size: 128256, max_position_embeddings: 4096, tie_word_embeddings: true }
optimizer:
  accumulate_grad_in_fp32: true
  clip_grad: 1.0
  weight_decay: 0.01
  zero_stage: 0
  learning_rate_scheduler: { learning_rate: 0.003, lr_warmup_steps: 2, lr_warmup_style: linear }
  optimizer_factory: { name: adamW, adam_eps: 1.0e-08, adam_beta1: 0.9, adam_beta2: 0.95, torch_adam_is_fused: true }
parallelism: { dp: 1, tp: 1, pp: 1 }
tokenizer: { tokenizer_name_or_path: ${TOKENIZER} }
tokens: { sequence_length: 4096, train_steps: 10, micro_batch_size: 4, batch_accumulation_per_replica: 1 }
data_stages:
- name: stable
  start_training_step: 1
  data:
    seed: 8
    num_loading_workers: 1
    dataset: { dataset_folder: ${JSON.stringify(data)} }
`;
}
