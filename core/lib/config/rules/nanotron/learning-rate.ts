// The learning-rate schedule against the length of the run.

import { formatCount, formatInteger, formatRate } from '../../../format/numbers.ts';
import { floorSpan, learningRateAt, type LearningRateSchedule } from '../../derived/learning-rate.ts';
import { SCHEDULER_PATH } from '../../derived/nanotron-settings.ts';
import { integerAt, isGiven, numberAt, stringAt } from '../../derived/read-values.ts';
import { nodeAt } from '../../lookup.ts';
import type { KeyPath } from '../../types.ts';
import { removeFix, setFix, setFloatFix } from '../fixes.ts';
import { type NanotronContext, type NanotronRule, report } from '../rule.ts';

const at = (key: string): KeyPath => [...SCHEDULER_PATH, key];
const TRAIN_STEPS: KeyPath = ['tokens', 'train_steps'];

/** A floor this far below the peak trains almost nothing; a higher one may be wanted. */
const IDLE_FLOOR_SHARE = 0.02;
/** Shorter rests at the end come from rounding a schedule and cost nothing. */
const SHORTEST_FLOOR_SHARE = 0.01;

export const warmupStyle: NanotronRule = {
  code: 'warmup-style-missing',
  check(context) {
    if (!isGiven(context.document, SCHEDULER_PATH) || isGiven(context.document, at('lr_warmup_style')))
      return [];
    return [
      report(context, {
        code: 'warmup-style-missing',
        severity: 'error',
        path: at('lr_warmup_style'),
        message: 'lr_warmup_style is missing, and Nanotron refuses a scheduler without it.',
        reason:
          'The key has a default in the code, but the check of its value runs before the default is filled in.',
        fix: setFix(context, 'Add linear', at('lr_warmup_style'), 'linear'),
      }),
    ];
  },
};

export const schedulerNull: NanotronRule = {
  code: 'scheduler-null',
  check(context) {
    return ['lr_decay_style', 'min_decay_lr'].flatMap((key) => {
      const node = nodeAt(context.document.root, at(key));
      if (node?.kind !== 'scalar' || node.value !== null) return [];
      return [
        report(context, {
          code: 'scheduler-null',
          severity: 'error',
          path: at(key),
          message: `${key} may be left out, but not be null.`,
          reason:
            'Its default is null in the code, its type is not; the loader refuses a null that is written down.',
          fix: removeFix(context, 'Remove it', at(key)),
        }),
      ];
    });
  },
};

export const warmupLength: NanotronRule = {
  code: 'warmup-length',
  check(context) {
    const { schedule } = context.settings;
    if (schedule === null) return [];
    const { warmupSteps, trainSteps } = schedule;
    if (warmupSteps === 0) {
      const steps = Math.min(2000, Math.max(1, Math.round(trainSteps / 100)));
      return [
        report(context, {
          code: 'warmup-length',
          severity: 'warning',
          path: at('lr_warmup_steps'),
          message: `No warm-up: the first updates already use the full rate of ${formatRate(schedule.peak)}.`,
          reason:
            'Adam estimates are noise in the first steps; 2,000 to 4,000 steps of warm-up are usual for small models.',
          fix: setFix(context, `Warm up over ${formatInteger(steps)}`, at('lr_warmup_steps'), steps),
        }),
      ];
    }
    if (warmupSteps < trainSteps) return [];
    return [
      report(context, {
        code: 'warmup-length',
        severity: 'warning',
        path: at('lr_warmup_steps'),
        message: `The warm-up of ${formatInteger(warmupSteps)} steps is as long as the run; the full rate is never held.`,
        reason: `The run ends after ${formatInteger(trainSteps)} steps.`,
      }),
    ];
  },
};

/** True when the config says how to decay, so that a rate that stays flat cannot be meant. */
function asksForDecay(context: NanotronContext): boolean {
  const { document } = context;
  return (
    isGiven(document, at('lr_decay_steps')) ||
    isGiven(document, at('lr_decay_starting_step')) ||
    stringAt(document, at('lr_decay_style')) !== null
  );
}

export const minimumRate: NanotronRule = {
  code: 'minimum-rate-missing',
  check(context) {
    const { schedule } = context.settings;
    if (schedule === null || isGiven(context.document, at('min_decay_lr'))) return [];
    const asks = asksForDecay(context);
    return [
      report(context, {
        code: 'minimum-rate-missing',
        severity: asks ? 'warning' : 'info',
        path: at('min_decay_lr'),
        message: `Without min_decay_lr the rate never falls below ${formatRate(schedule.peak)}.`,
        reason: 'Nanotron fills a missing min_decay_lr with the peak rate, so the decay has nowhere to go.',
        fix: asks ? setFloatFix(context, 'Decay to 0.0', at('min_decay_lr'), 0) : undefined,
      }),
    ];
  },
};

export const decayPastEnd: NanotronRule = {
  code: 'decay-past-end',
  check(context) {
    const { schedule } = context.settings;
    if (schedule === null || schedule.minimum === schedule.peak) return [];
    const { decayStart, decaySteps, trainSteps } = schedule;
    if (decayStart + decaySteps <= trainSteps) return [];
    const isGivenStart = integerAt(context.document, at('lr_decay_starting_step')) !== null;
    if (decayStart >= trainSteps) {
      return [
        report(context, {
          code: 'decay-past-end',
          severity: 'warning',
          path: at(isGivenStart ? 'lr_decay_starting_step' : 'lr_warmup_steps'),
          message: `The decay would start at step ${formatInteger(decayStart)}, but the run ends at ${formatInteger(trainSteps)}.`,
          reason:
            'The rate stays at its peak to the end. That is right only if a later run continues from the last checkpoint.',
        }),
      ];
    }
    const last = learningRateAt(schedule, trainSteps);
    return [
      report(context, {
        code: 'decay-past-end',
        severity: 'warning',
        path: at('lr_decay_steps'),
        message: `The decay ends at step ${formatInteger(decayStart + decaySteps)}, after the run; it stops at ${formatRate(last)} instead of ${formatRate(schedule.minimum)}.`,
        reason:
          'When only lr_decay_starting_step is given, Nanotron fills lr_decay_steps with train_steps − lr_warmup_steps, which is too long.',
        fix: setFix(
          context,
          `Decay over ${formatInteger(trainSteps - decayStart)}`,
          at('lr_decay_steps'),
          trainSteps - decayStart,
        ),
      }),
    ];
  },
};

export const decayBeforeWarmupEnd: NanotronRule = {
  code: 'decay-before-warmup-end',
  check(context) {
    const { schedule } = context.settings;
    if (schedule === null || schedule.decaySteps <= 0 || schedule.decayStart >= schedule.warmupSteps)
      return [];
    return [
      report(context, {
        code: 'decay-before-warmup-end',
        severity: 'warning',
        path: at('lr_decay_starting_step'),
        message: `The decay starts at step ${formatInteger(schedule.decayStart)}, inside the warm-up of ${formatInteger(schedule.warmupSteps)} steps.`,
        reason:
          'Warm-up wins until it ends; then the rate jumps down to wherever the decay has come by then.',
        fix: setFix(context, 'Start after warm-up', at('lr_decay_starting_step'), schedule.warmupSteps),
      }),
    ];
  },
};

function isIdleFloor(schedule: LearningRateSchedule): boolean {
  return schedule.minimum <= schedule.peak * IDLE_FLOOR_SHARE;
}

export const rateFlatAtMinimum: NanotronRule = {
  code: 'rate-flat-at-minimum',
  check(context) {
    const { schedule } = context.settings;
    const span = schedule === null ? null : floorSpan(schedule);
    if (schedule === null || span === null || span.steps < schedule.trainSteps * SHORTEST_FLOOR_SHARE)
      return [];
    const tokens = context.derived.learningRate?.floor?.tokens ?? null;
    const amount = tokens === null ? `${formatInteger(span.steps)} steps` : `${formatCount(tokens)} tokens`;
    const idle = isIdleFloor(schedule);
    const end = schedule.decayStart + schedule.decaySteps;
    return [
      report(context, {
        code: 'rate-flat-at-minimum',
        severity: idle ? 'warning' : 'info',
        path: TRAIN_STEPS,
        message: `From step ${formatInteger(span.startStep)} the rate stays at ${formatRate(schedule.minimum)}: ${amount}${idle ? ' almost without learning' : ''}.`,
        reason: `The decay ends at lr_decay_starting_step + lr_decay_steps = ${formatInteger(end)}, the run goes on to ${formatInteger(schedule.trainSteps)}.`,
        fix:
          end > 0 && Number.isInteger(end)
            ? setFix(context, `Set train_steps ${formatInteger(end)}`, TRAIN_STEPS, end)
            : undefined,
      }),
    ];
  },
};

export const minimumAbovePeak: NanotronRule = {
  code: 'minimum-above-peak',
  check(context) {
    const { schedule } = context.settings;
    const minimum = numberAt(context.document, at('min_decay_lr'));
    if (schedule === null || minimum === null || minimum <= schedule.peak) return [];
    return [
      report(context, {
        code: 'minimum-above-peak',
        severity: 'warning',
        path: at('min_decay_lr'),
        message: `min_decay_lr ${formatRate(minimum)} is above the peak rate ${formatRate(schedule.peak)}.`,
        reason: 'The "decay" would raise the rate.',
      }),
    ];
  },
};
