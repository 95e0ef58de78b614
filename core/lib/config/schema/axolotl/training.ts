// How Axolotl trains: batches, optimizer, adapters, evaluation and saving, distribution, tracking. Source: Axolotl 0.18.
import { any, bool, float, int, list, map, oneOf, path, str, STRING, union, withGroup } from '../fields.ts';
import { STEPS, STRINGS } from './value-types.ts';

export const TRAINING = {
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
};
