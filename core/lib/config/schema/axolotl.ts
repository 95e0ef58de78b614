// Axolotl SFT. The list of keys is partial (Axolotl has several hundred), so an unknown key is a warning, not an error.
// Exports: AXOLOTL_SFT. Source: Axolotl 0.18.
import {
  any,
  bool,
  float,
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
} from './fields.ts';
import type { ConfigSchema, ValueType } from './types.ts';

const STRINGS: readonly ValueType[] = [STRING, { kind: 'list', item: STRING }];
const STEPS: readonly ValueType[] = [{ kind: 'int' }, { kind: 'float' }];

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

export const AXOLOTL_SFT: ConfigSchema = {
  title: 'Axolotl supervised fine-tuning',
  source: 'Axolotl 0.18; the list of keys is partial',
  textNumbers: 'info',
  root: objectSchema(
    'Axolotl config',
    'Supervised fine-tuning with Axolotl.',
    {
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
        strict: bool('Strict', 'Load the config without tolerance.', {
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
      ...withGroup('Batch and length', {
        micro_batch_size: int('Batch per GPU', 'Samples per GPU and step.', {
          default: 1,
          unit: 'samples',
          minimum: 1,
        }),
        gradient_accumulation_steps: int('Accumulation', 'Batches added up before one update.', {
          default: 1,
          minimum: 1,
        }),
        num_epochs: float('Epochs', 'Passes over the data.', { default: 1, minimum: 0 }),
        max_steps: int('Step limit', 'Stops after so many steps.', {
          nullable: true,
          unit: 'steps',
          minimum: -1,
        }),
        gradient_checkpointing: union(
          [{ kind: 'bool' }, STRING],
          'Recompute activations',
          'Save memory by computing twice.',
          { nullable: true, default: false },
        ),
        gradient_checkpointing_kwargs: map(
          { kind: 'any' },
          'Recompute options',
          'Options of gradient checkpointing.',
          { nullable: true, advanced: true },
        ),
      }),
      ...withGroup('Optimizer', {
        learning_rate: float('Peak rate', 'Learning rate after warmup.', {
          required: true,
          exclusiveMinimum: 0,
        }),
        optimizer: str('Optimizer', 'Name of the optimizer.', {
          nullable: true,
          default: 'adamw_torch_fused',
        }),
        lr_scheduler: str('Schedule', 'cosine, linear, constant …', { nullable: true, default: 'cosine' }),
        cosine_min_lr_ratio: float('Cosine floor', 'Final rate as a share of the peak; only for cosine.', {
          nullable: true,
          minimum: 0,
          maximum: 1,
        }),
        cosine_constant_lr_ratio: float(
          'Cosine plateau',
          'Share of the run before the rate stays constant; only for cosine.',
          {
            nullable: true,
            minimum: 0,
            maximum: 1,
          },
        ),
        warmup_steps: int('Warmup steps', 'Steps of warmup.', { nullable: true, unit: 'steps', minimum: 0 }),
        warmup_ratio: float('Warmup share', 'Share of the run that is warmup.', {
          nullable: true,
          minimum: 0,
          maximum: 1,
        }),
        weight_decay: float('Weight decay', 'Strength of the pull of weights towards zero.', {
          nullable: true,
          default: 0,
          minimum: 0,
        }),
        max_grad_norm: float('Gradient clipping', 'Largest gradient norm.', { nullable: true, minimum: 0 }),
        adam_beta1: float('Beta 1', 'Decay of the mean of gradients.', {
          nullable: true,
          minimum: 0,
          maximum: 1,
          advanced: true,
        }),
        adam_beta2: float('Beta 2', 'Decay of the mean of squared gradients.', {
          nullable: true,
          minimum: 0,
          maximum: 1,
          advanced: true,
        }),
        adam_epsilon: float('Epsilon', 'Added to the denominator of the update.', {
          nullable: true,
          minimum: 0,
          advanced: true,
        }),
        bf16: union([{ kind: 'bool' }, STRING], 'bfloat16', 'auto, true, false or full.', {
          nullable: true,
          default: 'auto',
        }),
        fp16: bool('float16', 'Train in float16.', { nullable: true }),
        tf32: union([{ kind: 'bool' }, STRING], 'TF32', 'auto, true or false.', {
          nullable: true,
          default: 'auto',
        }),
        seed: int('Seed', 'Seed of everything random.', { nullable: true, default: 42, minimum: 0 }),
      }),
      ...withGroup('LoRA', {
        adapter: oneOf(['lora', 'qlora'], 'Adapter', 'Train adapters instead of all weights.', {
          nullable: true,
        }),
        lora_r: int('Rank', 'Rank of the adapters.', { nullable: true, minimum: 1 }),
        lora_alpha: int('Alpha', 'Scale of the adapters.', { nullable: true, minimum: 1 }),
        lora_dropout: float('Dropout', 'Dropout inside the adapters.', {
          nullable: true,
          minimum: 0,
          maximum: 1,
        }),
        lora_target_modules: union(STRINGS, 'Target modules', 'Layers that get adapters.', {
          nullable: true,
        }),
        lora_target_linear: bool('All linear layers', 'Adapters on every linear layer.', { nullable: true }),
        lora_modules_to_save: list(STRING, 'Modules to save', 'Layers trained in full.', { nullable: true }),
        load_in_8bit: bool('Load in 8 bits', 'Quantise frozen weights to 8 bits.', { nullable: true }),
        load_in_4bit: bool('Load in 4 bits', 'Quantise frozen weights to 4 bits.', { nullable: true }),
      }),
      ...withGroup('Evaluation and saving', {
        output_dir: path('Output folder', 'Folder for checkpoints and the final model.', {
          default: './model-out',
        }),
        logging_steps: union(STEPS, 'Log every', 'Steps between log lines.', {
          nullable: true,
          unit: 'steps',
        }),
        eval_steps: union(STEPS, 'Evaluate every', 'Steps between evaluations.', {
          nullable: true,
          unit: 'steps',
        }),
        evals_per_epoch: int('Evaluations per epoch', 'Instead of eval_steps.', {
          nullable: true,
          minimum: 0,
        }),
        eval_strategy: str('Evaluate', 'no, steps or epoch.', { nullable: true }),
        save_steps: union(STEPS, 'Save every', 'Steps between checkpoints.', {
          nullable: true,
          unit: 'steps',
        }),
        saves_per_epoch: int('Saves per epoch', 'Instead of save_steps.', { nullable: true, minimum: 0 }),
        save_strategy: str('Save', 'no, steps, epoch or best.', { nullable: true }),
        save_total_limit: int('Keep', 'Newest checkpoints that are kept.', { nullable: true, minimum: 1 }),
        save_only_model: bool('Model only', 'Save no optimizer state.', { nullable: true }),
        auto_resume_from_checkpoints: bool('Resume by itself', 'Go on from the newest checkpoint.', {
          nullable: true,
        }),
        resume_from_checkpoint: str('Resume from', 'Checkpoint folder.', { nullable: true }),
        early_stopping_patience: int('Patience', 'Evaluations without progress before stopping.', {
          nullable: true,
          minimum: 1,
        }),
      }),
      ...withGroup('Distribution', {
        deepspeed: union([STRING, { kind: 'map', value: { kind: 'any' } }], 'DeepSpeed', 'File or options.', {
          nullable: true,
          advanced: true,
        }),
        fsdp: any('FSDP', 'FSDP options.', { nullable: true, advanced: true }),
        fsdp_version: int('FSDP version', 'Version 2 is advised.', {
          nullable: true,
          minimum: 1,
          maximum: 2,
        }),
        fsdp_config: map({ kind: 'any' }, 'FSDP settings', 'Keys without the old fsdp_ prefix.', {
          nullable: true,
          advanced: true,
        }),
        dp_shard_size: int('Shard size', 'GPUs that share one copy.', {
          nullable: true,
          minimum: 1,
          advanced: true,
        }),
        dp_replicate_size: int('Replicas', 'Copies of the model.', {
          nullable: true,
          minimum: 1,
          advanced: true,
        }),
        tensor_parallel_size: int('Tensor parallel', 'GPUs that share every matrix.', {
          nullable: true,
          minimum: 1,
          advanced: true,
        }),
        context_parallel_size: int('Context parallel', 'GPUs that share a sequence.', {
          nullable: true,
          minimum: 1,
          advanced: true,
        }),
      }),
      ...withGroup('Tracking', {
        wandb_project: str('W&B project', 'Project in Weights & Biases.', { nullable: true }),
        wandb_entity: str('W&B entity', 'Team or user.', { nullable: true }),
        wandb_name: str('W&B run', 'Name of the run.', { nullable: true }),
        wandb_watch: str('W&B watch', 'What to watch.', { nullable: true, advanced: true }),
        wandb_log_model: str('W&B model', 'When to upload models.', { nullable: true, advanced: true }),
        mlflow_tracking_uri: str('MLflow server', 'Address of MLflow.', { nullable: true, advanced: true }),
        mlflow_experiment_name: str('MLflow experiment', 'Name of the experiment.', {
          nullable: true,
          advanced: true,
        }),
        use_tensorboard: bool('TensorBoard', 'Write TensorBoard files.', { nullable: true }),
        rl: any('Preference method', 'dpo, kto …; this studio runs DPO with TRL.', {
          nullable: true,
          advanced: true,
        }),
      }),
    },
    'warning',
  ),
};
