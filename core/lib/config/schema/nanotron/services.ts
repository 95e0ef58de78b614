// Nanotron `profiler`, `s3_upload` and `lighteval`. Source: Nanotron main, April 2026.
import { any, bool, int, objectSchema, path, section, str } from '../fields.ts';
import { PARALLELISM } from './parallelism.ts';

export const PROFILER = objectSchema('profiler', 'A trace of a few steps by the PyTorch profiler.', {
  profiler_export_path: path('Folder', 'Where traces are written.', { nullable: true, default: null }),
  wait: int('Wait', 'Steps without recording in each cycle.', { default: 1, unit: 'steps', minimum: 0 }),
  warmup: int('Warmup', 'Steps that warm the profiler up.', { default: 1, unit: 'steps', minimum: 0 }),
  active: int('Active', 'Steps that are recorded.', { default: 1, unit: 'steps', minimum: 1 }),
  repeat: int('Repeat', 'Number of cycles.', { default: 1, minimum: 0 }),
  skip_first: int('Skip', 'Steps before the first cycle.', { default: 3, unit: 'steps', minimum: 0 }),
  record_shapes: bool('Shapes', 'Record tensor shapes.', { default: false }),
  profile_memory: bool('Memory', 'Record memory use.', { default: false }),
  with_stack: bool('Stacks', 'Record Python stacks.', { default: true }),
  export_chrome_trace: bool('Chrome trace', 'Also write a trace for Chrome.', { default: false }),
});

export const S3_UPLOAD = objectSchema('s3_upload', 'Copies every checkpoint to S3 with s5cmd.', {
  upload_s3_path: path('Address', 's3:// address that receives the checkpoints.', { required: true }),
  remove_after_upload: bool('Remove local copy', 'Delete the local checkpoint after the upload.', {
    required: true,
  }),
  s5cmd_numworkers: int('Workers', 'Parallel workers of s5cmd.', {
    nullable: true,
    default: null,
    minimum: 1,
  }),
  s5cmd_concurrency: int('Concurrency', 'Parts of one file sent at the same time.', {
    nullable: true,
    default: null,
    minimum: 1,
  }),
  s5cmd_path: path('s5cmd', 'Path of the s5cmd program.', { nullable: true, default: null }),
});

const TASKS = objectSchema('lighteval tasks', 'What is evaluated.', {
  tasks: str('Tasks', 'Task list of lighteval.', { nullable: true, default: null }),
  custom_tasks: str('Custom tasks', 'Python file with own tasks.', { nullable: true, default: null }),
  max_samples: int('Sample limit', 'Most samples per task.', {
    nullable: true,
    default: null,
    unit: 'samples',
    minimum: 1,
  }),
  num_fewshot_seeds: int('Few-shot seeds', 'Draws of few-shot examples.', {
    nullable: true,
    default: null,
    minimum: 1,
  }),
  dataset_loading_processes: int('Loading processes', 'Processes that load the tasks.', {
    nullable: true,
    default: 8,
    minimum: 1,
  }),
  multichoice_continuations_start_space: bool('Space before choices', 'Force a space before each choice.', {
    nullable: true,
    default: null,
  }),
  no_multichoice_continuations_start_space: bool(
    'No space before choices',
    'Force no space before choices.',
    { nullable: true, default: null },
  ),
});

const RESULTS = objectSchema('lighteval logging', 'Where results go.', {
  local_output_path: path('Folder', 'Folder for results.', { nullable: true, default: null }),
  push_results_to_hub: bool('Results to Hub', 'Push results to the Hub.', { nullable: true, default: null }),
  push_details_to_hub: bool('Details to Hub', 'Push details to the Hub.', { nullable: true, default: null }),
  push_results_to_tensorboard: bool('To TensorBoard', 'Push results to TensorBoard.', {
    nullable: true,
    default: null,
  }),
  hub_repo_results: str('Results repository', 'Hub repository of results.', {
    nullable: true,
    default: null,
  }),
  hub_repo_details: str('Details repository', 'Hub repository of details.', {
    nullable: true,
    default: null,
  }),
  hub_repo_tensorboard: str('TensorBoard repository', 'Hub repository of TensorBoard files.', {
    nullable: true,
    default: null,
  }),
  tensorboard_metric_prefix: str('Metric prefix', 'Prefix of metric names.', {
    nullable: true,
    default: null,
  }),
});

const WANDB = objectSchema('lighteval wandb', 'Weights & Biases names.', {
  wandb_project: str('Project', 'Project name.', { required: true }),
  wandb_entity: str('Entity', 'Team or user.', { nullable: true, default: null }),
  wandb_run_name: str('Run name', 'Name of the run.', { nullable: true, default: null }),
});

const SLURM = objectSchema('lighteval slurm', 'The job that evaluates.', {
  gpus_per_node: int('GPUs per node', 'GPUs of each node.', { default: 8, unit: 'GPUs', minimum: 1 }),
  partition: str('Partition', 'Slurm partition.', { default: 'hopper-prod' }),
  hf_cache: str('Hub cache', 'Folder of the Hugging Face cache.', { default: '~/.cache/huggingface' }),
  cpus_per_task: int('CPUs per task', 'CPU cores of each task.', { default: 88, minimum: 1 }),
  qos: str('QOS', 'Slurm quality of service.', { default: 'low' }),
  time: str('Walltime', 'Time limit; quote it, or YAML 1.1 reads a number of seconds.', {
    default: '24:00:00',
  }),
  reservation: str('Reservation', 'Slurm reservation.', { nullable: true, default: 'smollm' }),
});

export const LIGHTEVAL = objectSchema(
  'lighteval',
  'Evaluation after each upload; it works only together with s3_upload.',
  {
    slurm_script_dir: path('Script folder', 'Where job scripts are written.', {
      nullable: true,
      default: 'eval_results/launch-config',
    }),
    logs_path: path('Log folder', 'Where job logs are written.', {
      nullable: true,
      default: 'eval_results/logs',
    }),
    local_checkpoint_dir: path(
      'Checkpoint folder',
      'Where checkpoints are copied to on the evaluating node.',
      { default: '/scratch' },
    ),
    parallelism: section(PARALLELISM, 'Parallelism', {
      nullable: true,
      default: null,
      defaultText: 'dp 1, pp 1, tp 1',
    }),
    batch_size: int('Batch size', 'Samples per batch.', {
      nullable: true,
      default: null,
      unit: 'samples',
      minimum: 0,
    }),
    generation: any('Generation', 'Sampling settings.', { nullable: true, default: null }),
    tasks: section(TASKS, 'Tasks', { nullable: true, default: null }),
    logging: section(RESULTS, 'Results', { nullable: true, default: null }),
    wandb: section(WANDB, 'Weights & Biases', { nullable: true, default: null }),
    slurm: section(SLURM, 'Slurm', { nullable: true, default: null }),
    s3_save_path: path('S3 results', 's3:// address of results.', { nullable: true, default: null }),
    upload_to_wandb: bool('To Weights & Biases', 'Needs s3_save_path, wandb_project and wandb_entity.', {
      default: false,
    }),
    wandb_project: str('Project', 'Weights & Biases project.', { nullable: true, default: null }),
    wandb_entity: str('Entity', 'Weights & Biases team or user.', { nullable: true, default: null }),
    output_dir: path('Output folder', 'Folder of the evaluation output.', { nullable: true, default: null }),
    nanotron_path: path('Nanotron', 'Folder of the Nanotron sources.', { default: './' }),
    eval_config_override: path('Other config', 'YAML file whose values win.', {
      nullable: true,
      default: null,
    }),
    eval_interval: int('Every', 'Steps between evaluations; a multiple of checkpoint_interval.', {
      nullable: true,
      default: null,
      defaultText: 'checkpoint_interval',
      unit: 'steps',
      minimum: 1,
    }),
    eval_interval_file: path('Interval file', 'File with the interval, read before each evaluation.', {
      nullable: true,
      default: null,
    }),
  },
);
