// All derived numbers of a Nanotron config, each null with a reason when an input is missing.
// Knows nothing about rules or about other tools.

import { blendIndexBytes } from './blend-index.ts';
import { countCheckpoints } from './checkpoints.ts';
import { computeDataMix, type DataMix } from './data-mix.ts';
import {
  gpusOf,
  NOTHING_DERIVED,
  type Derived,
  type DerivedField,
  type DeriveOptions,
  type LearningRateFigures,
  type SpeedEstimate,
} from './derived-types.ts';
import { flopsPerToken } from './flops.ts';
import { DEFAULT_GPU_ID, findGpuType } from './gpus.ts';
import { floorSpan, scheduleStages } from './learning-rate.ts';
import { estimateMemory, type MemoryBreakdown } from './memory.ts';
import type { NanotronSettings, NanotronStage } from './nanotron-settings.ts';
import { countParameters, type ParameterCount } from './parameters.ts';
import { estimateThroughput } from './throughput.ts';
import { countTokens, type TokenFigures } from './tokens.ts';

/** A well-tuned A100 job reaches 30 to 45 %; below 15 % something is wrong. */
export const DEFAULT_UTILIZATION = 0.3;

const MISSING_BATCH =
  'it needs micro_batch_size, batch_accumulation_per_replica, sequence_length, train_steps and dp';

function tokensOf(settings: NanotronSettings): TokenFigures | null {
  const { microBatchSize, batchAccumulation, dataParallel, sequenceLength, trainSteps } = settings;
  if (
    microBatchSize === null ||
    batchAccumulation === null ||
    dataParallel === null ||
    sequenceLength === null ||
    trainSteps === null
  ) {
    return null;
  }
  return countTokens({ microBatchSize, batchAccumulation, dataParallel, sequenceLength, trainSteps });
}

function memoryOf(settings: NanotronSettings, parameters: ParameterCount | null): MemoryBreakdown | null {
  const { shape, microBatchSize, batchAccumulation, sequenceLength } = settings;
  const { dataParallel, tensorParallel, pipelineParallel } = settings;
  if (shape.kind !== 'shape' || parameters === null || microBatchSize === null || sequenceLength === null) {
    return null;
  }
  if (dataParallel === null || tensorParallel === null || pipelineParallel === null) return null;
  return estimateMemory({
    ...settings,
    shape: shape.shape,
    parameters: parameters.total,
    microBatchSize,
    batchAccumulation: batchAccumulation ?? 1,
    sequenceLength,
    dataParallel,
    tensorParallel,
    pipelineParallel,
  });
}

function speedOf(
  settings: NanotronSettings,
  tokens: TokenFigures | null,
  flops: number | null,
  options: DeriveOptions,
): SpeedEstimate | null {
  const gpus = gpusOf(options) ?? settings.worldSize;
  const type = findGpuType(options.gpu ?? DEFAULT_GPU_ID);
  const utilization = options.modelFlopsUtilization ?? DEFAULT_UTILIZATION;
  if (tokens === null || flops === null || gpus === null || type === null) return null;
  if (!(gpus > 0) || !(utilization > 0)) return null;
  const throughput = estimateThroughput({
    flopsPerToken: flops,
    peakFlops: type.peakFlops,
    utilization,
    gpus,
    totalTokens: tokens.totalTokens,
    tokensPerStep: tokens.tokensPerStep,
  });
  return { ...throughput, gpuName: type.name, gpus, utilization };
}

function learningRateOf(settings: NanotronSettings, tokens: TokenFigures | null): LearningRateFigures | null {
  const { schedule } = settings;
  if (schedule === null) return null;
  const span = floorSpan(schedule);
  return {
    schedule,
    stages: scheduleStages(schedule),
    floor:
      span === null ? null : { ...span, tokens: tokens === null ? null : span.steps * tokens.tokensPerStep },
  };
}

/** The stage with the largest start step: Nanotron sorts stages and trains on the last one. */
export function trainedStage(settings: NanotronSettings): NanotronStage | null {
  return settings.stages.reduce<NanotronStage | null>(
    (last, stage) => (last === null || (stage.startStep ?? 0) >= (last.startStep ?? 0) ? stage : last),
    null,
  );
}

function dataMixOf(settings: NanotronSettings): DataMix | null {
  const stage = trainedStage(settings);
  if (stage?.folders == null) return null;
  return computeDataMix(stage.folders, stage.weightsGiven ? (stage.weights ?? []) : null);
}

function checkpointsOf(settings: NanotronSettings, parameters: ParameterCount | null) {
  const { trainSteps, checkpointInterval: interval } = settings;
  if (parameters === null || trainSteps === null || interval === null) return null;
  return countCheckpoints({
    parameters: parameters.total,
    trainSteps,
    interval,
    saveInitial: settings.saveInitialState,
    saveFinal: settings.saveFinalState,
  });
}

function reasonsFor(settings: NanotronSettings, numbers: Derived): Partial<Record<DerivedField, string>> {
  const shapeReason = settings.shape.kind === 'unknown' ? settings.shape.reason : null;
  const all: Partial<Record<DerivedField, string>> = {
    parameters: shapeReason ?? 'the model shape is unknown',
    embeddingParameters: shapeReason ?? 'the model shape is unknown',
    nonEmbeddingParameters: shapeReason ?? 'the model shape is unknown',
    globalBatchSequences: MISSING_BATCH,
    tokensPerStep: MISSING_BATCH,
    totalTokens: MISSING_BATCH,
    tokensPerParameter: shapeReason ?? MISSING_BATCH,
    warmupTokens: 'it needs the batch and a readable learning-rate schedule',
    flopsPerToken: shapeReason ?? 'it needs tokens.sequence_length',
    flopsPerTokenByConvention: shapeReason ?? 'it needs tokens.sequence_length',
    memoryPerGpuBytes: shapeReason ?? 'it needs the batch, the sequence length and dp, tp, pp',
    speed: shapeReason ?? 'it needs the batch, the number of GPUs and a known GPU type',
    checkpoints: shapeReason ?? 'it needs checkpoint_interval and train_steps',
    checkpointIntervalHours: shapeReason ?? 'it needs checkpoint_interval and a speed estimate',
    blendIndexBytesPerRank: 'it applies to tokenized data folders, with a known batch and train_steps',
    blendIndexBytesPerNode: 'it needs tokenized data folders, the batch and the GPUs per node',
    worldSize: 'parallelism.dp, tp and pp must be positive whole numbers',
    learningRate: 'it needs a learning rate, train_steps and numbers in the scheduler',
    dataMix: 'the trained stage has no readable tokenized data folders and matching weights',
  };
  return Object.fromEntries(Object.entries(all).filter(([field]) => numbers[field as DerivedField] === null));
}

/** Computes every number of pipeline interest that the settings allow. Pure and fast (well under a millisecond). */
export function deriveNanotron(settings: NanotronSettings, options: DeriveOptions): Derived {
  const shape = settings.shape.kind === 'shape' ? settings.shape.shape : null;
  const parameters = shape === null ? null : countParameters(shape);
  const tokens = tokensOf(settings);
  const byConvention =
    shape === null || settings.sequenceLength === null ? null : flopsPerToken(shape, settings.sequenceLength);
  const speed = speedOf(settings, tokens, byConvention?.nanotron ?? null, options);
  const dataMix = dataMixOf(settings);
  const blendPerRank =
    dataMix === null || tokens === null || settings.trainSteps === null
      ? null
      : blendIndexBytes(settings.trainSteps, tokens.globalBatchSequences);
  const interval = settings.checkpointInterval;
  const numbers: Derived = {
    ...NOTHING_DERIVED,
    parameters: parameters?.total ?? null,
    embeddingParameters: parameters?.embedding ?? null,
    nonEmbeddingParameters: parameters?.nonEmbedding ?? null,
    globalBatchSequences: tokens?.globalBatchSequences ?? null,
    tokensPerStep: tokens?.tokensPerStep ?? null,
    totalTokens: tokens?.totalTokens ?? null,
    tokensPerParameter: parameters === null || tokens === null ? null : tokens.totalTokens / parameters.total,
    warmupTokens:
      tokens === null || settings.schedule === null
        ? null
        : settings.schedule.warmupSteps * tokens.tokensPerStep,
    flopsPerToken: byConvention?.nanotron ?? null,
    flopsPerTokenByConvention: byConvention,
    memoryPerGpuBytes: memoryOf(settings, parameters),
    speed,
    checkpoints: checkpointsOf(settings, parameters),
    checkpointIntervalHours:
      speed === null || interval === null ? null : (interval * speed.stepSeconds) / 3600,
    blendIndexBytesPerRank: blendPerRank,
    blendIndexBytesPerNode:
      blendPerRank === null || options.gpusPerNode === undefined ? null : blendPerRank * options.gpusPerNode,
    worldSize: settings.worldSize,
    learningRate: learningRateOf(settings, tokens),
    dataMix,
  };
  return { ...numbers, reasons: reasonsFor(settings, numbers) };
}
