// Axolotl: sequence length, packing, evaluation split, special tokens.

import { formatInteger } from '../../../format/numbers.ts';
import { findKnownModel } from '../../derived/known-models.ts';
import { booleanAt, isGiven, numberAt, positiveIntegerAt, stringAt } from '../../derived/read-values.ts';
import { removeFix, setFix } from '../fixes.ts';
import { type Rule, report } from '../rule.ts';

const KINDS = ['axolotl-sft'] as const;
const USUAL_LENGTH = 2048;

export const sequenceLength: Rule = {
  code: 'axolotl-sequence-len',
  kinds: KINDS,
  check(context) {
    const path = ['sequence_len'];
    const name = stringAt(context.document, ['base_model']);
    const model = name === null ? null : findKnownModel(name);
    if (!isGiven(context.document, path)) {
      const length = Math.min(model?.contextTokens ?? USUAL_LENGTH, 4096);
      return [
        report(context, {
          code: 'axolotl-sequence-len',
          severity: 'warning',
          path,
          message: 'Without sequence_len examples are cut at 512 tokens.',
          reason: 'The default is 512, whatever the model can take; longer conversations are dropped or cut.',
          fix: setFix(context, `Set ${length}`, path, length),
        }),
      ];
    }
    const length = positiveIntegerAt(context.document, path);
    if (length === null || model === null || length <= model.contextTokens) return [];
    return [
      report(context, {
        code: 'axolotl-sequence-len',
        severity: 'warning',
        path,
        message: `sequence_len ${formatInteger(length)} is beyond the ${formatInteger(model.contextTokens)} tokens of ${model.name}.`,
        reason:
          'Positions past the trained context are noise to the model unless its rotary base is changed with them.',
        fix: setFix(context, `Set ${model.contextTokens}`, path, model.contextTokens),
      }),
    ];
  },
};

export const packingPreference: Rule = {
  code: 'axolotl-packing-rl',
  kinds: KINDS,
  check(context) {
    if (!isGiven(context.document, ['rl']) || booleanAt(context.document, ['sample_packing']) !== true)
      return [];
    return [
      report(context, {
        code: 'axolotl-packing-rl',
        severity: 'error',
        path: ['sample_packing'],
        message: 'sample_packing does not work with rl.',
        reason: 'Preference training compares pairs of whole answers; Axolotl refuses to pack them.',
        fix: setFix(context, 'Turn packing off', ['sample_packing'], false),
      }),
    ];
  },
};

export const evaluationData: Rule = {
  code: 'axolotl-eval-data',
  kinds: KINDS,
  check(context) {
    const { document } = context;
    const hasData = (numberAt(document, ['val_set_size']) ?? 0) > 0 || isGiven(document, ['test_datasets']);
    const key = ['eval_steps', 'evals_per_epoch'].find((candidate) => isGiven(document, [candidate]));
    if (hasData || key === undefined) return [];
    return [
      report(context, {
        code: 'axolotl-eval-data',
        severity: 'warning',
        path: [key],
        message: `${key} does nothing: there is no data to evaluate on.`,
        reason: 'val_set_size is 0 by default and test_datasets is not given.',
        fix: removeFix(context, 'Remove it', [key]),
      }),
    ];
  },
};

export const twoIntervals: Rule = {
  code: 'axolotl-two-intervals',
  kinds: KINDS,
  check(context) {
    const pairs: readonly (readonly [string, string])[] = [
      ['eval_steps', 'evals_per_epoch'],
      ['save_steps', 'saves_per_epoch'],
    ];
    return pairs.flatMap(([steps, perEpoch]) => {
      if (!isGiven(context.document, [steps]) || !isGiven(context.document, [perEpoch])) return [];
      return [
        report(context, {
          code: 'axolotl-two-intervals',
          severity: 'error',
          path: [perEpoch],
          message: `${steps} and ${perEpoch} exclude each other.`,
          reason: 'Axolotl refuses a config with both.',
          fix: removeFix(context, `Keep ${steps}`, [perEpoch]),
        }),
      ];
    });
  },
};

export const padIsEnd: Rule = {
  code: 'axolotl-pad-is-eos',
  kinds: KINDS,
  check(context) {
    const path = ['special_tokens', 'pad_token'];
    const pad = stringAt(context.document, path);
    if (pad === null || pad !== stringAt(context.document, ['special_tokens', 'eos_token'])) return [];
    return [
      report(context, {
        code: 'axolotl-pad-is-eos',
        severity: 'info',
        path,
        message: `Padding and end of turn are the same token ${pad}.`,
        reason:
          'Padding is masked from the loss by position, so this works; a tool that masks by token id would unlearn to stop.',
      }),
    ];
  },
};

export const preparedPath: Rule = {
  code: 'axolotl-prepared-path',
  kinds: KINDS,
  check(context) {
    const path = ['dataset_prepared_path'];
    if (isGiven(context.document, path)) return [];
    return [
      report(context, {
        code: 'axolotl-prepared-path',
        severity: 'info',
        path,
        message: 'Without dataset_prepared_path the dataset is tokenised again at every start.',
        reason:
          'On several nodes each one does it. Run "axolotl preprocess" once with a shared path instead.',
      }),
    ];
  },
};
