// The recipes that ship, on a real Slurm: sbatch accepts each script, and what needs no other tools runs there.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Run, RunId } from '../../../core/api/runs.ts';
import { readRecipe } from '../../../core/lib/recipes/recipe-file.ts';
import { whenSubmitted } from '../../support/cluster-studio.ts';
import { noCluster, type SlurmCluster, startSlurmCluster } from '../../support/slurm-cluster.ts';
import { tellClusterOnFailure } from '../../support/tell-cluster.ts';
import {
  repositoryFolder,
  startTestCore,
  temporaryFolder,
  type TestCore,
  type TestFolder,
  waitFor,
  writeFiles,
} from '../../support/test-core.ts';

const own = `
id: several
title: Several nodes
description: What a team writes for itself
targets: [cluster]
launcher: torchrun
files: [main.sh]
command: ['{programs}/main.sh', '{text}', '--out={out}', '{config}']
environment: { TEAM_TEXT: '{text}' }
prologue: ['export FROM_PROLOGUE=yes']
pythonPath: ['{out}']
exactMetrics: true
resources: { nodes: 2, gpusPerNode: 2, walltime: '00:05:00' }
parameters:
  - { name: text, label: Text, kind: text, default: '', description: d }
  - { name: out, label: Out, kind: remote-path, default: ~/out put, description: d }
  - { name: config, label: Config, kind: file, default: configs/a b.yaml, description: d }
`;

/** Stands for torchrun, which comes with PyTorch: what it was called with, once a node. */
const torchrun = `#!/bin/bash
{ printf '[%s]' "$@"; echo; echo "node $SLURM_NODEID of $NNODES, $NPROC_PER_NODE each, at $MASTER_ADDR:$MASTER_PORT"; } > "$NESSO_RUN_FOLDER/node-$SLURM_NODEID.txt"
cat "$NESSO_RUN_FOLDER/node-$SLURM_NODEID.txt"
[ "$SLURM_NODEID" = 0 ] && python3 -c 'import os, wandb; wandb.log({"loss": 2 / 3, "iteration_step": 5}); print(wandb.__file__, os.environ["TEAM_TEXT"], os.environ["FROM_PROLOGUE"])'
exit 0
`;

describe.skipIf(noCluster !== null)(`recipes on Slurm${noCluster === null ? '' : ` (${noCluster})`}`, () => {
  let cluster: SlurmCluster;
  let workspace: TestFolder;
  let studio: TestCore;

  const reaches = (id: RunId, state: Run['state'], limitMs = 150_000): Promise<Run> =>
    waitFor(async () => {
      const run = (await studio.client.runs.list()).find((candidate) => candidate.id === id);
      return run?.state === state ? run : null;
    }, limitMs);
  const read = (run: Run, name: string): string =>
    readFileSync(join(workspace.path, run.folder, name), 'utf8');

  beforeAll(async () => {
    cluster = await startSlurmCluster();
    vi.stubEnv('NESSO_SSH_CONFIG', cluster.configFile);
    mkdirSync(join(cluster.home, 'ven v', 'bin'), { recursive: true });
    writeFileSync(join(cluster.home, 'ven v', 'bin', 'torchrun'), torchrun);
    chmodSync(join(cluster.home, 'ven v', 'bin', 'torchrun'), 0o755);
  });
  tellClusterOnFailure(() => cluster);
  afterAll(() => cluster[Symbol.asyncDispose]());
  beforeEach(async () => {
    workspace = await temporaryFolder();
    await writeFiles(workspace.path, {
      'studio.yaml': [
        'name: team',
        'targets:',
        '- {name: mini, kind: slurm, host: cluster, folder: ~/runs of the team, pollSeconds: 5, python: ~/ven v/bin/python3, setup: export TEAM=1}',
        '- name: rich',
        '  kind: slurm',
        '  host: cluster',
        '  modules: [cuda/12.2, "gcc (new)"]',
        '  conda: ~/my envs/train',
        '  setup: "export TEAM=1; # a comment"',
        '  environment: { A: "it\'s $(x)", B: "two words" }',
        '  container: { runtime: apptainer, image: "~/images/a b.sif", mounts: [/scratch, "/data of us:/data"] }',
        '- { name: pyxis, kind: slurm, host: cluster, container: { runtime: pyxis, image: "docker://nvcr.io/x:1" } }',
        '',
      ].join('\n'),
      'configs/a b.yaml': 'lr: 1.0e-3\n',
      'recipes/several/recipe.yaml': own,
      'recipes/several/main.sh': 'echo main\n',
    });
    studio = await startTestCore();
    await studio.client.workspace.open({ path: workspace.path });
    await studio.client.targets.connect({ name: 'mini' });
  });
  afterEach(async () => {
    await studio[Symbol.asyncDispose]();
    await workspace[Symbol.asyncDispose]();
  });

  it('accepts the script of every shipped recipe', async () => {
    const all = await studio.client.runs.recipes();
    const folders = readdirSync(join(repositoryFolder, 'resources', 'recipes'), { withFileTypes: true });
    const shipped = folders.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    expect(all.map(({ id }) => id).sort()).toEqual([...shipped, 'several'].sort());
    const recipes = all.filter(({ targets }) => targets.includes('cluster'));
    // Heads are trained on this computer.
    const elsewhere = all.filter((recipe) => !recipes.includes(recipe)).map(({ id }) => id);
    expect(elsewhere).toEqual(['train-head']);
    const refused: string[] = [];
    // The cluster of the tests has two nodes with four GPUs each; the rest is the recipe's own.
    const resources = { partition: 'long', nodes: 1, gpusPerNode: 2, cpusPerTask: 1, walltime: '00:10:00' };
    for (const [target, more] of [
      ['mini', {}],
      ['rich', { array: '0-3%2' }],
      ['pyxis', { nodes: 2, memoryPerNodeMb: 500, requeue: false }],
    ] as const) {
      for (const { id } of recipes) {
        const request = { recipe: id, name: `try ${id}`, parameters: {}, target };
        const { text } = await studio.client.runs.script({
          ...request,
          resources: { ...resources, ...more },
        });
        const path = join(cluster.home, `${id}.${target}.sh`);
        writeFileSync(path, text);
        try {
          execFileSync('bash', ['-n', path], { stdio: 'pipe' });
          cluster.slurm('sbatch', '--test-only', path);
        } catch (error) {
          refused.push(`${id} on ${target}: ${String((error as { stderr?: string }).stderr)}`);
        }
      }
    }
    expect(refused).toEqual([]);
  });

  it('starts a team’s own recipe on two nodes, with its files, its values, and exact metrics', async () => {
    const hostile = `a'b"; touch ~/was-here; $(x)`;
    const run = await studio.client.runs.launch({
      recipe: 'several',
      name: 'two nodes',
      parameters: { text: hostile },
      target: 'mini',
      resources: { cpusPerTask: 1 },
    });
    const ended = await reaches(run.id, 'done');
    const log = read(ended, 'log.txt');
    const folder = /(\/\S.*\/runs of the team\/[^\]]+)\/programs\/main\.sh/.exec(log)?.[1] ?? '';
    expect(log).toContain(
      `[--max-restarts=0][--tee=3][${folder}/programs/main.sh][${hostile}][--out=${cluster.home}/out put][${folder}/inputs/a b.yaml]`,
    );
    expect(log).toMatch(/node 0 of 2, 2 each, at n1:\d{5}\n/);
    expect(log).toMatch(/node 1 of 2, 2 each, at n1:\d{5}\n/);
    expect(log).toContain(`${folder}/sink/wandb/__init__.py ${hostile} yes`);
    expect(JSON.parse(read(ended, 'metrics.jsonl'))).toMatchObject({ step: 5, loss: 2 / 3 });
    expect(ended.latest['loss']).toBe(2 / 3);
  });

  it('starts LLaMA-Factory, which splits its words at blanks, with a config whose path has none', async () => {
    const stub = join(cluster.home, 'ven v', 'bin', 'llamafactory-cli');
    writeFileSync(stub, '#!/bin/bash\nprintf "[%s]" "$@" "$NNODES" "$NODE_RANK"; echo; cat $2\n');
    chmodSync(stub, 0o755);
    const run = await studio.client.runs.launch({
      recipe: 'llama-factory',
      name: 'factory',
      parameters: { config: 'configs/a b.yaml' },
      target: 'mini',
      resources: { cpusPerTask: 1, gpusPerNode: 1, walltime: '00:05:00' },
    });
    const ended = await reaches(run.id, 'done');
    expect(read(ended, 'log.txt')).toBe('[train][llama-factory.yaml][report_to=wandb][1][0]\nlr: 1.0e-3\n');
  });

  it('starts Axolotl with what its strict configs would leave out, behind the config', async () => {
    await writeFiles(workspace.path, {
      'configs/axolotl.yaml': 'strict: true\noutput_dir: elsewhere\nmax_steps: 4',
    });
    const run = await studio.client.runs.launch({
      recipe: 'sft-axolotl',
      name: 'axolotl',
      parameters: { config: 'configs/axolotl.yaml', output: `~/ada's models`, resume: `~/it's/checkpoint-2` },
      target: 'mini',
      resources: { nodes: 1, cpusPerTask: 1, gpusPerNode: 1, walltime: '00:05:00' },
    });
    const log = read(await reaches(run.id, 'done'), 'log.txt');
    expect(log).toContain('[-m][axolotl.cli.train][axolotl.yaml]\n');
    const { remote } = z
      .object({ remote: z.object({ folder: z.string() }) })
      .parse(JSON.parse(read(run, 'run.json')));
    const text = readFileSync(join(remote.folder.replace('~', cluster.home), 'axolotl.yaml'), 'utf8');
    // As PyYAML does, the last of two keys wins.
    expect(parse(text, { uniqueKeys: false })).toEqual({
      strict: true,
      use_wandb: true,
      output_dir: `${cluster.home}/ada's models`,
      max_steps: 4,
      resume_from_checkpoint: `${cluster.home}/it's/checkpoint-2`,
    });
  });

  it('waits for another run, and ends when that one fails', async () => {
    const launch = async (command: string, after?: RunId): Promise<Run> =>
      whenSubmitted(
        studio.client,
        await studio.client.runs.launch({
          recipe: 'command',
          name: 'link',
          parameters: { command },
          target: 'mini',
          ...(after === undefined ? {} : { after }),
        }),
      );
    const first = await launch("sh -c 'while [ ! -e ~/go ]; do sleep 0.1; done'");
    const second = await launch('false', first.id);
    const third = await launch('true', second.id);
    expect(cluster.slurm('squeue', '-h', '-j', second.jobId ?? '', '-o', '%E')).toContain(first.jobId ?? '');
    writeFileSync(join(cluster.home, 'go'), '');
    await reaches(first.id, 'done');
    await reaches(second.id, 'failed');
    const never = await reaches(third.id, 'failed', 150_000);
    expect(never.startedMs).toBeNull();
    await expect(launch('true', 'nothing' as RunId)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  }, 480_000);

  it('tells before a launch what the config, the site and sbatch have against it', async () => {
    await writeFiles(workspace.path, {
      'configs/bad.yaml': 'checkpoints:\n  checkpoint_interval: 5000\ngeneral:\n  run: 1e-3\nmodel: {}\n',
    });
    const request = {
      recipe: 'pretrain-nanotron',
      name: 'x',
      parameters: { config: 'configs/bad.yaml' },
      target: 'mini',
    };
    const { findings: bad } = await studio.client.runs.preflight({
      ...request,
      resources: { partition: 'debug', nodes: 9, walltime: '2-00:00:00' },
    });
    const said = (source: string): string =>
      bad
        .filter((finding) => finding.source === source && finding.severity === 'error')
        .map(({ message, reason }) => `${message} (${reason})`)
        .join('\n');
    expect(said('config')).toMatch(/Line \d/);
    expect(said('site')).toMatch(/2-00:00:00 is longer than debug allows/);
    expect(said('site')).toMatch(/9 nodes are more than debug has/);
    expect(said('scheduler')).toMatch(/sbatch refuses the script \(.+/);
    const { findings: good } = await studio.client.runs.preflight({
      ...request,
      recipe: 'command',
      parameters: { command: 'true' },
      resources: { partition: 'long', nodes: 1, walltime: '00:10:00' },
    });
    expect(good.filter(({ severity }) => severity !== 'info')).toEqual([]);
    expect(good).toContainEqual(
      expect.objectContaining({ severity: 'info', message: 'sbatch accepts the script' }),
    );
    // A chain: what the tokenization writes is not there yet, what it was not told to write never will be.
    mkdirSync(join(cluster.home, 'documents'), { recursive: true });
    const chained = async (folder: string) => {
      await writeFiles(workspace.path, {
        'configs/chain.yaml': [
          'tokenizer: { tokenizer_name_or_path: meta-llama/Llama-3.2-1B }',
          'model: { model_config: { vocab_size: 128256 } }',
          'checkpoints: { checkpoint_interval: 10, checkpoints_path: /tmp/none }',
          'general: { project: p, run: r }',
          `data_stages: [{ name: a, start_training_step: 1, data: { dataset: { dataset_folder: [${folder}] } } }]`,
          '',
        ].join('\n'),
      });
      const { findings } = await studio.client.runs.preflight({
        ...request,
        parameters: { config: 'configs/chain.yaml' },
        earlier: [{ recipe: 'tokenize', parameters: { input: '~/documents', output: '~/tok ens' } }],
      });
      return findings
        .filter(({ source, message }) => source === 'data' && message.includes('tok ens'))
        .map(({ severity }) => severity);
    };
    expect(await chained(`"${cluster.home}/tok ens/merged"`)).toEqual(['info']);
    expect(await chained(`"${cluster.home}/tok ens"`)).toEqual(['error']);
    const { findings: alone } = await studio.client.runs.preflight({
      ...request,
      recipe: 'tokenize',
      parameters: { input: '~/no documents', output: '~/tok ens' },
    });
    expect(alone).toContainEqual(
      expect.objectContaining({
        severity: 'error',
        message: expect.stringMatching(/^Documents: .*\/no documents is not there$/),
      }),
    );
    expect(await studio.client.runs.list()).toEqual([]);
  });

  it('names the packages and programs that recipes need and a target lacks, before anything is queued', async () => {
    // What this computer's own Python has must not count: `-S` leaves out its packages.
    const target = (name: string, folder: string) =>
      `- { name: ${name}, kind: slurm, host: cluster, folder: ~/runs, setup: "echo a banner; export PATH=\\"$HOME/${folder}/bin:$PATH\\" PYTHONPATH=\\"$HOME/${folder}\\"; python3() { command python3 -S \\"$@\\"; }" }`;
    await writeFiles(workspace.path, {
      'studio.yaml': [
        'name: team',
        'targets:',
        target('bare', 'bare'),
        target('whole', 'whole one'),
        '',
      ].join('\n'),
    });
    const shipped = join(repositoryFolder, 'resources', 'recipes');
    const started = ['nanochat', 'llama-factory'];
    const recipes = (await studio.client.runs.recipes())
      .filter(({ id }) => started.includes(id))
      .map(({ id, parameters }) => {
        const reading = readRecipe(readFileSync(join(shipped, id, 'recipe.yaml'), 'utf8'));
        if (reading.kind === 'bad') throw new Error(reading.message);
        const files = parameters
          .filter(({ kind }) => kind === 'file')
          .map(({ name }) => [name, 'configs/a b.yaml']);
        return {
          id,
          packages: reading.recipe.packages,
          parameters: Object.fromEntries(files) as Record<string, string>,
        };
      });
    const packages = [...new Set(recipes.flatMap((recipe) => recipe.packages))];
    await writeFiles(
      join(cluster.home, 'whole one'),
      Object.fromEntries(packages.map((name) => [`${name}/__init__.py`, 'raise SystemExit("imported")\n'])),
    );
    for (const program of ['torchrun', 'llamafactory-cli']) {
      await writeFiles(join(cluster.home, 'whole one', 'bin'), { [program]: '#!/bin/sh\n' });
      chmodSync(join(cluster.home, 'whole one', 'bin', program), 0o755);
    }
    const look = async (target: string, { id, parameters }: (typeof recipes)[number]) =>
      (await studio.client.runs.preflight({ recipe: id, name: 'x', parameters, target })).findings
        .filter(({ source, message }) => source === 'code' && /Python|not found/.test(message))
        .map(({ severity, message }) => `${severity}: ${message}`);
    for (const name of ['bare', 'whole']) await studio.client.targets.connect({ name });
    for (const recipe of recipes) {
      const said = (await look('bare', recipe)).join('\n');
      const whole = (await look('whole', recipe)).join('\n');
      for (const name of recipe.packages) {
        expect(said, recipe.id).toMatch(new RegExp(`error: Python 3\\S* of bare has no .*\\b${name}\\b`));
        expect(whole, recipe.id).toMatch(new RegExp(`info: Python 3\\S* of whole has .*\\b${name}\\b`));
      }
      expect(whole, recipe.id).not.toContain('error');
    }
    const trainer = recipes.find(({ id }) => id === 'nanochat');
    expect(trainer && (await look('bare', trainer)).join()).toContain('error: torchrun is not found on bare');
    expect(await studio.client.runs.list()).toEqual([]);
  }, 480_000);

  it('refuses a recipe whose program is not there, before anything is kept', async () => {
    await writeFiles(workspace.path, {
      'recipes/several/recipe.yaml': own.replace('main.sh]', 'gone.sh]'),
    });
    const request = { recipe: 'several', name: 'x', parameters: {}, target: 'mini' } as const;
    await expect(studio.client.runs.launch(request)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await studio.client.runs.list()).toEqual([]);
  });
});
