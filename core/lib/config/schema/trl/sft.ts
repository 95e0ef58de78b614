// TRL SFT: one flat YAML for `trl sft --config`. Exports: TRL_SFT. Source: TRL 1.10 development version, July 2026.
import { bool, float, int, map, objectSchema, oneOf, str, withGroup } from '../fields.ts';
import type { ConfigSchema } from '../types.ts';
import { TRL_MODEL } from './model.ts';
import { TRL_SCRIPT } from './script.ts';
import { TRL_TRAINING } from './training.ts';

export const TRL_SFT: ConfigSchema = {
  title: 'TRL supervised fine-tuning',
  source: 'TRL 1.10 development version of July 2026',
  textNumbers: 'warning',
  root: objectSchema('TRL SFT config', 'Supervised fine-tuning with TRL.', {
    ...TRL_MODEL,
    ...TRL_SCRIPT,
    ...withGroup('Fine-tuning', {
      learning_rate: float('Peak rate', 'Learning rate after warmup.', {
        default: 2e-5,
        exclusiveMinimum: 0,
      }),
      max_length: int('Longest sample', 'Longer samples are cut.', {
        nullable: true,
        default: 1024,
        unit: 'tokens',
        minimum: 1,
      }),
      packing: bool('Pack', 'Put several samples into one sequence.', { default: false }),
      packing_strategy: oneOf(
        ['bfd', 'bfd_split', 'wrapped'],
        'Packing strategy',
        'How samples are packed.',
        { default: 'bfd' },
      ),
      eval_packing: bool('Pack evaluation', 'Pack the evaluation data too.', {
        nullable: true,
        defaultText: 'as packing',
      }),
      padding_free: bool('No padding', 'Join a batch into one sequence; needs flash attention.', {
        default: false,
        advanced: true,
      }),
      pad_to_multiple_of: int('Pad to multiple', 'Pad lengths to a multiple of this.', {
        nullable: true,
        minimum: 1,
        advanced: true,
      }),
      truncation_mode: oneOf(['keep_start', 'keep_end'], 'Cut', 'Which end of a long sample is kept.', {
        default: 'keep_start',
        advanced: true,
      }),
      completion_only_loss: bool('Completion only', 'Loss on the completion, not on the prompt.', {
        nullable: true,
        default: null,
        defaultText: 'true for prompt-completion data',
      }),
      assistant_only_loss: bool(
        'Assistant only',
        'Loss on assistant turns; the chat template needs generation markers.',
        { default: false },
      ),
      loss_type: str('Loss', 'Kind of loss.', {
        nullable: true,
        default: null,
        defaultText: 'chunked cross-entropy',
        advanced: true,
      }),
      eos_token: str('EOS token', 'Token that ends a turn.', { nullable: true }),
      pad_token: str('Padding token', 'Token for padding.', { nullable: true }),
      chat_template_path: str('Chat template', 'Jinja file, or a tokenizer to take the template from.', {
        nullable: true,
      }),
      dataset_text_field: str('Text column', 'Column with the text.', { default: 'text' }),
      dataset_num_proc: int('Processes', 'Processes that prepare the data.', { nullable: true, minimum: 1 }),
      dataset_kwargs: map({ kind: 'any' }, 'Data options', 'Further options of data preparation.', {
        nullable: true,
        advanced: true,
      }),
      shuffle_dataset: bool('Shuffle', 'Shuffle before packing.', { default: false }),
      activation_offloading: bool('Offload activations', 'Keep activations in main memory.', {
        default: false,
        advanced: true,
      }),
    }),
    ...TRL_TRAINING,
  }),
};
