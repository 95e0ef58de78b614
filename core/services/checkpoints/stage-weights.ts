// What the stages after the pull work from: the weights that are here, and the tokenizer that goes with them.
import { isAbsolute, join } from 'node:path';
import type { CheckpointLife } from '../../api/checkpoint-life.ts';
import { StudioError } from '../../api/errors.ts';
import { resolveInside } from '../files/resolve-inside.ts';
import { isThere, weightsFolder } from './life-store.ts';
import { findTokenizerHere } from './look-at-step.ts';
import type { StageSource } from './stage-types.ts';

/** Throws NOT_FOUND where they are gone. */
export async function requireWeights(root: string, life: CheckpointLife): Promise<string> {
  const folder = await weightsFolder(root, life);
  if (folder !== null) return folder;
  throw new StudioError('NOT_FOUND', 'The weights of this step are no longer here', {
    hint: 'Pull them again; they may have been removed to free space, or their run was',
  });
}

/** Null where it lies beside the weights, or nowhere: then the conversion says so. */
export async function tokenizerOf(
  root: string,
  weights: string,
  chosen: string | null,
  source: StageSource,
): Promise<string | null> {
  if (chosen !== null) return isAbsolute(chosen) ? chosen : resolveInside(root, chosen);
  for (const file of ['tokenizer.json', 'tokenizer.model']) {
    if (await isThere(join(weights, file))) return null;
  }
  return findTokenizerHere(root, source.workingFolder, source.tokenizer);
}
