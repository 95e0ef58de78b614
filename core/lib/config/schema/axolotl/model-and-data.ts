// What Axolotl trains, and on what: the model, its tokenizer, sources of samples. Source: Axolotl 0.18.
import {
  any,
  bool,
  int,
  list,
  map,
  objectSchema,
  oneOf,
  path,
  str,
  STRING,
  union,
  withGroup,
} from '../fields.ts';
import type { ValueType } from '../types.ts';
import { STEPS, STRINGS } from './value-types.ts';

const DATASET = objectSchema(
  'dataset',
  'One source of training samples.',
  {
    path: str('Path', 'Hub id, file or folder.', { required: true }),
    name: str('Configuration', 'Configuration (subset).', { nullable: true }),
    split: str('Split', 'Split to read.', { nullable: true, default: 'train' }),
    data_files: union(STRINGS, 'Files', 'Files to read.', { nullable: true }),
    ds_type: oneOf(['json', 'parquet', 'arrow', 'text', 'csv'], 'File type', 'Format of the files.', {
      nullable: true,
    }),
    type: union(
      [STRING, { kind: 'map', value: { kind: 'any' } }],
      'Prompt type',
      'chat_template, completion, alpaca …',
      { nullable: true },
    ),
    field_messages: str('Messages column', 'Column with the conversation.', {
      nullable: true,
      default: 'messages',
    }),
    message_property_mappings: map({ kind: 'any' }, 'Message keys', 'Names of role and content.', {
      nullable: true,
    }),
    message_field_role: str('Role key', 'Old form of message_property_mappings.role.', {
      nullable: true,
      deprecated: 'message_property_mappings',
    }),
    message_field_content: str('Content key', 'Old form of message_property_mappings.content.', {
      nullable: true,
      deprecated: 'message_property_mappings',
    }),
    roles: map({ kind: 'any' }, 'Roles', 'Other names of the roles.', { nullable: true }),
    roles_to_train: list(STRING, 'Roles to train', 'Roles whose turns count for the loss.', {
      nullable: true,
      defaultText: '[assistant]',
    }),
    train_on_eos: oneOf(
      ['all', 'turn', 'last', 'none'],
      'Train on EOS',
      'Which end tokens count for the loss.',
      { nullable: true },
    ),
    train_on_eot: oneOf(
      ['all', 'turn', 'last', 'none'],
      'Train on EOT',
      'Which end-of-turn tokens count for the loss.',
      { nullable: true },
    ),
    field_tools: str('Tools column', 'Column with tool descriptions.', { nullable: true }),
    drop_system_message: bool('Drop system', 'Leave system turns out.', { nullable: true }),
    chat_template: str('Chat template', 'Template of this dataset.', { nullable: true }),
    chat_template_jinja: str('Template text', 'Jinja text of the template.', { nullable: true }),
    shards: int('Shards', 'Split the data into so many parts and use one.', { nullable: true, minimum: 1 }),
  },
  'warning',
);

const DATASETS: ValueType = { kind: 'object', object: DATASET };

export const MODEL_AND_DATA = {
  ...withGroup('Model', {
    base_model: str('Model', 'Hub id or folder of the model to train.', { required: true }),
    model_type: str('Model class', 'Python class of the model.', { nullable: true, advanced: true }),
    tokenizer_config: str('Tokenizer', 'Tokenizer other than that of the model.', { nullable: true }),
    tokenizer_type: str('Tokenizer class', 'Python class of the tokenizer.', {
      nullable: true,
      advanced: true,
    }),
    trust_remote_code: bool('Trust remote code', 'Run Python that the model repository brings along.', {
      nullable: true,
      advanced: true,
    }),
    special_tokens: map({ kind: 'any' }, 'Special tokens', 'Tokens such as pad_token and eos_token.', {
      nullable: true,
    }),
    tokens: list(STRING, 'New tokens', 'Tokens that are added.', { nullable: true, advanced: true }),
    attn_implementation: str('Attention kernel', 'Implementation of attention.', {
      nullable: true,
      advanced: true,
    }),
    flash_attention: bool('Flash attention', 'Use flash attention.', { nullable: true }),
    strict: bool('Strict', 'Options of the command line may only change keys of this file.', {
      nullable: true,
      default: false,
      advanced: true,
    }),
    plugins: list(STRING, 'Plugins', 'Python classes of plugins.', { nullable: true, advanced: true }),
  }),
  ...withGroup('Data', {
    datasets: list(DATASETS, 'Datasets', 'Sources of training samples.', { nullable: true }),
    test_datasets: list(DATASETS, 'Evaluation datasets', 'Sources of evaluation samples.', {
      nullable: true,
    }),
    pretraining_dataset: any('Pre-training data', 'Text for continued pre-training.', {
      nullable: true,
      advanced: true,
    }),
    chat_template: str('Chat template', 'Name, tokenizer_default, or jinja.', { nullable: true }),
    chat_template_jinja: str('Template text', 'Jinja text of the template.', { nullable: true }),
    dataset_prepared_path: path('Prepared data', 'Folder that caches tokenized data.', {
      nullable: true,
    }),
    dataset_processes: int('Processes', 'Processes that prepare the data.', {
      nullable: true,
      minimum: 1,
    }),
    shuffle_merged_datasets: bool('Shuffle', 'Shuffle after merging.', { nullable: true, default: true }),
    val_set_size: union(
      STEPS,
      'Evaluation share',
      'Share (below 1) or number of samples kept for evaluation.',
      { nullable: true, default: 0 },
    ),
    train_on_inputs: bool('Train on inputs', 'Count the prompt for the loss too.', {
      nullable: true,
      default: false,
    }),
    sequence_len: int('Sequence length', 'Longest sample; the default of 512 is short.', {
      default: 512,
      unit: 'tokens',
      minimum: 1,
    }),
    excess_length_strategy: oneOf(
      ['drop', 'truncate', 'raise'],
      'Too long',
      'What happens to longer samples.',
      { nullable: true },
    ),
    sample_packing: bool('Pack', 'Put several samples into one sequence.', { nullable: true }),
    eval_sample_packing: bool('Pack evaluation', 'Pack the evaluation data too.', { nullable: true }),
    pad_to_sequence_len: bool('Pad to length', 'Pad every sequence to the full length.', {
      nullable: true,
    }),
  }),
};
