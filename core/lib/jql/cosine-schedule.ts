// The learning rate over a training: half a cosine from the peak to 0, without warm-up.

/** Learning rate of step `step` (from 0) out of `totalSteps`. */
export function cosineLearningRate(step: number, totalSteps: number, peak: number): number {
  return peak * 0.5 * (1 + Math.cos((Math.PI * step) / totalSteps));
}
