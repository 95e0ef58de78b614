// TRL SFT: packing and masking of the prompt.

import { booleanAt, isGiven, stringAt } from '../../derived/read-values.ts';
import { setFix } from '../fixes.ts';
import { type Rule, report } from '../rule.ts';

export const packingAttention: Rule = {
  code: 'trl-packing-attention',
  kinds: ['trl-sft'],
  check(context) {
    const { document } = context;
    const strategy = stringAt(document, ['packing_strategy']) ?? 'bfd';
    if (booleanAt(document, ['packing']) !== true || strategy === 'wrapped') return [];
    const attention = stringAt(document, ['attn_implementation']);
    if (attention !== null && /flash|flex/.test(attention)) return [];
    const path = ['attn_implementation'];
    return [
      report(context, {
        code: 'trl-packing-attention',
        severity: 'warning',
        path: attention === null ? ['packing'] : path,
        message: 'Packed examples can see each other: packing keeps them apart only with flash attention.',
        reason:
          'TRL marks the borders by position ids, which only the flash and flex attention kernels respect.',
        fix: setFix(context, 'Use flash_attention_2', path, 'flash_attention_2'),
      }),
    ];
  },
};

export const packingOff: Rule = {
  code: 'trl-packing-off',
  kinds: ['trl-sft'],
  check(context) {
    const { document } = context;
    if (booleanAt(document, ['packing']) === true || booleanAt(document, ['padding_free']) === true)
      return [];
    return [
      report(context, {
        code: 'trl-packing-off',
        severity: 'info',
        path: ['packing'],
        message: 'Without packing, short examples are padded to the longest of their batch.',
        reason:
          'For chat data that often wastes half of the compute. Tokens per step is a ceiling in this case.',
      }),
    ];
  },
};

export const assistantOnly: Rule = {
  code: 'trl-assistant-template',
  kinds: ['trl-sft'],
  check(context) {
    const path = ['assistant_only_loss'];
    if (booleanAt(context.document, path) !== true || isGiven(context.document, ['chat_template_path']))
      return [];
    return [
      report(context, {
        code: 'trl-assistant-template',
        severity: 'info',
        path,
        message: 'assistant_only_loss needs a chat template with generation markers.',
        reason:
          'Only the text between {% generation %} and {% endgeneration %} is learned. Most published templates lack the markers: then give one with chat_template_path.',
      }),
    ];
  },
};
