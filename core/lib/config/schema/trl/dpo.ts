// TRL DPO: one flat YAML for `trl dpo --config`. Exports: TRL_DPO. Source: TRL 1.10 development version, July 2026.
import { bool, FLOAT, float, int, list, objectSchema, oneOf, str, union, withGroup } from '../fields.ts';
import type { ConfigSchema, EnumType } from '../types.ts';
import { TRL_MODEL } from './model.ts';
import { TRL_SCRIPT } from './script.ts';
import { TRL_TRAINING } from './training.ts';

const LOSS: EnumType = {
  kind: 'enum',
  values: [
    'sigmoid',
    'hinge',
    'ipo',
    'exo_pair',
    'nca_pair',
    'robust',
    'bco_pair',
    'sppo_hard',
    'aot',
    'aot_unpaired',
    'apo_zero',
    'apo_down',
    'discopop',
    'sft',
    'sigmoid_norm',
  ],
};

export const TRL_DPO: ConfigSchema = {
  title: 'TRL preference optimisation (DPO)',
  source: 'TRL 1.10 development version of July 2026',
  textNumbers: 'warning',
  root: objectSchema('TRL DPO config', 'Direct preference optimisation with TRL.', {
    ...TRL_MODEL,
    ...TRL_SCRIPT,
    ...withGroup('Preference', {
      learning_rate: float('Peak rate', 'Learning rate after warmup.', {
        default: 1e-6,
        exclusiveMinimum: 0,
      }),
      beta: float('Beta', 'How strongly the policy is held near the reference.', {
        default: 0.1,
        minimum: 0,
      }),
      loss_type: union(
        [LOSS, { kind: 'list', item: LOSS, minimumItems: 1 }],
        'Loss',
        'One loss, or several that are added up with loss_weights.',
        {
          defaultText: '[sigmoid]',
        },
      ),
      loss_weights: list(FLOAT, 'Loss weights', 'One weight for each loss.', {
        nullable: true,
        default: null,
      }),
      label_smoothing: float('Label smoothing', 'Share of preference labels taken to be wrong.', {
        default: 0,
        minimum: 0,
        maximum: 0.5,
      }),
      f_divergence_type: str('Divergence', 'Divergence from the reference.', {
        default: 'reverse_kl',
        advanced: true,
      }),
      f_alpha_divergence_coef: float('Alpha', 'Coefficient of the alpha divergence.', { advanced: true }),
      max_length: int('Longest sample', 'Longer samples are cut.', {
        nullable: true,
        default: 1024,
        unit: 'tokens',
        minimum: 1,
      }),
      truncation_mode: oneOf(['keep_start', 'keep_end'], 'Cut', 'Which end of a long sample is kept.', {
        default: 'keep_start',
        advanced: true,
      }),
      disable_dropout: bool('No dropout', 'Turn dropout off in both models.', { default: true }),
      precompute_ref_log_probs: bool(
        'Precompute reference',
        'Compute the reference once, then free its memory.',
        { default: false },
      ),
      precompute_ref_batch_size: int('Reference batch', 'Batch size of that pass.', {
        nullable: true,
        unit: 'samples',
        minimum: 1,
      }),
      padding_free: bool('No padding', 'Join a batch into one sequence.', { default: false, advanced: true }),
      pad_to_multiple_of: int('Pad to multiple', 'Pad lengths to a multiple of this.', {
        nullable: true,
        minimum: 1,
        advanced: true,
      }),
      pad_token: str('Padding token', 'Token for padding.', { nullable: true, advanced: true }),
      sync_ref_model: bool('Follow the policy', 'Move the reference after the policy from time to time.', {
        default: false,
      }),
      ref_model_mixup_alpha: float('Follow by', 'Share of the old reference that is kept.', {
        default: 0.6,
        minimum: 0,
        maximum: 1,
      }),
      ref_model_sync_steps: int('Follow every', 'Steps between moves of the reference.', {
        default: 512,
        unit: 'steps',
        minimum: 1,
      }),
      use_weighting: bool('Weight pairs', 'Weight pairs by their probability.', {
        default: false,
        advanced: true,
      }),
      ld_alpha: float('Length desensitising', 'Weight of the longer part of answers.', {
        nullable: true,
        minimum: 0,
        maximum: 1,
        advanced: true,
      }),
      dataset_num_proc: int('Processes', 'Processes that prepare the data.', { nullable: true, minimum: 1 }),
      activation_offloading: bool('Offload activations', 'Keep activations in main memory.', {
        default: false,
        advanced: true,
      }),
    }),
    ...TRL_TRAINING,
  }),
};
