// Finds out what a path holds: a Hugging Face folder, a step of Nanotron, or the folder of its steps.
import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { StudioError } from '../../../api/errors.ts';
import { openHuggingFaceFolder } from './hugging-face-folder.ts';
import { openNanotronFolder } from './nanotron-folder.ts';
import type { WeightFolder } from './weight-folder.ts';

/** `path` is absolute. Of a folder of steps the newest whole one is taken. Throws what opening throws. */
export function openWeights(path: string): WeightFolder {
  const info = statSync(path);
  const folder = info.isDirectory() ? path : dirname(path);
  if (!info.isDirectory() && !/\.(safetensors|json)$/.test(path)) {
    throw new StudioError('INVALID_INPUT', `${basename(path)} is not a folder of weights`, {
      hint: 'Choose a folder that transformers or Nanotron saved',
      path,
    });
  }
  const has = (...names: string[]) => statSync(join(folder, ...names), { throwIfNoEntry: false });
  if (has('latest.txt')?.isFile()) {
    const step = readFileSync(join(folder, 'latest.txt'), 'utf8').trim();
    if (!/^\d{1,15}$/.test(step)) {
      throw new StudioError('CORRUPT_FILE', 'latest.txt does not name a step', {
        hint: 'Choose the folder of one step',
        path: join(folder, 'latest.txt'),
      });
    }
    return openNanotronFolder(join(folder, step));
  }
  if (has('model_config.json') || has('model', 'model')) return openNanotronFolder(folder);
  return openHuggingFaceFolder(folder);
}
