// What the recipes generate, handed to the tools' own parsers. NESSO_TOOL_SOURCES names a folder with checkouts called nanochat,
// Megatron-LM and axolotl, NESSO_PYTHON a Python with PyTorch and Transformers; without them these tests are skipped, and
// test/unit/core/lib/recipes/tool-arguments.test.ts compares with what was read there.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { buildCommand, checkParameters, type ParameterValues } from '../../core/lib/recipes/command-line.ts';
import { readRecipe } from '../../core/lib/recipes/recipe-file.ts';
import { repositoryFolder } from '../support/test-core.ts';

const python = process.env['NESSO_PYTHON'] ?? '';
const sources = process.env['NESSO_TOOL_SOURCES'] ?? '';
const LIMIT_MS = 240_000;

/** Null, or why a tool's parser cannot be asked. */
function missing(tool: string): string | null {
  if (python === '') return 'NESSO_PYTHON names no Python';
  if (sources === '') return 'NESSO_TOOL_SOURCES names no folder of checkouts';
  return existsSync(join(sources, tool)) ? null : `${join(sources, tool)} is not there`;
}

function words(id: string, given: ParameterValues): readonly string[] {
  const file = join(repositoryFolder, 'resources', 'recipes', id, 'recipe.yaml');
  const reading = readRecipe(readFileSync(file, 'utf8'));
  if (reading.kind === 'bad') throw new Error(reading.message);
  const places = {
    run: '/run',
    workspace: '',
    programs: '',
    app: '',
    node: '',
    fileOf: (path: string) => path,
  };
  return buildCommand(reading.recipe, checkParameters(reading.recipe, given), places);
}

function parsed(tool: string, given: readonly string[]): Record<string, unknown> {
  const program = join(repositoryFolder, 'test', 'fixtures', 'tool-arguments', 'parse.py');
  const result = spawnSync(python, [program, tool, join(sources, tool), ...given], { encoding: 'utf8' });
  expect(result.status, result.stderr.slice(-2000)).toBe(0);
  return z.record(z.string(), z.unknown()).parse(JSON.parse(result.stdout.trim().split('\n').at(-1) ?? ''));
}

const noNanochat = missing('nanochat');
describe.skipIf(noNanochat !== null)(
  `parsers of nanochat${noNanochat === null ? '' : ` (${noNanochat})`}`,
  () => {
    it('take every script of the recipe', () => {
      const of = (given: ParameterValues) => {
        const [, script = '', , ...rest] = words('nanochat', given);
        return parsed('nanochat', [script, ...rest]);
      };
      expect(of({ step: '200', iterations: '900', more: '--window-pattern=L' })).toMatchObject({
        run: 'nesso',
        model_tag: 'nesso',
        depth: 12,
        save_every: 1000,
        resume_from_step: 200,
        num_iterations: 900,
        window_pattern: 'L',
      });
      expect(of({ script: 'scripts.chat_sft' })).toMatchObject({ run: 'nesso', model_tag: 'nesso' });
      expect(of({ script: 'scripts.chat_rl' })).toMatchObject({ run: 'nesso', model_tag: 'nesso' });
    });
  },
);

const noMegatron = missing('Megatron-LM');
describe.skipIf(noMegatron !== null)(
  `the parser of Megatron-LM${noMegatron === null ? '' : ` (${noMegatron})`}`,
  () => {
    it(
      'takes the recipe as it ships, and a run that goes on',
      () => {
        const [, ...shipped] = words('megatron', { checkpoints: '/c' });
        expect(parsed('Megatron-LM', shipped)).toMatchObject({
          save: '/c',
          load: '/c',
          save_interval: 500,
          tensorboard_dir: '/run/tensorboard',
          wandb_project: 'nesso',
          train_iters: 1000,
        });
        const given = { checkpoints: '/c', load: '/parent', checkpointStep: '500', trainIterations: '2000' };
        const [, ...resumed] = words('megatron', given);
        expect(parsed('Megatron-LM', resumed)).toMatchObject({
          save: '/c',
          load: '/parent',
          ckpt_step: 500,
          train_iters: 2000,
        });
      },
      LIMIT_MS,
    );
  },
);

const noAxolotl = missing('axolotl');
describe.skipIf(noAxolotl !== null)(
  `the schema of Axolotl${noAxolotl === null ? '' : ` (${noAxolotl})`}`,
  () => {
    it(
      'takes the template, and knows every key of it',
      () => {
        const template = join(repositoryFolder, 'resources', 'templates', 'nesso-axolotl-sft.yaml');
        expect(parsed('axolotl', [template])).toMatchObject({ unknown: [], sequence_len: 4096 });
      },
      LIMIT_MS,
    );
  },
);
