// Optimizer settings: clipping, ZeRO, gradient precision, initialisation.

import { formatRate } from '../../../format/numbers.ts';
import { booleanAt, integerAt, isGiven, numberAt, stringAt } from '../../derived/read-values.ts';
import { setFix, setFloatFix } from '../fixes.ts';
import { type NanotronRule, report } from '../rule.ts';

/** A factor this far from 1/√h is a different recipe, not a rounding. */
const INIT_STD_TOLERANCE = 1.5;

export const clipGradient: NanotronRule = {
  code: 'clip-grad-missing',
  check(context) {
    const path = ['optimizer', 'clip_grad'];
    if (!isGiven(context.document, ['optimizer']) || isGiven(context.document, path)) return [];
    return [
      report(context, {
        code: 'clip-grad-missing',
        severity: 'warning',
        path,
        message: 'Without clip_grad gradients are not clipped and grad_norm is missing from the log.',
        reason:
          'Nanotron computes the gradient norm only when it clips; the norm is the first sign of a run going wrong.',
        fix: setFloatFix(context, 'Clip at 1.0', path, 1),
      }),
    ];
  },
};

export const zeroStage: NanotronRule = {
  code: 'zero-stage',
  check(context) {
    const path = ['optimizer', 'zero_stage'];
    const stage = integerAt(context.document, path);
    const { dataParallel } = context.settings;
    if (stage !== null && stage > 1) {
      return [
        report(context, {
          code: 'zero-stage',
          severity: 'warning',
          path,
          message: `zero_stage ${stage} acts as 1: gradients and weights are not sharded.`,
          reason:
            'Nanotron implements ZeRO-1 (sharded optimizer states) only and takes any larger number for it.',
          fix: setFix(context, 'Set 1', path, 1),
        }),
      ];
    }
    if (stage !== 1 || dataParallel !== 1) return [];
    return [
      report(context, {
        code: 'zero-stage',
        severity: 'info',
        path,
        message: 'zero_stage 1 saves nothing with dp 1.',
        reason: 'ZeRO-1 shards optimizer states over the data-parallel ranks, and there is only one.',
        fix: setFix(context, 'Set 0', path, 0),
      }),
    ];
  },
};

export const gradientPrecision: NanotronRule = {
  code: 'gradients-in-bf16',
  check(context) {
    const path = ['optimizer', 'accumulate_grad_in_fp32'];
    const dtype = stringAt(context.document, ['model', 'dtype']) ?? 'bfloat16';
    if (booleanAt(context.document, path) !== false || dtype === 'float32') return [];
    return [
      report(context, {
        code: 'gradients-in-bf16',
        severity: 'warning',
        path,
        message: `Gradients, Adam states and weights are all kept in ${dtype}.`,
        reason:
          'Without fp32 accumulation there is no fp32 master copy either: updates below about 1/256 of a weight are lost. It saves 12 bytes per parameter.',
        fix: setFix(context, 'Accumulate in fp32', path, true),
      }),
    ];
  },
};

export const initialDeviation: NanotronRule = {
  code: 'init-std',
  check(context) {
    const { shape } = context.settings;
    const path = ['model', 'init_method', 'std'];
    const std = numberAt(context.document, path);
    if (shape.kind !== 'shape' || std === null || !(std > 0)) return [];
    const usual = 1 / Math.sqrt(shape.shape.hiddenSize);
    const ratio = std / usual;
    if (ratio < INIT_STD_TOLERANCE && ratio > 1 / INIT_STD_TOLERANCE) return [];
    return [
      report(context, {
        code: 'init-std',
        severity: 'info',
        path,
        message: `The initial deviation ${formatRate(std)} is ${ratio.toFixed(1)} × 1/√hidden_size (${formatRate(usual)}).`,
        reason:
          'SmolLM2 and the Zagreus report use 1/√hidden_size. Another value may be meant, or stem from another model size.',
        fix: setFloatFix(context, `Set ${Number(usual.toPrecision(4))}`, path, Number(usual.toPrecision(4))),
      }),
    ];
  },
};
