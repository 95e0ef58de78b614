// Nanotron `general` and `checkpoints`: who the run is and where it saves. Source: Nanotron main, April 2026.
import { bool, int, objectSchema, path, str } from '../fields.ts';

export const GENERAL = objectSchema('general', 'Name, seed and bookkeeping of the run.', {
  project: str('Project', 'Project the run belongs to; also the project name in Weights & Biases.', {
    required: true,
  }),
  run: str(
    'Run name',
    'Name of this run. %date becomes the start time, %jobid the Slurm job id or “local”.',
    {
      nullable: true,
      default: '%date_%jobid',
    },
  ),
  seed: int('Seed', 'Seed of the random initialisation; every tensor-parallel rank adds its rank to it.', {
    nullable: true,
    default: 42,
    minimum: 0,
  }),
  step: int(
    'Step',
    'Training step, written by Nanotron when it saves a checkpoint; leave it null yourself.',
    {
      nullable: true,
      default: null,
      unit: 'steps',
      advanced: true,
    },
  ),
  consumed_train_samples: int(
    'Consumed samples',
    'Samples seen so far, written on save; kept for old checkpoints.',
    {
      nullable: true,
      default: null,
      unit: 'samples',
      advanced: true,
    },
  ),
  benchmark_csv_path: path(
    'Benchmark CSV',
    'File that collects throughput figures when NANOTRON_BENCHMARK=1 is set.',
    {
      nullable: true,
      default: null,
      advanced: true,
    },
  ),
  ignore_sanity_checks: bool(
    'Skip sanity checks',
    'False turns on checks for NaN and for ranks out of step, which cost time.',
    {
      default: true,
    },
  ),
});

export const CHECKPOINTS = objectSchema(
  'checkpoints',
  'When and where checkpoints are written, and what to resume from.',
  {
    checkpoints_path: path('Folder', 'Folder or s3:// address that receives one folder per saved step.', {
      required: true,
    }),
    checkpoint_interval: int('Interval', 'A checkpoint is written every so many steps.', {
      required: true,
      unit: 'steps',
      minimum: 1,
    }),
    save_initial_state: bool(
      'Save step 0',
      'Also save before the first step, when the run does not resume.',
      { nullable: true, default: false },
    ),
    save_final_state: bool('Save last step', 'Save once more after the last step.', {
      nullable: true,
      default: true,
    }),
    resume_checkpoint_path: path(
      'Resume from',
      'Folder with latest.txt, or one checkpoint folder. When neither is found there, training starts from scratch.',
      { nullable: true, default: null },
    ),
    load_lr_scheduler: bool(
      'Load scheduler',
      'False sets the step counter and its metadata back to 0 on resume.',
      { nullable: true, default: true },
    ),
    load_optimizer: bool('Load optimizer', 'Resume with the saved optimizer state instead of a fresh one.', {
      nullable: true,
      default: true,
    }),
    checkpoints_path_is_shared_file_system: bool(
      'Shared file system',
      'True: only the first rank of all creates folders. False: the first rank of every node does.',
      { nullable: true, default: false },
    ),
  },
);
