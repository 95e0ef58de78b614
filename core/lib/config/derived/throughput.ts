// From a model's cost per token to speed, time and GPU-hours at an assumed utilisation.
// Knows nothing about what limits a real cluster: the utilisation (MFU) is an input, never computed here.

const SECONDS_PER_DAY = 86_400;

export interface Throughput {
  readonly tokensPerSecondPerGpu: number;
  readonly tokensPerSecond: number;
  readonly days: number;
  readonly gpuHours: number;
  readonly stepSeconds: number;
}

export interface ThroughputInput {
  /** FLOPs per token in the convention that the utilisation is quoted in (Nanotron's here). */
  readonly flopsPerToken: number;
  readonly peakFlops: number;
  /** Model FLOPs utilisation, 0 to 1. */
  readonly utilization: number;
  readonly gpus: number;
  readonly totalTokens: number;
  readonly tokensPerStep: number;
}

/** tokens/s/GPU = MFU · peak / F; days = tokens / (tokens/s/GPU · GPUs) / 86400. */
export function estimateThroughput(input: ThroughputInput): Throughput {
  const tokensPerSecondPerGpu = (input.utilization * input.peakFlops) / input.flopsPerToken;
  const tokensPerSecond = tokensPerSecondPerGpu * input.gpus;
  const days = input.totalTokens / tokensPerSecond / SECONDS_PER_DAY;
  return {
    tokensPerSecondPerGpu,
    tokensPerSecond,
    days,
    gpuHours: days * 24 * input.gpus,
    stepSeconds: input.tokensPerStep / tokensPerSecond,
  };
}

/** The utilisation a measured speed means: tokens/s/GPU · F / peak. */
export function utilizationOf(
  tokensPerSecondPerGpu: number,
  flopsPerToken: number,
  peakFlops: number,
): number {
  return (tokensPerSecondPerGpu * flopsPerToken) / peakFlops;
}
