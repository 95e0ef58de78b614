// Host memory of the index that says which dataset supplies each training sample.
// Knows nothing about the data itself.

/** int16 dataset number + int64 sample number. */
const BYTES_PER_SAMPLE = 10;

/** Bytes per rank: Nanotron builds the whole index for all steps up front, in every process. */
export function blendIndexBytes(trainSteps: number, globalBatchSequences: number): number {
  return BYTES_PER_SAMPLE * trainSteps * globalBatchSequences;
}
