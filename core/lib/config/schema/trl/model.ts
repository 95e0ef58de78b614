// TRL keys that choose the model and LoRA (ModelConfig). Source: TRL 1.10 development version, July 2026.
import { bool, float, int, oneOf, STRING, str, union, withGroup } from '../fields.ts';
import type { SchemaFields } from '../types.ts';

export const TRL_MODEL: SchemaFields = {
  ...withGroup('Model', {
    model_name_or_path: str('Model', 'Hub id or folder of the model to train.', {
      nullable: true,
      default: null,
    }),
    model_revision: str('Revision', 'Branch, tag or commit on the Hub.', { default: 'main', advanced: true }),
    dtype: oneOf(
      ['auto', 'bfloat16', 'float16', 'float32'],
      'Number format',
      'Format the weights are loaded in; float32 doubles the memory of bfloat16.',
      {
        nullable: true,
        default: 'float32',
      },
    ),
    attn_implementation: str('Attention kernel', 'For example flash_attention_2 or sdpa.', {
      nullable: true,
      default: null,
    }),
    trust_remote_code: bool('Trust remote code', 'Run Python that the model repository brings along.', {
      default: false,
      advanced: true,
    }),
    model_init_kwargs: {
      ...jsonMap('Model options', 'Further arguments of from_pretrained.'),
      advanced: true,
    },
  }),
  ...withGroup('LoRA', {
    use_peft: bool('Use LoRA', 'Train small adapters instead of all weights.', { default: false }),
    lora_r: int('Rank', 'Rank of the adapters.', { default: 16, minimum: 1 }),
    lora_alpha: int('Alpha', 'Scale of the adapters.', { default: 32, minimum: 1 }),
    lora_dropout: float('Dropout', 'Dropout inside the adapters.', { default: 0.05, minimum: 0, maximum: 1 }),
    lora_target_modules: union(
      [STRING, { kind: 'list', item: STRING }],
      'Target modules',
      'Layers that get adapters.',
      { nullable: true, default: null },
    ),
    lora_target_parameters: union(
      [STRING, { kind: 'list', item: STRING }],
      'Target parameters',
      'Parameters that get adapters.',
      {
        nullable: true,
        default: null,
        advanced: true,
      },
    ),
    lora_modules_to_save: union(
      [STRING, { kind: 'list', item: STRING }],
      'Modules to save',
      'Layers trained in full beside the adapters.',
      {
        nullable: true,
        default: null,
      },
    ),
    lora_task_type: str('Task type', 'Task type for the adapters.', { default: 'CAUSAL_LM', advanced: true }),
    use_rslora: bool('Rank-stabilised', 'Scale by the root of the rank.', { default: false, advanced: true }),
    use_dora: bool('DoRA', 'Split weights into size and direction.', { default: false, advanced: true }),
    load_in_8bit: bool('Load in 8 bits', 'Quantise the frozen weights to 8 bits.', {
      default: false,
      advanced: true,
    }),
    load_in_4bit: bool('Load in 4 bits', 'Quantise the frozen weights to 4 bits.', {
      default: false,
      advanced: true,
    }),
    bnb_4bit_quant_type: oneOf(['fp4', 'nf4'], '4-bit type', 'Kind of 4-bit numbers.', {
      default: 'nf4',
      advanced: true,
    }),
    bnb_4bit_quant_storage: str('4-bit storage', 'Number format the packed weights are stored in.', {
      nullable: true,
      default: null,
      advanced: true,
    }),
    use_bnb_nested_quant: bool('Nested quantisation', 'Quantise the quantisation constants too.', {
      default: false,
      advanced: true,
    }),
  }),
};

function jsonMap(label: string, doc: string) {
  return {
    type: { kind: 'map', value: { kind: 'any' } } as const,
    label,
    doc,
    nullable: true,
    default: null,
  };
}
