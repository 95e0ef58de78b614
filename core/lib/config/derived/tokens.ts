// Batch and token arithmetic of a pre-training run.
// Knows nothing about models; context parallel ranks share a sequence and do not multiply the batch.

export interface TokenFigures {
  readonly globalBatchSequences: number;
  readonly tokensPerStep: number;
  readonly totalTokens: number;
}

export interface TokenInput {
  readonly microBatchSize: number;
  readonly batchAccumulation: number;
  readonly dataParallel: number;
  readonly sequenceLength: number;
  readonly trainSteps: number;
}

/** global batch = micro batch · accumulation · dp sequences; tokens = × sequence length × steps. */
export function countTokens(input: TokenInput): TokenFigures {
  const globalBatchSequences = input.microBatchSize * input.batchAccumulation * input.dataParallel;
  const tokensPerStep = globalBatchSequences * input.sequenceLength;
  return { globalBatchSequences, tokensPerStep, totalTokens: tokensPerStep * input.trainSteps };
}
