// Heads against hidden size, key/value heads and tensor parallelism: what Nanotron asserts about attention.

import type { ModelShape } from '../../derived/model-shape.ts';
import { setFix } from '../fixes.ts';
import { type NanotronContext, type NanotronRule, report } from '../rule.ts';

const MODEL = ['model', 'model_config'] as const;

function shapeOf(context: NanotronContext): ModelShape | null {
  return context.settings.shape.kind === 'shape' ? context.settings.shape.shape : null;
}

function nearestDivisor(value: number, wanted: number): number {
  for (let distance = 0; distance <= value; distance += 1) {
    for (const candidate of [wanted - distance, wanted + distance]) {
      if (candidate >= 1 && candidate <= value && value % candidate === 0) return candidate;
    }
  }
  return value;
}

export const keyValueHeads: NanotronRule = {
  code: 'heads-kv-heads',
  check(context) {
    const shape = shapeOf(context);
    if (shape === null || shape.heads % shape.keyValueHeads === 0) return [];
    const path = [...MODEL, 'num_key_value_heads'];
    const fitting = nearestDivisor(shape.heads, shape.keyValueHeads);
    return [
      report(context, {
        code: 'heads-kv-heads',
        severity: 'error',
        path,
        message: `${shape.heads} attention heads cannot be shared evenly by ${shape.keyValueHeads} key/value heads.`,
        reason: 'Nanotron asserts num_attention_heads % num_key_value_heads == 0 when it reads the config.',
        fix: setFix(context, `Set ${fitting} key/value heads`, path, fitting),
      }),
    ];
  },
};

export const headDimensionWhole: NanotronRule = {
  code: 'head-dimension',
  check(context) {
    const shape = shapeOf(context);
    if (shape === null) return [];
    const dimension = shape.hiddenSize / shape.heads;
    const path = [...MODEL, 'num_attention_heads'];
    if (!Number.isInteger(dimension)) {
      const fitting = nearestDivisor(shape.hiddenSize, shape.heads);
      return [
        report(context, {
          code: 'head-dimension',
          severity: 'error',
          path,
          message: `Hidden size ${shape.hiddenSize} is not divisible by ${shape.heads} heads.`,
          reason: `Each head takes hidden_size / num_attention_heads columns, and Nanotron asserts that this is whole. ${fitting} heads would fit.`,
        }),
      ];
    }
    if (dimension % 8 === 0 && dimension <= 256) return [];
    return [
      report(context, {
        code: 'head-dimension',
        severity: 'warning',
        path,
        message: `The head dimension is ${dimension}; flash attention wants a multiple of 8 up to 256.`,
        reason:
          'Other sizes are padded or refused by the attention kernels. 64 and 128 are the usual choices.',
      }),
    ];
  },
};

/** The largest tp ≤ the given one that divides heads, key/value heads, the vocabulary and the feed-forward width. */
function fittingTensorParallel(shape: ModelShape, wanted: number): number {
  for (let size = wanted; size > 1; size -= 1) {
    if ([shape.heads, shape.keyValueHeads, shape.intermediateSize].every((value) => value % size === 0))
      return size;
  }
  return 1;
}

export const tensorParallelHeads: NanotronRule = {
  code: 'tp-heads',
  check(context) {
    const shape = shapeOf(context);
    const tensorParallel = context.settings.tensorParallel;
    if (shape === null || tensorParallel === null || tensorParallel === 1) return [];
    const uneven = [
      ...(shape.heads % tensorParallel === 0 ? [] : [`${shape.heads} attention heads`]),
      ...(shape.keyValueHeads % tensorParallel === 0 ? [] : [`${shape.keyValueHeads} key/value heads`]),
    ];
    if (uneven.length === 0) return [];
    const path = ['parallelism', 'tp'];
    const fitting = fittingTensorParallel(shape, tensorParallel);
    return [
      report(context, {
        code: 'tp-heads',
        severity: 'error',
        path,
        message: `tp ${tensorParallel} does not divide ${uneven.join(' and ')}.`,
        reason:
          'Each tensor-parallel rank takes whole heads; Nanotron asserts that tp divides both numbers. The number of GPUs must then be matched with dp.',
        fix: setFix(context, `Set tp ${fitting}`, path, fitting),
      }),
    ];
  },
};

export const tensorParallelWidths: NanotronRule = {
  code: 'tp-widths',
  check(context) {
    const shape = shapeOf(context);
    const tensorParallel = context.settings.tensorParallel;
    if (shape === null || tensorParallel === null || tensorParallel === 1) return [];
    const widths: readonly (readonly [string, number])[] = [
      ['hidden_size', shape.hiddenSize],
      ['intermediate_size', shape.intermediateSize],
    ];
    return widths
      .filter(([, width]) => width % tensorParallel !== 0)
      .map(([key, width]) =>
        report(context, {
          code: 'tp-widths',
          severity: 'error',
          path: [...MODEL, key],
          message: `${key} ${width} is not divisible by tp ${tensorParallel}.`,
          reason:
            'Column- and row-parallel layers split these dimensions evenly over the tensor-parallel ranks.',
        }),
      );
  },
};
