// The numbers of a Nanotron config that rules and estimates need, read once, with Nanotron's defaults.
// Knows nothing about GPUs or judgement: a value that is missing or of the wrong type is null.

import { nodeAt } from '../lookup.ts';
import type { ConfigDocument, KeyPath } from '../types.ts';
import { completeSchedule, type DecayStyle, type LearningRateSchedule } from './learning-rate.ts';
import type { ShapeReading } from './model-shape.ts';
import { readNanotronShape } from './nanotron-shape.ts';
import {
  booleanAt,
  integerAt,
  isGiven,
  listAt,
  numberAt,
  numbersAt,
  positiveIntegerAt,
  stringAt,
  stringsAt,
} from './read-values.ts';

export interface NanotronStage {
  readonly index: number;
  readonly path: KeyPath;
  readonly name: string | null;
  readonly startStep: number | null;
  readonly datasetPath: KeyPath;
  /** Null when the stage uses dummy data or a Hugging Face dataset. */
  readonly folders: readonly string[] | null;
  readonly weights: readonly number[] | null;
  readonly weightsGiven: boolean;
}

export interface NanotronSettings {
  readonly shape: ShapeReading;
  readonly sequenceLength: number | null;
  readonly trainSteps: number | null;
  readonly microBatchSize: number | null;
  readonly batchAccumulation: number | null;
  readonly dataParallel: number | null;
  readonly tensorParallel: number | null;
  readonly pipelineParallel: number | null;
  readonly contextParallel: number;
  readonly expertParallel: number;
  readonly pipelineEngine: '1f1b' | 'afab';
  readonly tensorMode: string;
  readonly tensorAsync: boolean;
  readonly recomputeLayer: boolean;
  readonly zeroStage: number;
  readonly accumulateGradInFp32: boolean;
  readonly gradientBucketMegabytes: number;
  readonly checkpointInterval: number | null;
  readonly saveInitialState: boolean;
  readonly saveFinalState: boolean;
  readonly schedule: LearningRateSchedule | null;
  readonly stages: readonly NanotronStage[];
  /** dp · tp · pp · cp · ep, or null when a factor is unknown. */
  readonly worldSize: number | null;
}

export const SCHEDULER_PATH: KeyPath = ['optimizer', 'learning_rate_scheduler'];
const DECAY_STYLES: readonly DecayStyle[] = ['linear', 'cosine', '1-sqrt'];

function readSchedule(document: ConfigDocument, trainSteps: number | null): LearningRateSchedule | null {
  const at = (key: string): KeyPath => [...SCHEDULER_PATH, key];
  const peak = numberAt(document, at('learning_rate'));
  if (peak === null || trainSteps === null) return null;
  const unreadable = ['lr_warmup_steps', 'lr_decay_steps', 'lr_decay_starting_step', 'min_decay_lr'].some(
    (key) => isGiven(document, at(key)) && numberAt(document, at(key)) === null,
  );
  if (unreadable) return null;
  const decayStyle = stringAt(document, at('lr_decay_style'));
  return completeSchedule({
    peak,
    trainSteps,
    warmupSteps: numberAt(document, at('lr_warmup_steps')),
    warmupStyle: stringAt(document, at('lr_warmup_style')) === 'constant' ? 'constant' : 'linear',
    decayStyle: DECAY_STYLES.find((style) => style === decayStyle) ?? null,
    decaySteps: numberAt(document, at('lr_decay_steps')),
    decayStart: numberAt(document, at('lr_decay_starting_step')),
    minimum: numberAt(document, at('min_decay_lr')),
  });
}

function readStages(document: ConfigDocument): readonly NanotronStage[] {
  const list = listAt(document, ['data_stages']);
  return (list?.items ?? []).map((_, index) => {
    const path: KeyPath = ['data_stages', index];
    const datasetPath: KeyPath = [...path, 'data', 'dataset'];
    const hasFolders = nodeAt(document.root, [...datasetPath, 'dataset_folder']) !== undefined;
    return {
      index,
      path,
      name: stringAt(document, [...path, 'name']),
      startStep: integerAt(document, [...path, 'start_training_step']),
      datasetPath,
      folders: hasFolders ? stringsAt(document, [...datasetPath, 'dataset_folder']) : null,
      weights: numbersAt(document, [...datasetPath, 'dataset_weights']),
      weightsGiven: isGiven(document, [...datasetPath, 'dataset_weights']),
    };
  });
}

/** On when left out; a written null counts as off, because the trainer only asks whether it is true. */
function readSaveFinal(document: ConfigDocument): boolean {
  const path: KeyPath = ['checkpoints', 'save_final_state'];
  return nodeAt(document.root, path) === undefined || booleanAt(document, path) === true;
}

function product(factors: readonly (number | null)[]): number | null {
  return factors.reduce<number | null>(
    (total, factor) => (total === null || factor === null ? null : total * factor),
    1,
  );
}

/** Reads everything once; cheap enough to run on every keystroke (a few dozen look-ups). */
export function readNanotronSettings(document: ConfigDocument): NanotronSettings {
  const positive = (...path: KeyPath) => positiveIntegerAt(document, path);
  const trainSteps = positive('tokens', 'train_steps');
  const dataParallel = positive('parallelism', 'dp');
  const tensorParallel = positive('parallelism', 'tp');
  const pipelineParallel = positive('parallelism', 'pp');
  const contextParallel = positive('parallelism', 'context_parallel_size') ?? 1;
  const expertParallel = positive('parallelism', 'expert_parallel_size') ?? 1;
  return {
    shape: readNanotronShape(document),
    sequenceLength: positive('tokens', 'sequence_length'),
    trainSteps,
    microBatchSize: positive('tokens', 'micro_batch_size'),
    batchAccumulation: positive('tokens', 'batch_accumulation_per_replica'),
    dataParallel,
    tensorParallel,
    pipelineParallel,
    contextParallel,
    expertParallel,
    pipelineEngine: stringAt(document, ['parallelism', 'pp_engine']) === '1f1b' ? '1f1b' : 'afab',
    tensorMode: (stringAt(document, ['parallelism', 'tp_mode']) ?? 'ALL_REDUCE').toUpperCase(),
    tensorAsync: booleanAt(document, ['parallelism', 'tp_linear_async_communication']) ?? false,
    recomputeLayer: booleanAt(document, ['parallelism', 'recompute_layer']) ?? false,
    zeroStage: integerAt(document, ['optimizer', 'zero_stage']) ?? 0,
    accumulateGradInFp32: booleanAt(document, ['optimizer', 'accumulate_grad_in_fp32']) ?? true,
    gradientBucketMegabytes: positive('model', 'ddp_bucket_cap_mb') ?? 25,
    checkpointInterval: positive('checkpoints', 'checkpoint_interval'),
    saveInitialState: booleanAt(document, ['checkpoints', 'save_initial_state']) ?? false,
    saveFinalState: readSaveFinal(document),
    schedule: readSchedule(document, trainSteps),
    stages: readStages(document),
    worldSize: product([dataParallel, tensorParallel, pipelineParallel, contextParallel, expertParallel]),
  };
}
