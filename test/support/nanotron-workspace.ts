// A recipe and a config for the trainer of fake-nanotron.mjs, so that a workspace can launch it as it launches any other.
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFiles } from './test-core.ts';

export const FAKE_RECIPE = 'fake-nanotron';

export interface FakeSchedule {
  readonly trainSteps?: number;
  readonly checkpointInterval?: number;
}

/** `options` are those of fake-nanotron.mjs, given in the launch form's field. */
export async function addFakeNanotron(
  workspace: string,
  { trainSteps = 300, checkpointInterval = 100 }: FakeSchedule = {},
): Promise<void> {
  await writeFiles(workspace, {
    [`recipes/${FAKE_RECIPE}/recipe.yaml`]: [
      `id: ${FAKE_RECIPE}`,
      'title: Trainer that writes what Nanotron writes',
      'description: For tests',
      'targets: [this-computer, cluster]',
      'files: [fake-nanotron.mjs]',
      "command: ['{node}', '{programs}/fake-nanotron.mjs', { words: options }]",
      'config: config',
      'parameters:',
      '  - { name: config, label: Config, kind: file, default: configs/fake.yaml, description: Its config }',
      "  - { name: options, label: Options, kind: text, default: '', description: Of fake-nanotron.mjs }",
      'metrics: { main: [lm_loss, tokens_per_sec] }',
      '',
    ].join('\n'),
    'configs/fake.yaml': fakeConfig(trainSteps, checkpointInterval),
  });
  await cp(
    join(import.meta.dirname, 'fake-nanotron.mjs'),
    join(workspace, 'recipes', FAKE_RECIPE, 'fake-nanotron.mjs'),
  );
}

function fakeConfig(trainSteps: number, checkpointInterval: number): string {
  return `checkpoints:
  checkpoint_interval: ${checkpointInterval}
  checkpoints_path: checkpoints
  save_final_state: false
data_stages:
- name: stable
  start_training_step: 1
  data: {dataset: null, seed: 8, num_loading_workers: 1}
- name: decay
  start_training_step: ${Math.round(trainSteps * 0.8)}
  data: {dataset: null, seed: 8, num_loading_workers: 1}
general: {project: fake, run: fake, seed: 8, ignore_sanity_checks: true}
model:
  dtype: bfloat16
  init_method: {std: 0.03227}
  model_config:
    is_llama_config: true
    hidden_size: 960
    intermediate_size: 2560
    num_attention_heads: 15
    num_hidden_layers: 32
    num_key_value_heads: 5
    max_position_embeddings: 4096
    tie_word_embeddings: true
    vocab_size: 128256
optimizer:
  accumulate_grad_in_fp32: true
  clip_grad: 1.0
  learning_rate_scheduler:
    learning_rate: 0.003
    lr_warmup_steps: 40
    lr_warmup_style: linear
    lr_decay_style: linear
    lr_decay_starting_step: ${trainSteps}
    lr_decay_steps: 100
    min_decay_lr: 1.0e-07
  optimizer_factory: {name: adamW, adam_beta1: 0.9, adam_beta2: 0.95, adam_eps: 1.0e-08, torch_adam_is_fused: true}
  weight_decay: 0.01
  zero_stage: 0
parallelism: {dp: 64, pp: 1, tp: 1, pp_engine: 1f1b, tp_mode: REDUCE_SCATTER}
tokenizer: {tokenizer_name_or_path: meta-llama/Llama-3.2-1B}
tokens: {micro_batch_size: 4, batch_accumulation_per_replica: 1, sequence_length: 4096, train_steps: ${trainSteps}}
`;
}
