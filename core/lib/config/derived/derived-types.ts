// The derived numbers of one config: what the "What it means" panel, the command line and the rules read.
// Every field may be null; `reasons` then says why. Knows nothing about how they are computed.

import type { CheckpointFigures } from './checkpoints.ts';
import type { DataMix } from './data-mix.ts';
import type { FlopsPerToken } from './flops.ts';
import type { LearningRateSchedule, ScheduleStage } from './learning-rate.ts';
import type { MemoryBreakdown } from './memory.ts';
import type { Throughput } from './throughput.ts';

/** What the chosen target offers; everything is optional, and unknown where it is left out. */
export interface DeriveOptions {
  /** GPUs of the whole job. Left out, it is nodes × GPUs per node, or what the config's parallelism needs. */
  readonly gpus?: number;
  readonly nodes?: number;
  readonly gpusPerNode?: number;
  /** An id of GPU_TYPES. */
  readonly gpu?: string;
  /** Model FLOPs utilisation, 0 to 1, in Nanotron's convention. */
  readonly modelFlopsUtilization?: number;
  readonly walltimeHours?: number;
  readonly gpuMemoryBytes?: number;
  readonly freeDiskBytes?: number;
  readonly hostMemoryBytes?: number;
}

export interface SpeedEstimate extends Throughput {
  readonly gpuName: string;
  readonly gpus: number;
  readonly utilization: number;
}

export interface LearningRateFigures {
  readonly schedule: LearningRateSchedule;
  readonly stages: readonly ScheduleStage[];
  /** The part of the run with the rate at its minimum, with the tokens it takes. */
  readonly floor: {
    readonly startStep: number;
    readonly steps: number;
    readonly tokens: number | null;
  } | null;
}

export interface Derived {
  readonly parameters: number | null;
  readonly embeddingParameters: number | null;
  readonly nonEmbeddingParameters: number | null;
  readonly globalBatchSequences: number | null;
  readonly tokensPerStep: number | null;
  /** True where sequences may be shorter than the limit, so tokens per step is a ceiling. */
  readonly tokensPerStepIsCeiling: boolean;
  readonly totalTokens: number | null;
  readonly tokensPerParameter: number | null;
  readonly warmupTokens: number | null;
  /** In Nanotron's convention; the others are in flopsPerTokenByConvention. */
  readonly flopsPerToken: number | null;
  readonly flopsConvention: 'nanotron';
  readonly flopsPerTokenByConvention: FlopsPerToken | null;
  readonly memoryPerGpuBytes: MemoryBreakdown | null;
  readonly speed: SpeedEstimate | null;
  readonly checkpoints: CheckpointFigures | null;
  readonly checkpointIntervalHours: number | null;
  readonly blendIndexBytesPerRank: number | null;
  readonly blendIndexBytesPerNode: number | null;
  /** GPUs the config's parallelism needs: dp · tp · pp · cp · ep. */
  readonly worldSize: number | null;
  readonly learningRate: LearningRateFigures | null;
  /** Of the last data stage, the only one Nanotron trains on. */
  readonly dataMix: DataMix | null;
  readonly reasons: Readonly<Partial<Record<DerivedField, string>>>;
}

export type DerivedField = Exclude<keyof DerivedNumbers, 'tokensPerStepIsCeiling' | 'flopsConvention'>;
type DerivedNumbers = Omit<Derived, 'reasons'>;

/** Everything unknown: the starting point for kinds that know only a few of the numbers. */
export const NOTHING_DERIVED: Derived = {
  parameters: null,
  embeddingParameters: null,
  nonEmbeddingParameters: null,
  globalBatchSequences: null,
  tokensPerStep: null,
  tokensPerStepIsCeiling: false,
  totalTokens: null,
  tokensPerParameter: null,
  warmupTokens: null,
  flopsPerToken: null,
  flopsConvention: 'nanotron',
  flopsPerTokenByConvention: null,
  memoryPerGpuBytes: null,
  speed: null,
  checkpoints: null,
  checkpointIntervalHours: null,
  blendIndexBytesPerRank: null,
  blendIndexBytesPerNode: null,
  worldSize: null,
  learningRate: null,
  dataMix: null,
  reasons: {},
};

/** GPUs of the job as the options say it: gpus, else nodes × GPUs per node, else null. */
export function gpusOf(options: DeriveOptions): number | null {
  if (options.gpus !== undefined) return options.gpus;
  if (options.nodes !== undefined && options.gpusPerNode !== undefined)
    return options.nodes * options.gpusPerNode;
  return null;
}
