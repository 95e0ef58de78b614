// TRL: warm-up, learning rate, evaluation and saving.

import { formatRate } from '../../../format/numbers.ts';
import {
  booleanAt,
  isGiven,
  listAt,
  numberAt,
  positiveIntegerAt,
  stringAt,
} from '../../derived/read-values.ts';
import { removeFix, setFix, setFloatFix } from '../fixes.ts';
import { type Rule, report } from '../rule.ts';

const TRL = ['trl-sft', 'trl-dpo'] as const;
/** DPO moves a finished model a little: published recipes lie between 5e-7 and 5e-6, LoRA ten times higher. */
const HIGHEST_DPO_RATE = 2e-5;
const HIGHEST_DPO_RATE_LORA = 2e-4;

export const warmupTwice: Rule = {
  code: 'warmup-twice',
  kinds: ['trl-sft', 'trl-dpo', 'axolotl-sft'],
  check(context) {
    const steps = numberAt(context.document, ['warmup_steps']);
    const ratio = numberAt(context.document, ['warmup_ratio']);
    if (steps === null || ratio === null || steps === 0 || ratio === 0) return [];
    return [
      report(context, {
        code: 'warmup-twice',
        severity: 'warning',
        path: ['warmup_ratio'],
        message: 'warmup_steps and warmup_ratio are both given; the ratio is ignored.',
        reason: 'The trainer takes warmup_steps whenever it is above 0.',
        fix: removeFix(context, 'Remove the ratio', ['warmup_ratio']),
      }),
    ];
  },
};

export const preferenceRate: Rule = {
  code: 'trl-dpo-rate-high',
  kinds: ['trl-dpo'],
  check(context) {
    const path = ['learning_rate'];
    const rate = numberAt(context.document, path);
    const usesLora = booleanAt(context.document, ['use_peft']) === true;
    const highest = usesLora ? HIGHEST_DPO_RATE_LORA : HIGHEST_DPO_RATE;
    if (rate === null || rate <= highest) return [];
    const usual = usesLora ? 1e-5 : 1e-6;
    return [
      report(context, {
        code: 'trl-dpo-rate-high',
        severity: 'warning',
        path,
        message: `A learning rate of ${formatRate(rate)} is high for DPO.`,
        reason:
          'DPO only shifts a tuned model; at rates of fine-tuning the probabilities of chosen and rejected answers both collapse. TRL\u2019s default is 1e-6.',
        fix: setFloatFix(context, `Set ${formatRate(usual)}`, path, usual),
      }),
    ];
  },
};

export const evaluationSteps: Rule = {
  code: 'trl-eval-strategy',
  kinds: TRL,
  check(context) {
    const strategy = stringAt(context.document, ['eval_strategy']);
    const isOff = strategy === null || strategy === 'no';
    if (!isGiven(context.document, ['eval_steps']) || !isOff) return [];
    return [
      report(context, {
        code: 'trl-eval-strategy',
        severity: 'warning',
        path: ['eval_steps'],
        message: 'eval_steps does nothing: eval_strategy is "no".',
        reason: 'The trainer evaluates only with eval_strategy steps or epoch.',
        fix: setFix(context, 'Evaluate by steps', ['eval_strategy'], 'steps'),
      }),
    ];
  },
};

export const bestModel: Rule = {
  code: 'trl-best-model',
  kinds: TRL,
  check(context) {
    const { document } = context;
    if (booleanAt(document, ['load_best_model_at_end']) !== true) return [];
    const evaluates = stringAt(document, ['eval_strategy']) ?? 'no';
    const saves = stringAt(document, ['save_strategy']) ?? 'steps';
    const path = ['load_best_model_at_end'];
    if (evaluates !== saves) {
      return [
        report(context, {
          code: 'trl-best-model',
          severity: 'error',
          path,
          message: `load_best_model_at_end needs the same strategy for evaluation (${evaluates}) and saving (${saves}).`,
          reason:
            'The best model can only be found among evaluated checkpoints; the trainer refuses to start.',
          fix: setFix(context, `Evaluate by ${saves}`, ['eval_strategy'], saves),
        }),
      ];
    }
    const saveSteps = positiveIntegerAt(document, ['save_steps']) ?? 500;
    const evaluationSteps = positiveIntegerAt(document, ['eval_steps']);
    if (evaluates !== 'steps' || evaluationSteps === null || saveSteps % evaluationSteps === 0) return [];
    const fitting = Math.max(1, Math.round(saveSteps / evaluationSteps)) * evaluationSteps;
    return [
      report(context, {
        code: 'trl-best-model',
        severity: 'error',
        path: ['save_steps'],
        message: `save_steps ${saveSteps} is not a multiple of eval_steps ${evaluationSteps}.`,
        reason:
          'With load_best_model_at_end every saved checkpoint must have been evaluated; the trainer refuses to start.',
        fix: setFix(context, `Save every ${fitting}`, ['save_steps'], fitting),
      }),
    ];
  },
};

export const stepsAndEpochs: Rule = {
  code: 'trl-steps-and-epochs',
  kinds: TRL,
  check(context) {
    const steps = positiveIntegerAt(context.document, ['max_steps']);
    if (steps === null || !isGiven(context.document, ['num_train_epochs'])) return [];
    return [
      report(context, {
        code: 'trl-steps-and-epochs',
        severity: 'info',
        path: ['num_train_epochs'],
        message: `max_steps ${steps} decides; num_train_epochs is ignored.`,
        reason: 'The trainer uses max_steps whenever it is above 0.',
        fix: removeFix(context, 'Remove it', ['num_train_epochs']),
      }),
    ];
  },
};

export const lossWeights: Rule = {
  code: 'trl-loss-weights',
  kinds: ['trl-dpo'],
  check(context) {
    const weights = listAt(context.document, ['loss_weights'])?.items.length;
    if (weights === undefined) return [];
    const losses = listAt(context.document, ['loss_type'])?.items.length ?? 1;
    if (weights === losses) return [];
    return [
      report(context, {
        code: 'trl-loss-weights',
        severity: 'error',
        path: ['loss_weights'],
        message: `There are ${weights} loss weights for ${losses} loss types.`,
        reason: 'Several losses are summed with one weight each; TRL refuses another number.',
      }),
    ];
  },
};
