// Pipeline parallelism: stages against layers, bubbles, tied embeddings.

import { formatShare } from '../../../format/numbers.ts';
import { type NanotronRule, report } from '../rule.ts';

const PATH = ['parallelism', 'pp'] as const;

export const pipelineLayers: NanotronRule = {
  code: 'pipeline-layers',
  check(context) {
    const { shape, pipelineParallel } = context.settings;
    if (shape.kind !== 'shape' || pipelineParallel === null || pipelineParallel <= shape.shape.layers)
      return [];
    return [
      report(context, {
        code: 'pipeline-layers',
        severity: 'error',
        path: PATH,
        message: `pp ${pipelineParallel} is more than the ${shape.shape.layers} layers there are to share.`,
        reason:
          'Every pipeline stage must own a parameter with a gradient; Nanotron refuses to start otherwise.',
      }),
    ];
  },
};

export const pipelineBubble: NanotronRule = {
  code: 'pipeline-bubble',
  check(context) {
    const { pipelineParallel, batchAccumulation } = context.settings;
    if (pipelineParallel === null || batchAccumulation === null || pipelineParallel <= 1) return [];
    if (batchAccumulation >= 4 * pipelineParallel) return [];
    const bubble = (pipelineParallel - 1) / (batchAccumulation + pipelineParallel - 1);
    return [
      report(context, {
        code: 'pipeline-bubble',
        severity: 'warning',
        path: PATH,
        message: `With ${batchAccumulation} micro-batches per step ${formatShare(bubble)} of the pipeline stands idle.`,
        reason:
          'Idle share = (pp − 1) / (batch_accumulation_per_replica + pp − 1). It takes about 4 micro-batches per stage to make it small.',
      }),
    ];
  },
};

export const pipelineTied: NanotronRule = {
  code: 'pipeline-tied-embeddings',
  check(context) {
    const { shape, pipelineParallel } = context.settings;
    if (shape.kind !== 'shape' || pipelineParallel === null || pipelineParallel <= 1) return [];
    if (!shape.shape.tiedEmbeddings) return [];
    return [
      report(context, {
        code: 'pipeline-tied-embeddings',
        severity: 'info',
        path: PATH,
        message:
          'Tied embeddings live on the first and the last pipeline stage, and are kept equal by an extra exchange.',
        reason: 'Both stages hold V × h parameters and all-reduce their gradients in every step.',
      }),
    ];
  },
};
