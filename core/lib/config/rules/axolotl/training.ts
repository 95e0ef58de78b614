// Axolotl: learning rate, schedule knobs without effect, FSDP prefixes, strictness (read at 067b021).

import { booleanAt, isGiven, stringAt } from '../../derived/read-values.ts';
import { entryAt, nodeAt } from '../../lookup.ts';
import type { Fix } from '../../types.ts';
import { changeFix, setFix, setFloatFix } from '../fixes.ts';
import { type Rule, type RuleContext, report } from '../rule.ts';

const KINDS = ['axolotl-sft'] as const;
const COSINE_KEYS = ['cosine_min_lr_ratio', 'cosine_constant_lr_ratio'] as const;

export const learningRateMissing: Rule = {
  code: 'axolotl-learning-rate',
  kinds: KINDS,
  check(context) {
    const path = ['learning_rate'];
    if (isGiven(context.document, path)) return [];
    return [
      report(context, {
        code: 'axolotl-learning-rate',
        severity: 'error',
        path,
        message: 'learning_rate is missing, and Axolotl has no default for it.',
        reason:
          'Full fine-tuning of a model below 1B parameters works between 2e-5 and 1e-3; the Zagreus report used 1e-3.',
        fix: setFloatFix(context, 'Set 0.0002', path, 2e-4),
      }),
    ];
  },
};

export const cosineUnused: Rule = {
  code: 'axolotl-cosine-unused',
  kinds: KINDS,
  check(context) {
    const scheduler = stringAt(context.document, ['lr_scheduler']) ?? 'cosine';
    const keys = COSINE_KEYS.filter((key) => isGiven(context.document, [key]));
    const [first] = keys;
    if (scheduler === 'cosine' || first === undefined) return [];
    const isOne = keys.length === 1;
    return [
      report(context, {
        code: 'axolotl-cosine-unused',
        severity: 'warning',
        path: [first],
        message: `${keys.join(' and ')} ${isOne ? 'does' : 'do'} nothing: lr_scheduler is ${scheduler}.`,
        reason: 'The ratios shape the cosine schedule only. Either they go, or lr_scheduler becomes cosine.',
        fix: changeFix(
          context,
          isOne ? 'Remove it' : 'Remove both',
          keys.map((key) => ({ kind: 'remove', path: [key] })),
        ),
      }),
    ];
  },
};

const FSDP_PREFIX = 'fsdp_';

function unprefixedFix({ document }: RuleContext, keys: readonly string[]): Fix {
  return {
    title: 'Remove the prefixes',
    edits: keys.flatMap((key) => {
      const range = entryAt(document.root, ['fsdp_config', key])?.keyRange;
      const start = range === undefined ? -1 : document.text.indexOf(FSDP_PREFIX, range.start);
      return range === undefined || start < range.start || start > range.start + 1
        ? []
        : [{ start, end: start + FSDP_PREFIX.length, newText: '' }];
    }),
  };
}

export const fsdpPrefix: Rule = {
  code: 'axolotl-fsdp-prefix',
  kinds: KINDS,
  check(context) {
    const node = nodeAt(context.document.root, ['fsdp_config']);
    if (node?.kind !== 'map') return [];
    const keys = node.entries.map((entry) => entry.key).filter((key) => key.startsWith(FSDP_PREFIX));
    const [first] = keys;
    if (first === undefined) return [];
    return [
      report(context, {
        code: 'axolotl-fsdp-prefix',
        severity: 'warning',
        path: ['fsdp_config', first],
        message: `${keys.length} ${keys.length === 1 ? 'key' : 'keys'} of fsdp_config ${keys.length === 1 ? 'has' : 'have'} the old prefix fsdp_.`,
        reason: 'The prefix is deprecated; Axolotl 0.18 still strips it, later versions will not.',
        fix: unprefixedFix(context, keys),
      }),
    ];
  },
};

export const fsdpVersion: Rule = {
  code: 'axolotl-fsdp-version',
  kinds: KINDS,
  check(context) {
    if (!isGiven(context.document, ['fsdp_config']) || isGiven(context.document, ['fsdp_version'])) return [];
    return [
      report(context, {
        code: 'axolotl-fsdp-version',
        severity: 'info',
        path: ['fsdp_config'],
        message: 'Without fsdp_version the old FSDP1 is used.',
        reason:
          'Axolotl advises fsdp_version 2. Some keys of FSDP1, such as the sharding strategy, mean nothing there.',
      }),
    ];
  },
};

export const strict: Rule = {
  code: 'axolotl-strict',
  kinds: KINDS,
  check(context) {
    if (booleanAt(context.document, ['strict']) !== true) return [];
    return [
      report(context, {
        code: 'axolotl-strict',
        severity: 'info',
        path: ['strict'],
        message:
          'With strict true, options of the command line whose keys are not in this file are left out without a word.',
        reason:
          'It does not make Axolotl refuse misspelt keys: those are ignored either way, and marked here.',
        fix: setFix(context, 'Take all options', ['strict'], false),
      }),
    ];
  },
};
