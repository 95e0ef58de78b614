// Checkpoints as trainers leave them in a folder, found by the script that runs on targets: whole ones, and those that are not.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkpointScript, parseCheckpoints } from '../../../../../core/lib/recipes/checkpoint-layouts.ts';
import { readRecipe } from '../../../../../core/lib/recipes/recipe-file.ts';
import {
  checkpointFolder,
  type CheckpointLayout,
  continued,
} from '../../../../../core/lib/recipes/resume.ts';
import { quoteWord } from '../../../../../core/lib/remote/quote.ts';
import { readFileSync } from 'node:fs';

const hasShell = spawnSync('sh', ['-c', 'true']).status === 0;

describe.skipIf(!hasShell)('checkpoints in a folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'nesso-layouts-')), `it's "here"`);
    mkdirSync(folder);
  });
  afterEach(() => rmSync(dirname(folder), { recursive: true, force: true }));

  const listed = (layout: CheckpointLayout, files: readonly string[]) => {
    for (const name of files) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), name.endsWith('.txt') ? '200' : 'x');
    }
    const script = checkpointScript(layout, quoteWord(folder));
    const answer = execFileSync('sh', ['-c', script], { encoding: 'utf8' });
    return parseCheckpoints(layout, answer).checkpoints.map(({ step, isComplete, hasOptimizer }) => [
      step,
      isComplete,
      hasOptimizer,
    ]);
  };

  it('of nanochat are three files a step, whole with what says what they are', () => {
    const files = ['model_000100.pt', 'meta_000100.json', 'optim_000100_rank0.pt', 'optim_000100_rank1.pt'];
    expect(listed('nanochat', [...files, 'model_000200.pt', 'model_000050.pt', 'meta_000050.json'])).toEqual([
      [200, false, false],
      [100, true, true],
      [50, true, false],
    ]);
  });

  it('of the others are folders, whole as each of them says', () => {
    expect(
      listed('megatron', ['iter_0000100/a', 'iter_0000300/a', 'latest_checkpointed_iteration.txt']),
    ).toEqual([
      [300, false, null],
      [100, true, null],
    ]);
    const trainer = [
      'checkpoint-3/model.safetensors',
      'checkpoint-3/trainer_state.json',
      'checkpoint-9/optimizer.pt',
    ];
    expect(listed('trainer', trainer)).toEqual([
      [9, false, true],
      [3, true, false],
    ]);
    expect(listed('nanotron', ['5/model_config.json', '5/optimizer/a', '10/model/a'])).toEqual([
      [10, false, false],
      [5, true, true],
    ]);
  });
});

describe('a run of nanochat', () => {
  const file = join(import.meta.dirname, '../../../../../resources/recipes/nanochat/recipe.yaml');
  const reading = readRecipe(readFileSync(file, 'utf8'));
  const rule = reading.kind === 'recipe' ? reading.recipe.resume : undefined;
  if (rule?.kind !== 'checkpoint') throw new Error('it has no resume rule');
  const launched = {
    parameters: { base: '~/.cache/nanochat/', tag: 'd 12', step: '', from: '' },
    config: null,
  };
  const going = {
    folder: '/home/me/.cache/nanochat/base_checkpoints/d 12',
    checkpoint: '/home/me/.cache/nanochat/base_checkpoints/d 12/model_000100.pt',
    step: 100,
    name: 'warmer',
    steps: null,
  };

  it('keeps its checkpoints where its model is named, goes on there, and forks into a folder of its own', () => {
    expect(checkpointFolder(rule, launched)).toBe('~/.cache/nanochat/base_checkpoints/d 12');
    expect(continued(rule, launched, { ...going, how: 'newest' }).parameters).toEqual({
      ...launched.parameters,
      step: '100',
    });
    expect(continued(rule, launched, { ...going, how: 'fork' }).parameters).toMatchObject({
      tag: 'warmer',
      step: '100',
      from: going.folder,
    });
  });
});
