// Asynchronous tensor parallelism, its environment variable, context parallelism and experts.

import { isGiven, stringAt } from '../../derived/read-values.ts';
import { removeFix, setFix } from '../fixes.ts';
import { type NanotronRule, report } from '../rule.ts';

const RING_IMPLEMENTATIONS = ['llama3_ring_attention', 'ring', 'ring_flash_triton'];
const ATTENTION = ['model', 'model_config', '_attn_implementation'] as const;

export const asyncAllReduce: NanotronRule = {
  code: 'tp-async-all-reduce',
  check(context) {
    const { tensorAsync, tensorMode, shape } = context.settings;
    if (!tensorAsync || tensorMode !== 'ALL_REDUCE') return [];
    const isQwen = shape.kind === 'shape' && shape.shape.family === 'qwen2';
    const path = ['parallelism', 'tp_linear_async_communication'];
    return [
      report(context, {
        code: 'tp-async-all-reduce',
        severity: isQwen ? 'error' : 'warning',
        path,
        message: isQwen
          ? 'Asynchronous communication is refused in tp_mode ALL_REDUCE.'
          : 'Asynchronous communication only half works in tp_mode ALL_REDUCE.',
        reason: isQwen
          ? 'The row-parallel linear raises "async_communication is not supported for ALL_REDUCE mode" when the model is built.'
          : 'Row-parallel layers support it in REDUCE_SCATTER mode only; the Llama class quietly turns it off for them.',
        fix: setFix(context, 'Use REDUCE_SCATTER', ['parallelism', 'tp_mode'], 'REDUCE_SCATTER'),
      }),
    ];
  },
};

export const cudaConnections: NanotronRule = {
  code: 'cuda-device-max-connections',
  check(context) {
    const { tensorParallel } = context.settings;
    if (tensorParallel === null || tensorParallel <= 1) return [];
    return [
      report(context, {
        code: 'cuda-device-max-connections',
        severity: 'info',
        path: ['parallelism', 'tp'],
        message: `tp ${tensorParallel} needs CUDA_DEVICE_MAX_CONNECTIONS=1 in the environment of the job.`,
        reason:
          'Nanotron asserts it at start when tp > 1. The batch scripts that the studio writes always set it; a script of your own must do so too.',
      }),
    ];
  },
};

export const ringAttentionLength: NanotronRule = {
  code: 'ring-attention-length',
  check(context) {
    const { contextParallel, sequenceLength } = context.settings;
    const isRing = stringAt(context.document, ATTENTION) === 'llama3_ring_attention';
    if (!isRing || sequenceLength === null || sequenceLength % (2 * contextParallel) === 0) return [];
    return [
      report(context, {
        code: 'ring-attention-length',
        severity: 'error',
        path: ['tokens', 'sequence_length'],
        message: `The sequence length ${sequenceLength} is not a multiple of ${2 * contextParallel} (2 × context_parallel_size).`,
        reason:
          'llama3_ring_attention cuts each sequence into 2 · cp equal chunks so that causal work is balanced.',
      }),
    ];
  },
};

export const ringStride: NanotronRule = {
  code: 'ring-attention-stride',
  check(context) {
    const path = ['model', 'model_config', 'ring_attn_heads_k_stride'];
    const isRing = stringAt(context.document, ATTENTION) === 'llama3_ring_attention';
    const given = isGiven(context.document, path);
    if (isRing === given) return [];
    return [
      report(context, {
        code: 'ring-attention-stride',
        severity: 'error',
        path: given ? path : ATTENTION,
        message: given
          ? 'ring_attn_heads_k_stride is only allowed with llama3_ring_attention.'
          : 'llama3_ring_attention needs ring_attn_heads_k_stride.',
        reason: 'Qwen2Config asserts that the two come together.',
        fix: given ? removeFix(context, 'Remove it', path) : setFix(context, 'Add a stride of 1', path, 1),
      }),
    ];
  },
};

export const contextParallelAttention: NanotronRule = {
  code: 'context-parallel-attention',
  check(context) {
    const attention = stringAt(context.document, ATTENTION) ?? 'flash_attention_2';
    const { contextParallel } = context.settings;
    if (contextParallel <= 1 || RING_IMPLEMENTATIONS.includes(attention)) return [];
    return [
      report(context, {
        code: 'context-parallel-attention',
        severity: 'warning',
        path: ['parallelism', 'context_parallel_size'],
        message: `context_parallel_size ${contextParallel} has no effect on ${attention}: each rank would attend to its own part only.`,
        reason: 'Only the ring implementations exchange keys and values between context-parallel ranks.',
      }),
    ];
  },
};

export const expertParallel: NanotronRule = {
  code: 'expert-parallel',
  check(context) {
    const path = ['parallelism', 'expert_parallel_size'];
    const hasExperts = isGiven(context.document, ['model', 'model_config', 'moe_config']);
    if (context.settings.expertParallel <= 1 || hasExperts) return [];
    return [
      report(context, {
        code: 'expert-parallel',
        severity: 'warning',
        path,
        message: `expert_parallel_size is ${context.settings.expertParallel}, but the model has no experts.`,
        reason: 'The rank mesh is multiplied by it, so GPUs are taken and repeat the same work.',
        fix: setFix(context, 'Set 1', path, 1),
      }),
    ];
  },
};
