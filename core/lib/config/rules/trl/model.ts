// TRL: precision, context length and memory of the model that is tuned.

import { formatInteger, formatMemorySize } from '../../../format/numbers.ts';
import { findKnownModel } from '../../derived/known-models.ts';
import { booleanAt, isGiven, positiveIntegerAt, stringAt } from '../../derived/read-values.ts';
import { setFix } from '../fixes.ts';
import { type Rule, report } from '../rule.ts';

const TRL = ['trl-sft', 'trl-dpo'] as const;
/** Beyond this a length is a decision about the model's context, not a default. */
const NOTABLE_LENGTH = 4096;

export const modelPrecision: Rule = {
  code: 'trl-dtype-float32',
  kinds: TRL,
  check(context) {
    const key = isGiven(context.document, ['torch_dtype']) ? 'torch_dtype' : 'dtype';
    const dtype = stringAt(context.document, [key]);
    if (!isGiven(context.document, ['model_name_or_path'])) return [];
    if (isGiven(context.document, [key]) && dtype !== 'float32') return [];
    return [
      report(context, {
        code: 'trl-dtype-float32',
        severity: 'warning',
        path: [key],
        message:
          dtype === null
            ? 'Without dtype TRL loads the model in float32.'
            : 'The model is loaded in float32.',
        reason:
          'Weights, gradients and Adam states then take twice the memory of bfloat16, and flash attention refuses float32.',
        fix: setFix(context, 'Use bfloat16', [key], 'bfloat16'),
      }),
    ];
  },
};

export const mixedPrecision: Rule = {
  code: 'trl-two-precisions',
  kinds: TRL,
  check(context) {
    if (booleanAt(context.document, ['bf16']) !== true || booleanAt(context.document, ['fp16']) !== true)
      return [];
    return [
      report(context, {
        code: 'trl-two-precisions',
        severity: 'error',
        path: ['fp16'],
        message: 'bf16 and fp16 cannot both be on.',
        reason: 'The trainer refuses to start: mixed precision has one type.',
        fix: setFix(context, 'Turn fp16 off', ['fp16'], false),
      }),
    ];
  },
};

export const contextLength: Rule = {
  code: 'trl-max-length-context',
  kinds: TRL,
  check(context) {
    const path = ['max_length'];
    const length = positiveIntegerAt(context.document, path);
    const name = stringAt(context.document, ['model_name_or_path']);
    if (length === null || name === null) return [];
    const model = findKnownModel(name);
    if (model === null && length > NOTABLE_LENGTH) {
      return [
        report(context, {
          code: 'trl-max-length-context',
          severity: 'info',
          path,
          message: `Whether the model takes ${formatInteger(length)} tokens is not known from its name.`,
          reason: 'Compare max_length with max_position_embeddings in the config.json of the model.',
        }),
      ];
    }
    if (model === null || length <= model.contextTokens) return [];
    return [
      report(context, {
        code: 'trl-max-length-context',
        severity: 'warning',
        path,
        message: `max_length ${formatInteger(length)} is beyond the ${formatInteger(model.contextTokens)} tokens of ${model.name}.`,
        reason:
          'Positions past the trained context are noise to the model unless its rotary base is changed with them.',
        fix: setFix(context, `Set ${model.contextTokens}`, path, model.contextTokens),
      }),
    ];
  },
};

export const referenceMemory: Rule = {
  code: 'trl-dpo-reference-memory',
  kinds: ['trl-dpo'],
  check(context) {
    const { document } = context;
    if (booleanAt(document, ['use_peft']) === true) return [];
    if (booleanAt(document, ['precompute_ref_log_probs']) === true) return [];
    const name = stringAt(document, ['model_name_or_path']);
    const model = name === null ? null : findKnownModel(name);
    const amount = model === null ? '2 bytes per parameter' : formatMemorySize(2 * model.parameters);
    return [
      report(context, {
        code: 'trl-dpo-reference-memory',
        severity: 'info',
        path: ['model_name_or_path'],
        message: `The frozen reference model takes ${amount} more on every GPU.`,
        reason:
          'DPO compares the policy with it in each step. LoRA or precompute_ref_log_probs avoids the second copy.',
      }),
    ];
  },
};
