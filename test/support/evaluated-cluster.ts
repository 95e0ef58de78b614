// A cluster where evaluations run: programs that stand for the harnesses, steps of a small model, and the run that saved them.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunId } from '../../core/api/runs.ts';
import { readConversionExpectations } from './random-model.ts';
import { saveNanotronStep, writeSavingRun } from './saved-steps.ts';
import type { SlurmCluster } from './slurm-cluster.ts';
import { repositoryFolder } from './test-core.ts';

/** Of the target: its jobs find the programs. */
export const HARNESS_SETUP = 'setup: export PATH=~/harness/bin:$PATH PYTHONPATH=~/harness:$PYTHONPATH';

const SIZES =
  '{is_llama_config: true, hidden_size: 256, intermediate_size: 512, num_hidden_layers: 4, num_attention_heads: 4, num_key_value_heads: 4, vocab_size: 8192, max_position_embeddings: 512, tie_word_embeddings: true}';

/** Puts the programs and `steps` into the home of the cluster's user; gives the folder of the checkpoints. */
export async function prepareEvaluations(cluster: SlurmCluster, steps: readonly number[]): Promise<string> {
  const there = (...parts: string[]) => join(cluster.home, ...parts);
  cpSync(join(repositoryFolder, 'test/support/stand-in-harness'), there('harness'), { recursive: true });
  mkdirSync(there('nanotron/examples/llama'), { recursive: true });
  cpSync(
    there('harness/convert_nanotron_to_hf.py'),
    there('nanotron/examples/llama/convert_nanotron_to_hf.py'),
  );
  const model = (await readConversionExpectations()).cases['llama-tied'];
  if (!model) throw new Error('no such model');
  const checkpoints = there('check points');
  for (const step of steps) await saveNanotronStep(checkpoints, step, model);
  execFileSync('chown', ['-R', `${cluster.user}:`, cluster.home]);
  return checkpoints;
}

/** The record of the run that saved them on `target`. */
export async function writeEvaluatedRun(
  workspace: string,
  { id, target, checkpoints }: { readonly id: RunId; readonly target: string; readonly checkpoints: string },
): Promise<void> {
  await writeSavingRun(workspace, { id, target, checkpoints, tokenizer: 'meta-llama/Llama-3.2-1B' });
  const path = join(workspace, 'runs', id, 'run.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace('model_config: {}', `model_config: ${SIZES}`));
}
