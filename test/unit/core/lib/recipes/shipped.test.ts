// The recipes that ship: each is read, and each makes a batch script that bash accepts, also with values that are meant to break it.
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  buildCommandParts,
  checkParameters,
  filler,
  type ParameterValues,
} from '../../../../../core/lib/recipes/command-line.ts';
import { readRecipe, type RecipeFile } from '../../../../../core/lib/recipes/recipe-file.ts';
import { batchScript } from '../../../../../core/lib/slurm/batch-script.ts';
import type { Container } from '../../../../../core/lib/slurm/launch-lines.ts';
import { wholeResources } from '../../../../../core/lib/slurm/resources.ts';

const resources = join(import.meta.dirname, '../../../../../resources');
const folder = join(resources, 'recipes');
const ids = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

function shipped(id: string): RecipeFile {
  const reading = readRecipe(readFileSync(join(folder, id, 'recipe.yaml'), 'utf8'));
  if (reading.kind === 'bad') throw new Error(`${id}: ${reading.message}`);
  return reading.recipe;
}

const places = {
  run: '.',
  workspace: '/w',
  programs: 'programs',
  app: '/app',
  node: 'node',
  fileOf: (path: string) => `inputs/${path.slice(path.lastIndexOf('/') + 1)}`,
};

function scriptOf(recipe: RecipeFile, given: ParameterValues, container: Container | null = null): string {
  const values = checkParameters(recipe, given);
  const fill = filler(recipe, values, places);
  return batchScript({
    name: 'test',
    token: 'abc',
    command: buildCommandParts(recipe, values, places),
    resources: wholeResources(recipe.resources),
    surroundings: {
      modules: [],
      environment: Object.fromEntries(
        Object.entries(recipe.environment).map(([name, text]) => [name, fill(text)]),
      ),
      prologue: recipe.prologue.join('\n'),
      container,
    },
    launch: {
      launcher: recipe.launcher,
      startIn: recipe.startIn === undefined ? null : fill(recipe.startIn),
      pythonPath: recipe.pythonPath.map(fill),
      exactMetrics: recipe.exactMetrics,
    },
  });
}

/** A shell complains of a locale that a computer names and does not have. */
const env = { ...process.env, LC_ALL: 'C' };
const hasBash = spawnSync('bash', ['--norc', '-c', 'true']).status === 0;
const hasPython = spawnSync('python3', ['--version']).status === 0;

/** The commands with stand-ins for srun, scontrol and every program: what each is called with, one word a line. */
function calls(script: string): string[] {
  const body = script.replaceAll(/^#SBATCH.*$/gm, '').replaceAll(/^nesso_note started.*$/gm, '');
  const stub = [
    'set +e; cd "$(mktemp -d)"; export HOME=/home/me SLURM_JOB_ID=7 SLURM_NNODES=2 SLURM_JOB_NODELIST=n1',
    'tell() { printf "<%s>" "$@"; echo; }',
    'for p in srun torchrun vllm accelerate lighteval llamafactory-cli apptainer cp mkdir ln; do eval "$p() { tell $p \\"\\$@\\"; }"; done',
    'scontrol() { echo n1; }; conda() { :; }; module() { :; }; python3() { tell python3 "$@"; }; cd() { :; }; exec() { "$@"; }',
  ].join('\n');
  return execFileSync('bash', ['--norc', '--noprofile', '-c', `${stub}\n${body}`], { encoding: 'utf8' })
    .trim()
    .split('\n');
}

describe('shipped recipes', () => {
  it('name the packages of their tools, which are looked for before a launch', () => {
    const without = ids.filter((id) => shipped(id).packages.length === 0);
    // Any command, a program alone, and what runs on this computer.
    expect(without.sort()).toEqual(['command', 'judge-server', 'train-head']);
    for (const [id, name] of [
      ['sft-trl', 'trl'],
      ['dpo-trl', 'trl'],
      ['sft-axolotl', 'axolotl'],
      ['llama-factory', 'llamafactory'],
      ['nanochat', 'nanochat'],
      ['megatron', 'megatron'],
      ['pretrain-nanotron', 'nanotron'],
      ['convert-nanotron', 'nanotron'],
      ['evaluate-lm-eval', 'lm_eval'],
      ['evaluate-lighteval', 'lighteval'],
      ['evaluate-portuguese', 'lm_eval'],
      ['tokenize', 'datatrove'],
    ] as const)
      expect(shipped(id).packages, id).toContain(name);
  });

  it('hold what their folders are called', () => {
    expect(ids.map((id) => shipped(id).id)).toEqual(ids);
    expect(ids.length).toBeGreaterThanOrEqual(16);
  });

  it.each(ids.filter((id) => shipped(id).targets.includes('cluster')))(
    '%s makes a script that bash reads, inside containers too',
    (id) => {
      if (!hasBash) return;
      const containers: readonly (Container | null)[] = [
        null,
        { runtime: 'apptainer', image: '~/images/a b.sif', mounts: ['/data'] },
        { runtime: 'pyxis', image: 'docker://x/y:1', mounts: ['/data', '/a:/b'] },
      ];
      for (const container of containers) {
        const script = scriptOf(shipped(id), {}, container);
        const result = spawnSync('bash', ['--norc', '-n'], { input: script, encoding: 'utf8', env });
        expect(result.stderr).toBe('');
      }
    },
  );

  it.each(ids.filter((id) => shipped(id).targets.includes('cluster') && id !== 'command'))(
    '%s takes hostile texts for texts',
    (id) => {
      if (!hasBash) return;
      const recipe = shipped(id);
      const hostile = `a'b"; touch /tmp/nesso-recipe-was-here; $(x) \`y\` \\ *`;
      const given = Object.fromEntries(
        recipe.parameters
          .filter(
            ({ kind, name }) =>
              ['text', 'remote-path', 'file'].includes(kind) && name !== 'more' && name !== 'options',
          )
          .map(({ name, kind }) => [name, kind === 'remote-path' ? `~/${hostile}` : hostile]),
      );
      const words = calls(scriptOf(recipe, given)).join('\n');
      expect(words).toContain(hostile.slice(hostile.lastIndexOf('/') + 1));
      expect(words).not.toContain('~/a');
      expect(spawnSync('ls', ['/tmp/nesso-recipe-was-here']).status).not.toBe(0);
    },
  );

  it('starts Nanotron as its torchrun expects it, on every node', () => {
    if (!hasBash) return;
    const lines = calls(scriptOf(shipped('pretrain-nanotron'), { code: '~/nano tron', check: false }));
    expect(lines).toEqual([expect.stringMatching(/^<srun>.*<\/.*\/inputs\/zagreus-0\.4B-ita\.yaml>$/)]);
    expect(lines[0]?.split('<').slice(1, -1)).toEqual(
      [
        'srun',
        '--ntasks=2',
        '--ntasks-per-node=1',
        '--kill-on-bad-exit=1',
        'torchrun',
        '--nnodes=2',
        '--nproc-per-node=8',
        '--rdzv-backend=c10d',
        '--rdzv-endpoint=n1:20007',
        '--rdzv-id=7',
        '--max-restarts=0',
        '--tee=3',
        '/home/me/nano tron/run_train.py',
        '--config-file',
      ].map((word) => `${word}>`),
    );
  });

  it.each(
    readdirSync(resources, { recursive: true, encoding: 'utf8' }).filter(
      (path) => path.endsWith('.py') && /^(?:recipes|cluster)/.test(path),
    ),
  )('%s is Python', (path) => {
    if (!hasPython) return;
    const compile = 'import ast, sys; ast.parse(open(sys.argv[1], encoding="utf-8").read())';
    const result = spawnSync('python3', ['-c', compile, join(resources, path)], { encoding: 'utf8', env });
    expect(result.stderr).toBe('');
  });

  it('lets TRL go on from the newest whole checkpoint when Slurm starts a job again, and only then', () => {
    if (!hasPython) return;
    // Transformers is not needed to choose a checkpoint.
    const program = [
      'import json, os, runpy, sys, tempfile, types',
      'sys.modules["transformers"] = types.SimpleNamespace(Trainer=type("Trainer", (), {"train": lambda self: None}))',
      'module = runpy.run_path(sys.argv[1])',
      'folder = tempfile.mkdtemp()',
      'for name, whole in (("checkpoint-9", 1), ("checkpoint-10", 1), ("checkpoint-20", 0), ("checkpoint-x", 1)):',
      '    os.mkdir(f"{folder}/{name}")',
      '    whole and open(f"{folder}/{name}/trainer_state.json", "w").close()',
      'go = lambda words, count: [w.replace(folder, "OUT") for w in module["after_restart"](words, {"SLURM_RESTART_COUNT": count})]',
      'words = ["--output_dir", folder, "--max_steps", "4"]',
      'print(json.dumps([go(words, "1"), go(words, "0"), go(["--output_dir", folder + "/none"], "1"), go(["--output_dir"], "1")]))',
    ].join('\n');
    const file = join(folder, 'sft-trl', 'train_trl.py');
    const answer = execFileSync('python3', ['-c', program, file], { encoding: 'utf8' });
    const words = ['--output_dir', 'OUT', '--max_steps', '4'];
    expect(JSON.parse(answer)).toEqual([
      [...words, '--resume_from_checkpoint', 'OUT/checkpoint-10'],
      words,
      ['--output_dir', 'OUT/none'],
      ['--output_dir'],
    ]);
  });

  it('lets Axolotl and LLaMA-Factory go on when Slurm starts a job again', () => {
    if (!hasBash) return;
    const after = (id: string, count: string, files: string, show: string): string => {
      const before = `cd "$(mktemp -d)"; ${files}; export SLURM_RESTART_COUNT=${count} NESSO_OUTPUT=$PWD/out NESSO_CONFIG=in.yaml NESSO_RESUME=`;
      const text = `${before}\n${shipped(id).prologue.join('\n')}\n${show}`;
      return execFileSync('bash', ['--norc', '-c', text], { encoding: 'utf8' }).trim();
    };
    const saved =
      'mkdir -p out/checkpoint-{9,10,30}; touch out/checkpoint-{9,10}/trainer_state.json; touch in.yaml';
    const line = 'grep -o "checkpoint-[0-9]*" axolotl.yaml';
    expect(after('sft-axolotl', '1', saved, line)).toBe('checkpoint-10');
    expect(after('sft-axolotl', '0', saved, `${line} || echo none`)).toBe('none');
    expect(after('sft-axolotl', '1', 'touch in.yaml', `${line} || echo none`)).toBe('none');
    const config = 'printf "a: 1\\noverwrite_output_dir: true\\nb: 2\\n" > in.yaml';
    expect(after('llama-factory', '1', config, 'cat llama-factory.yaml')).toBe('a: 1\nb: 2');
    expect(after('llama-factory', '0', config, 'cat llama-factory.yaml')).toContain('overwrite_output_dir');
  });
});
