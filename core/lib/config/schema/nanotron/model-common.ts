// Model keys that the Llama and Qwen2 classes of Nanotron share. Source: Nanotron main, April 2026.
import { bool, float, int, map, oneOf, str } from '../fields.ts';
import type { SchemaFields } from '../types.ts';

export const ATTENTION = [
  'flash_attention_2',
  'flex_attention',
  'sdpa',
  'ring_flash_triton',
  'ring',
  'llama3_ring_attention',
] as const;

export const COMMON_MODEL_FIELDS: SchemaFields = {
  hidden_size: int('Hidden size', 'Width of the model.', { default: 4096, unit: 'features', minimum: 1 }),
  intermediate_size: int('MLP size', 'Width inside the gated MLP.', {
    default: 11008,
    unit: 'features',
    minimum: 1,
  }),
  num_hidden_layers: int('Layers', 'Number of transformer blocks.', {
    default: 32,
    unit: 'layers',
    minimum: 1,
  }),
  num_attention_heads: int('Attention heads', 'Heads of the queries; hidden_size is divided among them.', {
    default: 32,
    unit: 'heads',
    minimum: 1,
  }),
  num_key_value_heads: int(
    'Key-value heads',
    'Heads of keys and values; fewer than attention heads is grouped-query attention.',
    {
      nullable: true,
      default: null,
      defaultText: 'num_attention_heads',
      unit: 'heads',
      minimum: 1,
    },
  ),
  vocab_size: int(
    'Vocabulary',
    'Rows of the embedding; must match the tokenizer. −1 takes it from the data.',
    {
      default: 32000,
      unit: 'tokens',
      minimum: -1,
    },
  ),
  max_position_embeddings: int('Longest position', 'Longest sequence the rotary table is made for.', {
    default: 2048,
    unit: 'tokens',
    minimum: 1,
  }),
  tie_word_embeddings: bool('Tie embeddings', 'Use the embedding matrix also as the output matrix.', {
    default: false,
  }),
  rope_theta: float('RoPE theta', 'Base of the rotary frequencies; larger for longer contexts.', {
    default: 10000,
    exclusiveMinimum: 0,
  }),
  rope_interleaved: bool('Interleaved RoPE', 'False is the Hugging Face and Llama 3 convention.', {
    default: false,
  }),
  rope_scaling: map({ kind: 'any' }, 'RoPE scaling', 'Parameters that stretch the rotary positions.', {
    nullable: true,
    default: null,
    advanced: true,
  }),
  rms_norm_eps: float('Norm epsilon', 'Added inside the RMS norm.', { default: 1e-6, exclusiveMinimum: 0 }),
  hidden_act: str('Activation', 'Activation of the MLP.', { default: 'silu', advanced: true }),
  attention_bias: bool('Attention bias', 'Add a bias to the attention projections.', {
    default: false,
    advanced: true,
  }),
  bos_token_id: int('BOS token', 'Id of the token that begins a document.', { default: 1, minimum: 0 }),
  eos_token_id: int('EOS token', 'Id of the token that ends a document.', { default: 2, minimum: 0 }),
  pad_token_id: int('Padding token', 'Id of the padding token.', {
    nullable: true,
    default: null,
    advanced: true,
  }),
  initializer_range: float('Initializer range', 'Standard deviation kept for Hugging Face.', {
    default: 0.02,
    noEffect: 'Nanotron initialises from model.init_method instead.',
    advanced: true,
  }),
  pretraining_tp: int('Pre-training TP', 'Kept for Hugging Face compatibility.', {
    default: 1,
    minimum: 1,
    advanced: true,
  }),
  use_cache: bool('Use cache', 'Kept for Hugging Face compatibility; it matters for generation only.', {
    default: true,
    advanced: true,
  }),
  _attn_implementation: oneOf(ATTENTION, 'Attention kernel', 'Implementation of attention.', {
    nullable: true,
    default: 'flash_attention_2',
    advanced: true,
  }),
  z_loss_enabled: bool('z-loss', 'Add a small loss that keeps the logits from growing.', {
    default: false,
    advanced: true,
  }),
  z_loss_coefficient: float('z-loss weight', 'Weight of that loss.', {
    default: 1e-4,
    minimum: 0,
    advanced: true,
  }),
};
