// The ordinary Hugging Face TrainingArguments that TRL configs use. Source: TRL 1.10 development version, July 2026.
import { any, bool, float, int, map, oneOf, path, str, STRING, union, withGroup } from '../fields.ts';
import type { SchemaFields } from '../types.ts';

const WHEN = ['no', 'steps', 'epoch'] as const;
const FLOAT_OR_INT = [{ kind: 'int' }, { kind: 'float' }] as const;

export const TRL_TRAINING: SchemaFields = {
  ...withGroup('Batch and length', {
    per_device_train_batch_size: int('Batch per GPU', 'Samples per GPU and step.', {
      default: 8,
      unit: 'samples',
      minimum: 1,
    }),
    per_device_eval_batch_size: int('Evaluation batch', 'Samples per GPU in evaluation.', {
      default: 8,
      unit: 'samples',
      minimum: 1,
    }),
    gradient_accumulation_steps: int('Accumulation', 'Batches added up before one update.', {
      default: 1,
      minimum: 1,
    }),
    num_train_epochs: float('Epochs', 'Passes over the data.', { default: 3, minimum: 0 }),
    max_steps: int('Step limit', 'Stops after so many steps; −1 uses the epochs.', {
      default: -1,
      unit: 'steps',
      minimum: -1,
    }),
    gradient_checkpointing: bool('Recompute activations', 'Save memory by computing activations twice.', {
      default: true,
    }),
    gradient_checkpointing_kwargs: map(
      { kind: 'any' },
      'Recompute options',
      'Options of gradient checkpointing.',
      { nullable: true, advanced: true },
    ),
  }),
  ...withGroup('Optimizer', {
    lr_scheduler_type: str(
      'Schedule',
      'linear, cosine, constant, constant_with_warmup, cosine_with_min_lr …',
      { default: 'linear' },
    ),
    lr_scheduler_kwargs: union(
      [{ kind: 'map', value: { kind: 'any' } }, STRING],
      'Schedule options',
      'Further arguments of the schedule.',
      { nullable: true },
    ),
    warmup_steps: union(
      FLOAT_OR_INT,
      'Warmup steps',
      'Steps of warmup; a number below 1 is a share of the run.',
      { default: 0, unit: 'steps' },
    ),
    warmup_ratio: float('Warmup share', 'Share of the run that is warmup.', {
      nullable: true,
      default: 0,
      minimum: 0,
      maximum: 1,
    }),
    weight_decay: float('Weight decay', 'Strength of the pull of weights towards zero.', {
      default: 0,
      minimum: 0,
    }),
    max_grad_norm: float('Gradient clipping', 'Largest gradient norm.', { default: 1, minimum: 0 }),
    optim: str('Optimizer', 'Name of the optimizer.', { default: 'adamw_torch_fused' }),
    optim_args: str('Optimizer options', 'Further options of the optimizer.', {
      nullable: true,
      advanced: true,
    }),
    adam_beta1: float('Beta 1', 'Decay of the mean of gradients.', {
      default: 0.9,
      minimum: 0,
      maximum: 1,
      advanced: true,
    }),
    adam_beta2: float('Beta 2', 'Decay of the mean of squared gradients.', {
      default: 0.999,
      minimum: 0,
      maximum: 1,
      advanced: true,
    }),
    adam_epsilon: float('Epsilon', 'Added to the denominator of the update.', {
      default: 1e-8,
      minimum: 0,
      advanced: true,
    }),
    neftune_noise_alpha: float('NEFTune noise', 'Noise on embeddings in training.', {
      nullable: true,
      advanced: true,
    }),
    use_liger_kernel: bool('Liger kernels', 'Use fused kernels.', { default: false }),
  }),
  ...withGroup('Numbers', {
    bf16: bool('bfloat16', 'Train in bfloat16.', { nullable: true, defaultText: 'true unless fp16' }),
    fp16: bool('float16', 'Train in float16.', { default: false }),
    tf32: bool('TF32', 'Allow TF32 in matrix products.', { nullable: true, advanced: true }),
    seed: int('Seed', 'Seed of everything random.', { default: 42, minimum: 0 }),
    data_seed: int('Data seed', 'Seed of the data order.', { nullable: true, default: null, minimum: 0 }),
    full_determinism: bool('Deterministic', 'Repeatable results, slower.', {
      default: false,
      advanced: true,
    }),
    torch_compile: bool('Compile', 'Use torch.compile.', { default: false, advanced: true }),
    torch_empty_cache_steps: int('Empty cache every', 'Steps between emptying the GPU cache.', {
      nullable: true,
      minimum: 1,
      advanced: true,
    }),
  }),
  ...withGroup('Evaluation and saving', {
    output_dir: path('Output folder', 'Folder for checkpoints and the final model.', {
      nullable: true,
      defaultText: 'trainer_output',
    }),
    do_train: bool('Train', 'Kept for scripts that ask.', { default: false, advanced: true }),
    do_eval: bool('Evaluate', 'Kept for scripts that ask.', { default: false, advanced: true }),
    eval_strategy: oneOf(WHEN, 'Evaluate', 'When to evaluate; quote “no”, or YAML 1.1 reads false.', {
      default: 'no',
    }),
    eval_steps: union(FLOAT_OR_INT, 'Evaluate every', 'Steps between evaluations.', {
      nullable: true,
      unit: 'steps',
    }),
    eval_on_start: bool('Evaluate first', 'Evaluate before the first step.', {
      default: false,
      advanced: true,
    }),
    eval_accumulation_steps: int('Evaluation accumulation', 'Batches before results move to the CPU.', {
      nullable: true,
      minimum: 1,
      advanced: true,
    }),
    save_strategy: oneOf([...WHEN, 'best'], 'Save', 'When to save.', { default: 'steps' }),
    save_steps: union(FLOAT_OR_INT, 'Save every', 'Steps between checkpoints.', {
      default: 500,
      unit: 'steps',
    }),
    save_total_limit: int('Keep', 'Newest checkpoints that are kept.', { nullable: true, minimum: 1 }),
    save_only_model: bool('Model only', 'Save no optimizer state; such a checkpoint cannot resume.', {
      default: false,
    }),
    load_best_model_at_end: bool('Load best', 'Load the best checkpoint at the end.', { default: false }),
    metric_for_best_model: str('Best by', 'Metric that decides which is best.', { nullable: true }),
    greater_is_better: bool('Greater is better', 'Direction of that metric.', { nullable: true }),
    resume_from_checkpoint: union(
      [STRING, { kind: 'bool' }],
      'Resume from',
      'Checkpoint folder, or true for the newest.',
      { nullable: true },
    ),
  }),
  ...withGroup('Logging', {
    logging_steps: union(FLOAT_OR_INT, 'Log every', 'Steps between log lines.', {
      default: 10,
      unit: 'steps',
    }),
    logging_strategy: oneOf(WHEN, 'Log', 'When to log.', { default: 'steps', advanced: true }),
    logging_first_step: bool('Log step 1', 'Log the first step too.', { default: false, advanced: true }),
    logging_dir: path('Log folder', 'Folder of TensorBoard logs.', { nullable: true, advanced: true }),
    report_to: union([STRING, { kind: 'list', item: STRING }], 'Report to', 'none, wandb, tensorboard …', {
      nullable: true,
      default: 'none',
    }),
    run_name: str('Run name', 'Name for trackers.', { nullable: true }),
    disable_tqdm: bool('No progress bar', 'Do not draw the progress bar.', {
      nullable: true,
      advanced: true,
    }),
    log_level: str('Log level', 'Level of messages.', { default: 'passive', advanced: true }),
    include_num_input_tokens_seen: any('Count tokens', 'Count the tokens seen.', { advanced: true }),
  }),
  ...withGroup('Distribution', {
    dataloader_num_workers: int('Loader processes', 'Processes that load data.', { default: 0, minimum: 0 }),
    dataloader_pin_memory: bool('Pin memory', 'Keep batches in pinned memory.', {
      default: true,
      advanced: true,
    }),
    dataloader_drop_last: bool('Drop last', 'Drop the last incomplete batch.', {
      default: false,
      advanced: true,
    }),
    ddp_find_unused_parameters: bool('Find unused', 'DDP looks for unused parameters.', {
      nullable: true,
      advanced: true,
    }),
    ddp_timeout: int('DDP timeout', 'Time limit of collective operations.', {
      default: 1800,
      unit: 'seconds',
      minimum: 1,
      advanced: true,
    }),
    deepspeed: union(
      [STRING, { kind: 'map', value: { kind: 'any' } }],
      'DeepSpeed',
      'File or options of DeepSpeed.',
      { nullable: true, advanced: true },
    ),
    fsdp: any('FSDP', 'FSDP options.', { nullable: true, advanced: true }),
    fsdp_config: union(
      [STRING, { kind: 'map', value: { kind: 'any' } }],
      'FSDP settings',
      'File or options of FSDP.',
      { nullable: true, advanced: true },
    ),
    remove_unused_columns: bool('Remove columns', 'Drop columns the model does not take.', {
      default: true,
      advanced: true,
    }),
    push_to_hub: bool('Push to Hub', 'Upload the model.', { default: false }),
    hub_model_id: str('Hub id', 'Repository to upload to.', { nullable: true }),
    hub_strategy: str('Hub strategy', 'When to upload.', { default: 'every_save', advanced: true }),
    hub_private_repo: bool('Private', 'Make the repository private.', { nullable: true, advanced: true }),
    hub_token: str('Hub token', 'Keep tokens out of files; log in instead.', {
      nullable: true,
      advanced: true,
    }),
  }),
};
