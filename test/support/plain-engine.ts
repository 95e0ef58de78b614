// Training in plain loops: the reference that the runtime's graph is tested and measured against.
import { cosineLearningRate } from '../../core/lib/jql/cosine-schedule.ts';
import { type Head, scoreDocuments } from '../../core/lib/jql/head.ts';
import type { HeadEngine } from '../../core/lib/jql/train.ts';
import { adamWStep, newAdamW } from './plain-adamw.ts';
import { gradientBuffers, gradientNorm, lossAndGradient } from './plain-gradient.ts';

export function createPlainEngine(options: {
  readonly vectors: Float32Array;
  readonly labels: Float32Array;
  readonly start: Head;
}): HeadEngine {
  const head = structuredClone(options.start);
  const { inputs } = head;
  let state = newAdamW(head);
  const gather = (rows: Int32Array): Float32Array => {
    const batch = new Float32Array(rows.length * inputs);
    for (const [place, row] of rows.entries()) {
      batch.set(options.vectors.subarray(row * inputs, (row + 1) * inputs), place * inputs);
    }
    return batch;
  };
  return {
    step: async ({ rows, count, batchSize, firstStep, totalSteps, peakLearningRate, weightDecay }) => {
      const losses = new Float32Array(count);
      const gradientNorms = new Float32Array(count);
      const buffers = gradientBuffers(inputs, head.hidden, batchSize);
      for (let index = 0; index < count; index += 1) {
        const batch = rows.subarray(index * batchSize, (index + 1) * batchSize);
        const labels = Float32Array.from(batch, (row) => options.labels[row] ?? 0);
        losses[index] = lossAndGradient(head, gather(batch), labels, buffers);
        gradientNorms[index] = gradientNorm(buffers.gradient);
        const learningRate = cosineLearningRate(firstStep + index, totalSteps, peakLearningRate);
        state = adamWStep(head, buffers.gradient, state, { learningRate, weightDecay });
      }
      return { losses, gradientNorms };
    },
    scores: async (rows) => scoreDocuments(head, gather(rows)),
    head: () => structuredClone(head),
  };
}
