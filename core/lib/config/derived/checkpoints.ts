// How many checkpoints a run writes and what they take on disk.
// Knows nothing about retention: every checkpoint is counted as kept.

/** bf16 weights (2) plus fp32 master (4) and two Adam moments (8) per parameter, as Nanotron saves them. */
export const CHECKPOINT_BYTES_PER_PARAMETER = 14;

export interface CheckpointFigures {
  readonly count: number;
  readonly sizeBytes: number;
  readonly totalBytes: number;
}

export interface CheckpointInput {
  readonly parameters: number;
  readonly trainSteps: number;
  readonly interval: number;
  readonly saveInitial: boolean;
  readonly saveFinal: boolean;
}

/** One checkpoint every `interval` steps, plus the initial and the final one where they are asked for. */
export function countCheckpoints(input: CheckpointInput): CheckpointFigures {
  const regular = Math.floor(input.trainSteps / input.interval);
  const final = input.saveFinal && input.trainSteps % input.interval !== 0 ? 1 : 0;
  const count = regular + final + (input.saveInitial ? 1 : 0);
  const sizeBytes = CHECKPOINT_BYTES_PER_PARAMETER * input.parameters;
  return { count, sizeBytes, totalBytes: count * sizeBytes };
}
