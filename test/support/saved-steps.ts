// Checkpoints as trainers leave them, in a folder of any computer, and the record of the run they are of: for pulling them.
import { randomBytes } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunId } from '../../core/api/runs.ts';
import { writeNanotronCheckpoint } from './nanotron-checkpoint.ts';
import { copyTokenizer, type RandomModel } from './random-model.ts';
import { writeFiles } from './test-core.ts';

/** A step of a random small Llama with everything around it that is not to be pulled. */
export async function saveNanotronStep(
  checkpoints: string,
  step: number,
  model: RandomModel,
  options: { readonly isWhole?: boolean; readonly tensorParallel?: number } = {},
): Promise<void> {
  const folder = join(checkpoints, String(step));
  await mkdir(folder, { recursive: true });
  await writeFiles(folder, {
    'config.yaml': `general: {step: ${step}}\n`,
    'optimizer/optimizer_config.json': '{}',
    'optimizer/optimizer_pp-0-of-1_tp-0-of-1_exp-0-of-1.pt': 'o'.repeat(400_000),
    'lr_scheduler/lr_scheduler_pp-0-of-1_tp-0-of-1_exp-0-of-1.pt': 'l'.repeat(1000),
    'random/tp-0-of-1_dp-0-of-1_pp-0-of-1.pt': 'r'.repeat(1000),
    'checkpoint_metadata.json': JSON.stringify({
      version: '1.5',
      dp: 2,
      tp: options.tensorParallel ?? 1,
      metas: { consumed_tokens_total: step * 1_048_576, last_train_step: step },
    }),
  });
  const layout = { tensorParallel: options.tensorParallel ?? 1, names: 'new', interleaved: false } as const;
  await writeNanotronCheckpoint(folder, model, layout);
  if (options.isWhole === false) execFileSync('rm', [join(folder, 'model_config.json')]);
  else await writeFile(join(checkpoints, 'latest.txt'), String(step));
}

/** As transformers' Trainer saves one, of random bytes: nothing to convert, much to carry. */
export async function saveLargeStep(checkpoints: string, step: number, megabytes: number): Promise<void> {
  const folder = join(checkpoints, `checkpoint-${step}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'model.safetensors'), largeSafetensors(megabytes));
  await writeFiles(folder, {
    'config.json': '{"model_type": "llama"}',
    'optimizer.pt': 'o'.repeat(1_000_000),
    'rng_state.pth': 'r',
    'trainer_state.json': '{}',
  });
}

/** One tensor of random bytes. */
export function largeSafetensors(megabytes: number): Buffer {
  const size = megabytes * 1_000_000;
  const json = Buffer.from(
    JSON.stringify({ data: { dtype: 'U8', shape: [size], data_offsets: [0, size] } }).padEnd(128),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, randomBytes(size)]);
}

export interface SavingRun {
  readonly id: RunId;
  /** Null: on this computer. */
  readonly target: string | null;
  /** Where its checkpoints lie. */
  readonly checkpoints: string;
  /** What its config calls the tokenizer. */
  readonly tokenizer: string;
}

/** run.json in the workspace: a run of Nanotron that has ended. */
export async function writeSavingRun(
  workspace: string,
  { id, target, checkpoints, tokenizer }: SavingRun,
): Promise<void> {
  const record = {
    format: 1,
    id,
    name: id.replace(/-\d{4}.*$/, ''),
    recipe: 'command',
    target: target ?? 'this-computer',
    createdMs: 1,
    parameters: {},
    command: ['python', 'train.py'],
    workingFolder: join(workspace, 'runs', id),
    environment: {},
    config: {
      path: 'configs/a.yaml',
      version: '1',
      text: `general: {project: a, run: b}\ncheckpoints: {checkpoints_path: ${JSON.stringify(checkpoints)}, checkpoint_interval: 5}\nmodel: {model_config: {}}\nparallelism: {dp: 1, tp: 1, pp: 1}\ntokenizer: {tokenizer_name_or_path: ${JSON.stringify(tokenizer)}}\n`,
    },
    git: { branch: null, commit: null },
    mainMetrics: [],
    exitCodes: {},
    host: 'elsewhere',
    history: [],
    end: { endedMs: 2, exitCode: 0, signal: null, reason: 'Finished' },
    remote:
      target === null
        ? null
        : { folder: checkpoints, token: 'abc', resources: {}, scheduler: 'processes', attached: null },
  };
  await writeFiles(workspace, { [`runs/${id}/run.json`]: JSON.stringify(record) });
}

export { copyTokenizer };
