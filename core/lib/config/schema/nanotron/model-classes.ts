// The model classes of Nanotron `model.model_config`: Llama, Starcoder2, Qwen2. Source: Nanotron main, April 2026.
import { bool, float, INTEGER, int, list, objectSchema, oneOf, section, str } from '../fields.ts';
import { ATTENTION, COMMON_MODEL_FIELDS } from './model-common.ts';

export const LLAMA = objectSchema('Llama model config', 'Llama architecture, Llama 3.2 included.', {
  is_llama_config: bool('Llama', 'Marks the class; keep it true.', { default: true, advanced: true }),
  ...COMMON_MODEL_FIELDS,
});

const MIXTURE = objectSchema('moe_config', 'Mixture of experts in place of the MLP.', {
  num_experts: int('Experts', 'Experts per layer.', { default: 8, minimum: 1 }),
  top_k: int('Active experts', 'Experts that each token goes to; at most num_experts.', {
    default: 2,
    minimum: 1,
  }),
  moe_intermediate_size: int('Expert size', 'Width inside one expert.', {
    default: 1408,
    unit: 'features',
    minimum: 1,
  }),
  shared_expert_intermediate_size: int('Shared expert size', 'Width of the expert that all tokens pass.', {
    default: 5632,
    unit: 'features',
    minimum: 1,
  }),
  router_aux_loss_coef: float('Router loss', 'Weight of the loss that balances the experts.', {
    default: 0.01,
    minimum: 0,
  }),
  layers: list(INTEGER, 'Layers', 'Layers that have experts; [-1] is all.', {
    defaultText: '[-1], all layers',
  }),
  enable_shared_expert: bool('Shared expert', 'Add the expert that all tokens pass.', { default: false }),
  token_dispatcher_type: oneOf(
    ['alltoall', 'allgather'],
    'Dispatcher',
    'How tokens travel to their experts.',
    { default: 'alltoall' },
  ),
});

export const QWEN2 = objectSchema(
  'Qwen2 model config',
  'Qwen2 architecture, the class that Nanotron main maintains.',
  {
    is_qwen2_config: bool('Qwen2', 'Marks the class; keep it true.', { default: true, advanced: true }),
    ...COMMON_MODEL_FIELDS,
    rope_seq_len_interpolation_factor: float(
      'RoPE interpolation',
      'Divides positions, to stretch the context.',
      {
        nullable: true,
        default: null,
        advanced: true,
      },
    ),
    flex_attention_mask: oneOf(
      ['sliding_window', 'document', 'sliding_window_document'],
      'Flex mask',
      'Mask of flex_attention; not with other kernels.',
      {
        nullable: true,
        default: null,
        advanced: true,
      },
    ),
    sliding_window_size: int('Sliding window', 'Tokens each position may look back.', {
      nullable: true,
      default: null,
      unit: 'tokens',
      minimum: 1,
      advanced: true,
    }),
    no_rope_layer: int(
      'No RoPE every',
      'Every so many layers one has no rotary positions; must divide the number of layers.',
      {
        nullable: true,
        default: null,
        unit: 'layers',
        minimum: 1,
        advanced: true,
      },
    ),
    _fused_rotary_emb: bool('Fused rotary', 'Use the fused rotary kernel.', {
      default: true,
      advanced: true,
    }),
    _fused_rms_norm: bool('Fused norm', 'Use the fused RMS norm kernel.', { default: true, advanced: true }),
    _use_qkv_packed: bool('Packed QKV', 'Pass queries, keys and values in one tensor.', {
      default: true,
      advanced: true,
    }),
    _use_doc_masking: bool('Document mask', 'Keep attention inside one document.', {
      default: false,
      advanced: true,
    }),
    log_attn_probs: bool('Log attention', 'Record attention probabilities.', {
      default: true,
      advanced: true,
    }),
    ring_attn_heads_k_stride: int(
      'Ring stride',
      'Key heads per ring step; only with llama3_ring_attention, and required there.',
      {
        nullable: true,
        default: null,
        minimum: 1,
        advanced: true,
      },
    ),
    moe_config: section(MIXTURE, 'Mixture of experts', { nullable: true, default: null, advanced: true }),
  },
);

export const STARCODER2 = objectSchema('Starcoder2 model config', 'Starcoder2 architecture; rarely needed.', {
  is_starcoder2_config: bool('Starcoder2', 'Marks the class; keep it true.', {
    default: true,
    advanced: true,
  }),
  activation_function: str('Activation', 'Activation of the MLP.', { default: 'gelu_pytorch_tanh' }),
  attention_softmax_in_fp32: bool('Softmax in fp32', 'Compute the attention softmax in 32 bits.', {
    default: true,
    advanced: true,
  }),
  attn_pdrop: float('Attention dropout', 'Dropout of attention weights.', {
    default: 0.1,
    minimum: 0,
    maximum: 1,
  }),
  embd_pdrop: float('Embedding dropout', 'Dropout after the embedding.', {
    default: 0.1,
    minimum: 0,
    maximum: 1,
  }),
  resid_pdrop: float('Residual dropout', 'Dropout before each residual sum.', {
    default: 0.1,
    minimum: 0,
    maximum: 1,
  }),
  bos_token_id: int('BOS token', 'Id of the token that begins a document.', { default: 49152, minimum: 0 }),
  eos_token_id: int('EOS token', 'Id of the token that ends a document.', { default: 49152, minimum: 0 }),
  global_attn_layers: list(
    INTEGER,
    'Global layers',
    'Layers that look at the whole sequence in spite of the window.',
    { defaultText: 'none' },
  ),
  grouped_query: bool('Grouped query', 'Several query heads share one key-value head.', { default: false }),
  hidden_size: int('Hidden size', 'Width of the model.', { default: 2048, unit: 'features', minimum: 1 }),
  initializer_range: float('Initializer range', 'Standard deviation kept for Hugging Face.', {
    default: 0.02,
    advanced: true,
  }),
  intermediate_size: int('MLP size', 'Width inside the MLP.', {
    nullable: true,
    default: null,
    unit: 'features',
    minimum: 1,
  }),
  layer_norm_epsilon: float('Norm epsilon', 'Added inside the layer norm.', {
    default: 1e-5,
    exclusiveMinimum: 0,
  }),
  max_position_embeddings: int('Longest position', 'Longest sequence.', {
    default: 4096,
    unit: 'tokens',
    minimum: 1,
  }),
  multi_query: bool('Multi query', 'All query heads share one key-value head.', { default: false }),
  num_attention_heads: int('Attention heads', 'Heads of the queries.', {
    default: 16,
    unit: 'heads',
    minimum: 1,
  }),
  num_hidden_layers: int('Layers', 'Number of transformer blocks.', {
    default: 24,
    unit: 'layers',
    minimum: 1,
  }),
  num_kv_heads: int('Key-value heads', 'Heads of keys and values.', {
    nullable: true,
    default: null,
    unit: 'heads',
    minimum: 1,
  }),
  rope_theta: int('RoPE theta', 'Base of the rotary frequencies.', { nullable: true, default: 10000 }),
  scale_attention_softmax_in_fp32: bool('Scale in fp32', 'Scale the attention softmax in 32 bits.', {
    default: true,
    advanced: true,
  }),
  scale_attn_weights: bool('Scale attention', 'Divide attention scores by the root of the head size.', {
    default: true,
    advanced: true,
  }),
  sliding_window_size: int('Sliding window', 'Tokens each position may look back.', {
    nullable: true,
    default: null,
    unit: 'tokens',
  }),
  use_position_embeddings: bool('Learned positions', 'Use learned positions instead of rotary ones.', {
    default: false,
    advanced: true,
  }),
  use_rotary_embeddings: bool('Rotary positions', 'Use rotary positions.', {
    default: true,
    advanced: true,
  }),
  vocab_size: int('Vocabulary', 'Rows of the embedding.', { default: 49280, unit: 'tokens', minimum: -1 }),
  _attn_implementation: oneOf(ATTENTION, 'Attention kernel', 'Implementation of attention.', {
    nullable: true,
    default: 'flash_attention_2',
    advanced: true,
  }),
});
