// TRL keys outside the trainer: data, environment and accelerate options. Source: TRL 1.10 development version, July 2026.
import { any, bool, float, int, list, map, objectSchema, str, STRING, union, withGroup } from '../fields.ts';
import type { SchemaFields, ValueType } from '../types.ts';

const STRINGS: readonly ValueType[] = [
  STRING,
  { kind: 'list', item: STRING },
  { kind: 'map', value: { kind: 'any' } },
];

const MIXTURE_ITEM = objectSchema('dataset', 'One part of a mixture.', {
  path: str('Path', 'Hub id, or “json” or “parquet” for local files.', { required: true }),
  name: str('Configuration', 'Configuration (subset).', { nullable: true, default: null }),
  data_dir: str('Folder', 'Folder inside the dataset.', { nullable: true, default: null }),
  data_files: union(STRINGS, 'Files', 'Local or remote files.', { nullable: true, default: null }),
  split: str('Split', 'Split to read.', { default: 'train' }),
  columns: list(STRING, 'Columns', 'Columns to keep.', { nullable: true, default: null }),
  fraction: float('Fraction', 'Share of the split that is used.', {
    nullable: true,
    default: null,
    exclusiveMinimum: 0,
  }),
});

export const TRL_SCRIPT: SchemaFields = {
  ...withGroup('Data', {
    dataset_name: str('Dataset', 'Hub id or path of the dataset.', { nullable: true, default: null }),
    dataset_config: str('Configuration', 'Configuration (subset) of the dataset.', {
      nullable: true,
      default: null,
    }),
    dataset_train_split: str('Training split', 'Split to train on.', { default: 'train' }),
    dataset_test_split: str('Evaluation split', 'Split to evaluate on.', { default: 'test' }),
    dataset_streaming: bool('Stream', 'Read while training instead of downloading first.', {
      default: false,
    }),
    datasets: list(
      { kind: 'object', object: MIXTURE_ITEM },
      'Mixture',
      'Several datasets instead of dataset_name.',
      { nullable: true, default: null },
    ),
    streaming: bool('Stream the mixture', 'Read the mixture while training.', {
      default: false,
      advanced: true,
    }),
    test_split_size: float('Evaluation share', 'Share of the mixture kept for evaluation.', {
      nullable: true,
      default: null,
      minimum: 0,
    }),
    ignore_bias_buffers: bool('Ignore bias buffers', 'Workaround for boolean buffers in DDP.', {
      default: false,
      advanced: true,
    }),
  }),
  ...withGroup('Launch', {
    env: map({ kind: 'any' }, 'Environment', 'Environment variables set before training.', {
      nullable: true,
      default: null,
    }),
    accelerate_config: str(
      'Accelerate',
      'single_gpu, multi_gpu, fsdp1, fsdp2, zero1, zero2, zero3, or a file.',
      { nullable: true, default: null },
    ),
    num_processes: int('Processes', 'GPUs of all machines together.', {
      unit: 'GPUs',
      minimum: 1,
      advanced: true,
    }),
    num_machines: int('Machines', 'Number of machines.', { unit: 'nodes', minimum: 1, advanced: true }),
    machine_rank: int('Machine rank', 'Number of this machine.', { minimum: 0, advanced: true }),
    main_process_ip: str('Main address', 'Address of the first machine.', { advanced: true }),
    main_process_port: int('Main port', 'Port on the first machine.', {
      minimum: 0,
      maximum: 65535,
      advanced: true,
    }),
    mixed_precision: str('Mixed precision', 'no, fp16, bf16 or fp8.', { advanced: true }),
    gpu_ids: any('GPU ids', 'GPUs to use on this machine.', { advanced: true }),
    debug: any('Debug', 'Debug options of the trainer.', { advanced: true }),
  }),
};
