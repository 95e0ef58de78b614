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

const hasBash = spawnSync('bash', ['--norc', '-c', 'true']).status === 0;
const hasPython = spawnSync('python3', ['--version']).status === 0;

/** The commands with stand-ins for srun, scontrol and every program: what each is called with, one word a line. */
function calls(script: string): string[] {
  const body = script.replaceAll(/^#SBATCH.*$/gm, '').replaceAll(/^nesso_note started.*$/gm, '');
  const stub = [
    'set +e; cd "$(mktemp -d)"; export HOME=/home/me SLURM_JOB_ID=7 SLURM_NNODES=2 SLURM_JOB_NODELIST=n1',
    'tell() { printf "<%s>" "$@"; echo; }',
    'for p in srun torchrun vllm accelerate lighteval llamafactory-cli apptainer cp; do eval "$p() { tell $p \\"\\$@\\"; }"; done',
    'scontrol() { echo n1; }; conda() { :; }; module() { :; }; python3() { tell python3 "$@"; }; cd() { :; }; exec() { "$@"; }',
  ].join('\n');
  return execFileSync('bash', ['--norc', '--noprofile', '-c', `${stub}\n${body}`], { encoding: 'utf8' })
    .trim()
    .split('\n');
}

describe('shipped recipes', () => {
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
        const result = spawnSync('bash', ['--norc', '-n'], { input: script, encoding: 'utf8' });
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
    const result = spawnSync('python3', ['-c', compile, join(resources, path)], { encoding: 'utf8' });
    expect(result.stderr).toBe('');
  });
});
