// Keys that Nanotron accepts and then does nothing with, or that only work together with others.

import { entryAt } from '../../lookup.ts';
import type { KeyPath } from '../../types.ts';
import { integerAt, isGiven, numberAt, positiveIntegerAt, stringAt } from '../../derived/read-values.ts';
import { removeFix, setFix } from '../fixes.ts';
import { type NanotronContext, type NanotronRule, report, type RuleFinding } from '../rule.ts';

const UNUSED_VALIDATION: readonly KeyPath[] = [
  ['tokens', 'val_check_interval'],
  ['tokens', 'limit_val_batches'],
  ['tokens', 'limit_test_batches'],
];

const UNUSED_MODEL_KEYS: Readonly<Record<string, string>> = {
  initializer_range:
    'Weights are initialised from model.init_method; this value is only copied into checkpoints.',
  pretraining_tp: 'It is kept for Hugging Face compatibility; tensor parallelism is parallelism.tp.',
  use_cache: 'It concerns generation with Hugging Face code; training never caches.',
};

export const validationUnused: NanotronRule = {
  code: 'validation-not-implemented',
  check(context) {
    return UNUSED_VALIDATION.flatMap((path) => {
      const value = numberAt(context.document, path);
      if (value === null) return [];
      const promises = value > 0;
      return [
        report(context, {
          code: 'validation-not-implemented',
          severity: promises ? 'warning' : 'info',
          path,
          message: promises
            ? `${path.at(-1)} does nothing: Nanotron has no validation loop.`
            : `${path.at(-1)} is not used by Nanotron.`,
          reason:
            'No validation loss will be logged (upstream issue 351). Evaluate checkpoints as separate jobs instead.',
          fix: removeFix(context, 'Remove it', path),
        }),
      ];
    });
  },
};

export const modelKeysUnused: NanotronRule = {
  code: 'model-key-unused',
  check(context) {
    return Object.entries(UNUSED_MODEL_KEYS).flatMap(([key, reason]): readonly RuleFinding[] => {
      const path = ['model', 'model_config', key];
      if (entryAt(context.document.root, path) === undefined) return [];
      return [
        report(context, {
          code: 'model-key-unused',
          severity: 'info',
          path,
          message: `${key} has no effect on training.`,
          reason,
          fix: removeFix(context, 'Remove it', path),
        }),
      ];
    });
  },
};

export const sanityChecks: NanotronRule = {
  code: 'sanity-checks-off',
  check(context) {
    const path = ['general', 'ignore_sanity_checks'];
    const entry = entryAt(context.document.root, path);
    if (entry?.value.kind !== 'scalar' || entry.value.value !== true) return [];
    return [
      report(context, {
        code: 'sanity-checks-off',
        severity: 'info',
        path,
        message: 'Sanity checks are off: a NaN loss does not stop the run.',
        reason:
          'It is the default, because the checks cost time in every step. Turn them on for the first few hundred steps, and let the studio watch the loss.',
      }),
    ];
  },
};

export const evaluationWithoutUpload: NanotronRule = {
  code: 'lighteval-without-upload',
  check(context) {
    if (!isGiven(context.document, ['lighteval']) || isGiven(context.document, ['s3_upload'])) return [];
    return [
      report(context, {
        code: 'lighteval-without-upload',
        severity: 'error',
        path: ['lighteval'],
        message:
          'Automatic evaluation only works together with s3_upload; without it the run crashes at the first checkpoint.',
        reason:
          'The evaluation starter expects the list of files that the upload returns. Evaluate checkpoints as separate jobs instead.',
        fix: removeFix(context, 'Remove lighteval', ['lighteval']),
      }),
    ];
  },
};

export const evaluationInterval: NanotronRule = {
  code: 'eval-interval',
  check(context) {
    const path = ['lighteval', 'eval_interval'];
    const interval = positiveIntegerAt(context.document, path);
    const { checkpointInterval } = context.settings;
    if (interval === null || checkpointInterval === null || !isGiven(context.document, ['s3_upload']))
      return [];
    if (interval % checkpointInterval === 0) return [];
    const fitting = Math.max(1, Math.round(interval / checkpointInterval)) * checkpointInterval;
    return [
      report(context, {
        code: 'eval-interval',
        severity: 'error',
        path,
        message: `eval_interval ${interval} is not a multiple of checkpoint_interval ${checkpointInterval}.`,
        reason: 'Only saved checkpoints can be evaluated; Nanotron asserts it when it reads the config.',
        fix: setFix(context, `Set ${fitting}`, path, fitting),
      }),
    ];
  },
};

function profilerValue(context: NanotronContext, key: string, fallback: number): number {
  return integerAt(context.document, ['profiler', key]) ?? fallback;
}

export const profilerSteps: NanotronRule = {
  code: 'profiler-steps',
  check(context) {
    const { trainSteps } = context.settings;
    if (trainSteps === null || stringAt(context.document, ['profiler', 'profiler_export_path']) === null)
      return [];
    const cycle =
      profilerValue(context, 'wait', 1) +
      profilerValue(context, 'warmup', 1) +
      profilerValue(context, 'active', 1);
    const steps = profilerValue(context, 'skip_first', 3) + profilerValue(context, 'repeat', 1) * cycle;
    if (steps <= trainSteps) return [];
    return [
      report(context, {
        code: 'profiler-steps',
        severity: 'error',
        path: ['profiler'],
        message: `The profiler needs ${steps} steps, the run has ${trainSteps}.`,
        reason:
          'skip_first + repeat · (wait + warmup + active) must not exceed train_steps; Nanotron asserts it.',
      }),
    ];
  },
};
