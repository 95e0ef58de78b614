// Reads the model's shape from a Nanotron config, with the defaults of its LlamaConfig and Qwen2Config.
// Knows nothing about parallelism or what the shape costs.

import type { ConfigDocument } from '../types.ts';
import type { ShapeReading } from './model-shape.ts';
import { booleanAt, isGiven, positiveIntegerAt } from './read-values.ts';

export const MODEL_CONFIG_PATH = ['model', 'model_config'] as const;

/** Defaults of LlamaConfig in Nanotron's models_config.py; Qwen2Config has the same ones for these fields. */
export const SHAPE_DEFAULTS = {
  num_hidden_layers: 32,
  hidden_size: 4096,
  num_attention_heads: 32,
  intermediate_size: 11008,
  vocab_size: 32000,
  max_position_embeddings: 2048,
} as const;

const FIELD_LABELS: Readonly<Record<keyof typeof SHAPE_DEFAULTS, string>> = {
  num_hidden_layers: 'the number of layers',
  hidden_size: 'the hidden size',
  num_attention_heads: 'the number of attention heads',
  intermediate_size: 'the intermediate size',
  vocab_size: 'the vocabulary size',
  max_position_embeddings: 'the maximum position',
};

/** The shape, or the reason why there is none (Starcoder2, mixture of experts, a value that is not a positive number). */
export function readNanotronShape(document: ConfigDocument): ShapeReading {
  const at = (field: string) => [...MODEL_CONFIG_PATH, field];
  if (!isGiven(document, MODEL_CONFIG_PATH))
    return { kind: 'unknown', reason: 'model.model_config is missing' };
  if (booleanAt(document, at('is_starcoder2_config')) === true) {
    return { kind: 'unknown', reason: 'the Starcoder2 architecture is not modelled' };
  }
  if (isGiven(document, at('moe_config'))) {
    return { kind: 'unknown', reason: 'mixture-of-experts models are not modelled' };
  }
  const values = new Map<keyof typeof SHAPE_DEFAULTS, number>();
  for (const [field, fallback] of Object.entries(SHAPE_DEFAULTS) as [keyof typeof SHAPE_DEFAULTS, number][]) {
    const value = isGiven(document, at(field)) ? positiveIntegerAt(document, at(field)) : fallback;
    if (value === null) {
      return { kind: 'unknown', reason: `${FIELD_LABELS[field]} (${field}) is not a positive whole number` };
    }
    values.set(field, value);
  }
  const value = (field: keyof typeof SHAPE_DEFAULTS) => values.get(field) ?? SHAPE_DEFAULTS[field];
  const heads = value('num_attention_heads');
  const keyValueHeads = isGiven(document, at('num_key_value_heads'))
    ? positiveIntegerAt(document, at('num_key_value_heads'))
    : heads;
  if (keyValueHeads === null) {
    return { kind: 'unknown', reason: 'num_key_value_heads is not a positive whole number' };
  }
  return {
    kind: 'shape',
    shape: {
      family: booleanAt(document, at('is_qwen2_config')) === true ? 'qwen2' : 'llama',
      layers: value('num_hidden_layers'),
      hiddenSize: value('hidden_size'),
      heads,
      keyValueHeads,
      intermediateSize: value('intermediate_size'),
      vocabularySize: value('vocab_size'),
      tiedEmbeddings: booleanAt(document, at('tie_word_embeddings')) ?? false,
      // Nanotron's Llama layers never have a bias, whatever attention_bias says; only Qwen2 reads it.
      attentionBias:
        booleanAt(document, at('is_qwen2_config')) === true &&
        booleanAt(document, at('attention_bias')) === true,
      maxPositionEmbeddings: value('max_position_embeddings'),
    },
  };
}
