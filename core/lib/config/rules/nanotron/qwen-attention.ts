// Combinations that Qwen2Config asserts: sliding windows, masks, layers without positions, experts per token.

import { integerAt, isGiven, positiveIntegerAt, stringAt } from '../../derived/read-values.ts';
import type { KeyPath } from '../../types.ts';
import { removeFix } from '../fixes.ts';
import { type NanotronRule, report } from '../rule.ts';

const at = (...keys: readonly string[]): KeyPath => ['model', 'model_config', ...keys];
const WINDOW_IMPLEMENTATIONS = ['flex_attention', 'flash_attention_2', 'llama3_ring_attention'];

export const attentionWindow: NanotronRule = {
  code: 'attention-window',
  check(context) {
    const attention = stringAt(context.document, at('_attn_implementation')) ?? 'flash_attention_2';
    const findings = [];
    if (isGiven(context.document, at('sliding_window_size')) && !WINDOW_IMPLEMENTATIONS.includes(attention)) {
      findings.push(
        report(context, {
          code: 'attention-window',
          severity: 'error',
          path: at('sliding_window_size'),
          message: `sliding_window_size does not work with ${attention}.`,
          reason: `Nanotron allows it with ${WINDOW_IMPLEMENTATIONS.join(', ')} only.`,
          fix: removeFix(context, 'Remove it', at('sliding_window_size')),
        }),
      );
    }
    if (isGiven(context.document, at('flex_attention_mask')) && attention !== 'flex_attention') {
      findings.push(
        report(context, {
          code: 'attention-window',
          severity: 'error',
          path: at('flex_attention_mask'),
          message: `flex_attention_mask does not work with ${attention}.`,
          reason: 'Nanotron allows it with _attn_implementation flex_attention only.',
          fix: removeFix(context, 'Remove it', at('flex_attention_mask')),
        }),
      );
    }
    return findings;
  },
};

export const layersWithoutPositions: NanotronRule = {
  code: 'no-rope-layers',
  check(context) {
    const every = positiveIntegerAt(context.document, at('no_rope_layer'));
    const layers = positiveIntegerAt(context.document, at('num_hidden_layers')) ?? 32;
    if (every === null || layers % every === 0) return [];
    return [
      report(context, {
        code: 'no-rope-layers',
        severity: 'error',
        path: at('no_rope_layer'),
        message: `${layers} layers are not divisible by no_rope_layer ${every}.`,
        reason:
          'Every n-th layer goes without rotary positions; Nanotron asserts that n divides the number of layers.',
      }),
    ];
  },
};

export const expertsPerToken: NanotronRule = {
  code: 'experts-per-token',
  check(context) {
    const path = at('moe_config', 'top_k');
    if (!isGiven(context.document, at('moe_config'))) return [];
    const chosen = integerAt(context.document, path) ?? 2;
    const experts = integerAt(context.document, at('moe_config', 'num_experts')) ?? 8;
    if (chosen <= experts) return [];
    return [
      report(context, {
        code: 'experts-per-token',
        severity: 'error',
        path,
        message: `Each token goes to ${chosen} experts, but there are only ${experts}.`,
        reason: 'Nanotron refuses top_k > num_experts.',
      }),
    ];
  },
};
