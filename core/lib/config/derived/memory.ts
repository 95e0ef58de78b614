// Memory of one GPU while training with Nanotron, part by part. An estimate, good to about ±20 %:
// calibrate it with the "Peak reserved" line of a real log. Knows nothing about host memory.

import { headDimension, type ModelShape } from './model-shape.ts';

export interface MemoryInput {
  readonly shape: ModelShape;
  readonly parameters: number;
  readonly microBatchSize: number;
  readonly batchAccumulation: number;
  readonly sequenceLength: number;
  readonly dataParallel: number;
  readonly tensorParallel: number;
  readonly pipelineParallel: number;
  readonly contextParallel: number;
  readonly pipelineEngine: '1f1b' | 'afab';
  readonly zeroStage: number;
  readonly accumulateGradInFp32: boolean;
  readonly recomputeLayer: boolean;
  readonly gradientBucketMegabytes: number;
}

/** Bytes per part on the fullest GPU of the run. */
export interface MemoryBreakdown {
  readonly weights: number;
  readonly gradients: number;
  readonly optimizer: number;
  readonly activations: number;
  readonly logits: number;
  readonly buffers: number;
  readonly total: number;
}

/** CUDA context and NCCL buffers: 1 to 2 GiB on the machines we have seen; the middle of that. */
const CONTEXT_BYTES = 1.75 * 1024 ** 3;

/** bf16 logits (2), their fp32 copy (4) and its gradient (4) live at the same time in the loss. */
const LOGIT_BYTES = 10;

/** One layer's saved activations: bf16 inputs of each matrix product and of attention (flash attention). */
function layerActivationBytes(input: MemoryInput, tokens: number): number {
  const { hiddenSize, heads, keyValueHeads, intermediateSize } = input.shape;
  const dimension = headDimension(input.shape);
  const width =
    4 * hiddenSize + 2 * (heads + 2 * keyValueHeads) * dimension + heads * dimension + 3 * intermediateSize;
  return (tokens * 2 * width) / input.tensorParallel;
}

function activationBytes(input: MemoryInput, tokens: number): number {
  const layers = Math.ceil(input.shape.layers / input.pipelineParallel);
  const layer = layerActivationBytes(input, tokens);
  const perMicroBatch = input.recomputeLayer
    ? (layers * tokens * input.shape.hiddenSize * 2) / input.tensorParallel
    : layers * layer;
  const inFlight =
    input.pipelineParallel === 1
      ? 1
      : input.pipelineEngine === 'afab'
        ? input.batchAccumulation
        : Math.min(input.pipelineParallel, input.batchAccumulation);
  return perMicroBatch * inFlight + (input.recomputeLayer ? layer : 0);
}

/**
 * Static part: with fp32 accumulation 2 weights + 6 gradients + 12 optimizer bytes per parameter, without 2 + 2 + 4;
 * ZeRO-1 shares the optimizer over dp. Dynamic part: activations, logits, buffers.
 */
export function estimateMemory(input: MemoryInput): MemoryBreakdown {
  const parametersHere = input.parameters / (input.tensorParallel * input.pipelineParallel);
  const tokens = (input.microBatchSize * input.sequenceLength) / input.contextParallel;
  const shards = input.zeroStage >= 1 ? input.dataParallel : 1;
  const weights = 2 * parametersHere;
  const gradients = (input.accumulateGradInFp32 ? 6 : 2) * parametersHere;
  const optimizer = ((input.accumulateGradInFp32 ? 12 : 4) * parametersHere) / shards;
  const activations = activationBytes(input, tokens);
  const logits = (tokens * input.shape.vocabularySize * LOGIT_BYTES) / input.tensorParallel;
  const buffers = CONTEXT_BYTES + 2 * input.gradientBucketMegabytes * 1024 ** 2;
  const total = weights + gradients + optimizer + activations + logits + buffers;
  return { weights, gradients, optimizer, activations, logits, buffers, total };
}
