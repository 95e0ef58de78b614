// Memory of the GPU and of the node, recomputation, and positions against the sequence length.

import { formatInteger, formatMemorySize } from '../../../format/numbers.ts';
import { findGpuType } from '../../derived/gpus.ts';
import { MODEL_CONFIG_PATH } from '../../derived/nanotron-shape.ts';
import { changeFix, setFix } from '../fixes.ts';
import { type NanotronContext, type NanotronRule, report } from '../rule.ts';

const MICRO_BATCH = ['tokens', 'micro_batch_size'] as const;
const ACCUMULATION = ['tokens', 'batch_accumulation_per_replica'] as const;
/** An allocator leaves about a tenth of the memory unusable between blocks. */
const USABLE_SHARE = 0.92;
const NOTABLE_INDEX_BYTES = 4e9;
const INDEX_SHARE_OF_HOST = 0.5;

/** Memory of the chosen GPU; null when none was chosen, so that no rule judges against a guess. */
function gpuMemory(context: NanotronContext): number | null {
  const { gpuMemoryBytes, gpu } = context.options;
  if (gpuMemoryBytes !== undefined) return gpuMemoryBytes;
  return gpu === undefined ? null : (findGpuType(gpu)?.memoryBytes ?? null);
}

export const memoryOverGpu: NanotronRule = {
  code: 'memory-over-gpu',
  check(context) {
    const memory = context.derived.memoryPerGpuBytes;
    const available = gpuMemory(context);
    if (memory === null || available === null || memory.total <= available * USABLE_SHARE) return [];
    const { microBatchSize, batchAccumulation } = context.settings;
    const canHalve = microBatchSize !== null && batchAccumulation !== null && microBatchSize % 2 === 0;
    return [
      report(context, {
        code: 'memory-over-gpu',
        severity: 'warning',
        path: MICRO_BATCH,
        message: `The estimate is ${formatMemorySize(memory.total)} per GPU; the chosen one has ${formatMemorySize(available)}.`,
        reason: `Logits take ${formatMemorySize(memory.logits)}, activations ${formatMemorySize(memory.activations)}, weights and optimizer ${formatMemorySize(memory.weights + memory.gradients + memory.optimizer)}. The estimate is good to about 20 %.`,
        fix: canHalve
          ? changeFix(context, 'Halve the micro-batch', [
              { kind: 'set', path: MICRO_BATCH, value: microBatchSize / 2 },
              { kind: 'set', path: ACCUMULATION, value: batchAccumulation * 2 },
            ])
          : undefined,
      }),
    ];
  },
};

export const recomputeNeedless: NanotronRule = {
  code: 'recompute-needless',
  check(context) {
    const available = gpuMemory(context);
    const memory = context.derived.memoryPerGpuBytes;
    const { shape, recomputeLayer, pipelineParallel, microBatchSize, sequenceLength } = context.settings;
    if (!recomputeLayer || available === null || memory === null || shape.kind !== 'shape') return [];
    if (pipelineParallel !== 1 || microBatchSize === null || sequenceLength === null) return [];
    const { layers, hiddenSize } = shape.shape;
    // Recomputation keeps each layer's input plus one whole layer; without it every layer is kept whole.
    const sharded = (context.settings.tensorParallel ?? 1) * context.settings.contextParallel;
    const keptInputs = (layers * microBatchSize * sequenceLength * hiddenSize * 2) / sharded;
    const wholeLayer = memory.activations - keptInputs;
    if (memory.total - memory.activations + layers * wholeLayer > available * USABLE_SHARE) return [];
    const path = ['parallelism', 'recompute_layer'];
    return [
      report(context, {
        code: 'recompute-needless',
        severity: 'info',
        path,
        message: 'recompute_layer costs a third more compute, and the activations would fit without it.',
        reason:
          'It repeats each forward pass in the backward pass to save memory. Nanotron does not count the extra work in its FLOPs.',
        fix: setFix(context, 'Turn it off', path, false),
      }),
    ];
  },
};

export const blendIndexMemory: NanotronRule = {
  code: 'blend-index-memory',
  check(context) {
    const { blendIndexBytesPerRank: perRank, blendIndexBytesPerNode: perNode } = context.derived;
    const { hostMemoryBytes } = context.options;
    if (perRank === null) return [];
    const isTooMuch =
      hostMemoryBytes !== undefined && perNode !== null && perNode > hostMemoryBytes * INDEX_SHARE_OF_HOST;
    if (!isTooMuch && perRank < NOTABLE_INDEX_BYTES) return [];
    const node = perNode === null ? '' : `, ${formatMemorySize(perNode)} per node`;
    return [
      report(context, {
        code: 'blend-index-memory',
        severity: isTooMuch ? 'warning' : 'info',
        path: ['tokens', 'train_steps'],
        message: `The sample index takes ${formatMemorySize(perRank)} of host memory per GPU${node}.`,
        reason:
          'Every process builds it for all train_steps at start: 10 bytes × train_steps × global batch. It is a reason not to set train_steps far above need.',
      }),
    ];
  },
};

export const sequencePositions: NanotronRule = {
  code: 'sequence-positions',
  check(context) {
    const { shape, sequenceLength } = context.settings;
    if (shape.kind !== 'shape' || sequenceLength === null) return [];
    const positions = shape.shape.maxPositionEmbeddings;
    if (sequenceLength === positions) return [];
    const isLonger = sequenceLength > positions;
    const path = [...MODEL_CONFIG_PATH, 'max_position_embeddings'];
    return [
      report(context, {
        code: 'sequence-positions',
        severity: isLonger ? 'warning' : 'info',
        path,
        message: `max_position_embeddings is ${formatInteger(positions)}, sequences have ${formatInteger(sequenceLength)} tokens.`,
        reason: isLonger
          ? 'Nanotron warns and trains; converted models then claim a shorter context than they were trained with.'
          : 'Nanotron warns and trains; converted models then claim a longer context than they have ever seen.',
        fix: setFix(context, `Set ${sequenceLength}`, path, sequenceLength),
      }),
    ];
  },
};
