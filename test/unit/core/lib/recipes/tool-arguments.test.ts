// What the recipes give their tools, against what those tools take: options and keys read out of their sources by
// test/fixtures/tool-arguments/make.py, with the commit they were read at.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import {
  buildCommand,
  checkParameters,
  type ParameterValues,
} from '../../../../../core/lib/recipes/command-line.ts';
import { readRecipe, type RecipeFile } from '../../../../../core/lib/recipes/recipe-file.ts';

const root = join(import.meta.dirname, '../../../../..');
const toolArguments = z.object({
  commit: z.string().regex(/^[0-9a-f]{40}$/),
  options: z.record(z.string(), z.array(z.string())).default({}),
  keys: z.array(z.string()).default([]),
});
const tool = (name: string) =>
  toolArguments.parse(
    JSON.parse(readFileSync(join(root, 'test/fixtures/tool-arguments', `${name}.json`), 'utf8')),
  );

function shipped(id: string): RecipeFile {
  const reading = readRecipe(readFileSync(join(root, 'resources/recipes', id, 'recipe.yaml'), 'utf8'));
  if (reading.kind === 'bad') throw new Error(`${id}: ${reading.message}`);
  return reading.recipe;
}

const places = {
  run: '/r',
  workspace: '/w',
  programs: '/r/p',
  app: '/a',
  node: 'node',
  fileOf: (path: string) => path,
};

/** Names of the options of a command, without values. */
function options(recipe: RecipeFile, given: ParameterValues): string[] {
  return buildCommand(recipe, checkParameters(recipe, given), places)
    .filter((word) => /^--?[a-z]/.test(word) && word !== '-m')
    .map((word) => word.split('=')[0] ?? word);
}

/** Every parameter of kind text and path set, so that no optional argument is left out. */
function everything(recipe: RecipeFile, given: ParameterValues): ParameterValues {
  const filled = recipe.parameters.flatMap(({ name, kind, default: value }) =>
    (kind === 'text' || kind === 'remote-path') && value === '' && name !== 'more'
      ? [[name, '7'] as const]
      : [],
  );
  return { ...Object.fromEntries(filled), ...given };
}

const commands: readonly (readonly [string, string, string, ParameterValues])[] = [
  ['nanochat', 'nanochat', 'base_train', { script: 'scripts.base_train' }],
  ['nanochat', 'nanochat', 'chat_sft', { script: 'scripts.chat_sft', step: '' }],
  ['nanochat', 'nanochat', 'chat_rl', { script: 'scripts.chat_rl', iterations: '', step: '' }],
  ['megatron', 'Megatron-LM', 'pretrain_gpt', {}],
  ['pretrain-nanotron', 'nanotron', 'run_train', {}],
  ['convert-nanotron', 'nanotron', 'convert_nanotron_to_hf', { more: '--config_cls Qwen2Config' }],
];

describe('recipes give their tools what those take', () => {
  it.each(commands)('%s: options of %s %s', (id, name, program, given) => {
    const recipe = shipped(id);
    const { commit, options: known } = tool(name);
    expect(recipe.notes === '' || id.includes('nanotron') || recipe.notes.includes(commit.slice(0, 7))).toBe(
      true,
    );
    const taken = known[program] ?? [];
    expect(taken.length).toBeGreaterThan(1);
    const used = options(recipe, everything(recipe, given));
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((option) => !taken.includes(option))).toEqual([]);
  });

  it('LLaMA-Factory and Axolotl: keys that are set, and keys that a resume changes', () => {
    for (const [id, name, own] of [
      [
        'llama-factory',
        'LLaMA-Factory',
        ['report_to', 'overwrite_output_dir', 'do_train', 'stage', 'dataset_dir'],
      ],
      [
        'sft-axolotl',
        'axolotl',
        ['use_wandb', 'output_dir', 'resume_from_checkpoint', 'wandb_project', 'max_steps'],
      ],
    ] as const) {
      const { notes, resume } = shipped(id);
      const { keys, commit } = tool(name);
      expect(notes).toContain(commit.slice(0, 7));
      const changed =
        resume?.kind === 'checkpoint'
          ? [resume.at, resume.newest, resume.fork].flatMap((set) => Object.keys(set?.config ?? {}))
          : [];
      expect([...own, ...changed].filter((key) => !keys.includes(key))).toEqual([]);
    }
  });

  it('the templates of Axolotl hold no key that it would ignore', () => {
    const { keys } = tool('axolotl');
    for (const path of ['templates', 'sample-workspace/configs']) {
      const text = readFileSync(join(root, 'resources', path, 'nesso-axolotl-sft.yaml'), 'utf8');
      const config = z.record(z.string(), z.unknown()).parse(parse(text));
      expect(Object.keys(config).filter((key) => !keys.includes(key))).toEqual([]);
    }
  });

  it('the config of a Nanotron run is changed at keys that Nanotron has', () => {
    const { resume } = shipped('pretrain-nanotron');
    const { keys } = tool('nanotron');
    if (resume?.kind !== 'checkpoint') throw new Error('it has no resume rule');
    const paths = [resume.at, resume.newest, resume.fork].flatMap((set) => Object.keys(set?.config ?? {}));
    expect(paths.length).toBeGreaterThan(1);
    for (const path of paths) expect(keys).toContain(path.split('.').at(-1));
  });
});
