// How long a document a model can read with the memory there is: attention scores of a document of L tokens take heads × L² × 4
// bytes a layer, and their softmax as much again. Knows numbers only.

/** Scores and softmax of one layer stand side by side. */
const BYTES_PER_SCORE = 8;
/** Of the free memory; the rest is for weights, activations and everyone else. */
const SHARE = 0.5;
/** What a length is cut to when memory is short: steps, so that two days on one computer give one variant. */
export const LENGTH_STEPS: readonly number[] = [8192, 4096, 2048, 1024, 512, 256, 128];

/** Count × longest² that fits; `freeBytes` is what the computer has left once the weights are loaded. */
export function squaredTokensThatFit(freeBytes: number, heads: number): number {
  return Math.max(1, Math.floor((freeBytes * SHARE) / (BYTES_PER_SCORE * Math.max(1, heads))));
}

/** `wanted`, or the longest step below it that fits; null when not even the shortest does. */
export function lengthThatFits(wanted: number, freeBytes: number, heads: number): number | null {
  const squared = squaredTokensThatFit(freeBytes, heads);
  const choices = [wanted, ...LENGTH_STEPS.filter((step) => step < wanted)];
  return choices.find((length) => length ** 2 <= squared) ?? null;
}
