// config.json as transformers reads it, from what a Nanotron checkpoint says, or as it was with another number type.
import type { ModelConfig, RopeScaling } from './model-config.ts';
import type { FloatType } from './tensor-rows.ts';

const typeNames: Readonly<Record<FloatType, string>> = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' };

/** `own` is the config.json the weights came with. */
export function huggingFaceConfig(
  config: ModelConfig,
  from: { readonly own: Readonly<Record<string, unknown>> | null; readonly type: FloatType },
): Readonly<Record<string, unknown>> {
  const torch_dtype = typeNames[from.type];
  if (from.own !== null) {
    return { ...from.own, ...('dtype' in from.own ? { dtype: torch_dtype } : { torch_dtype }) };
  }
  const llama = config.architecture === 'llama';
  return {
    architectures: [llama ? 'LlamaForCausalLM' : 'Qwen2ForCausalLM'],
    model_type: config.architecture,
    ...(llama ? { attention_bias: false, mlp_bias: false, head_dim: config.headSize } : {}),
    bos_token_id: config.beginId,
    eos_token_id: config.endIds.length > 1 ? config.endIds : (config.endIds[0] ?? null),
    pad_token_id: config.padId,
    hidden_act: 'silu',
    hidden_size: config.hiddenSize,
    initializer_range: 0.02,
    intermediate_size: config.intermediateSize,
    max_position_embeddings: config.contextLength,
    num_attention_heads: config.heads,
    num_hidden_layers: config.layers,
    num_key_value_heads: config.keyValueHeads,
    rms_norm_eps: config.normEpsilon,
    rope_scaling: scaling(config.ropeScaling),
    rope_theta: config.ropeBase,
    tie_word_embeddings: config.tied,
    torch_dtype,
    use_cache: true,
    vocab_size: config.vocabularySize,
  };
}

/** generation_config.json, with which ids begin, end and fill. */
export function generationConfig({ beginId, endIds, padId }: ModelConfig): Readonly<Record<string, unknown>> {
  return {
    ...(beginId === null ? {} : { bos_token_id: beginId }),
    ...(endIds.length === 0 ? {} : { eos_token_id: endIds.length === 1 ? endIds[0] : endIds }),
    ...(padId === null ? {} : { pad_token_id: padId }),
  };
}

function scaling(rope: RopeScaling): Readonly<Record<string, unknown>> | null {
  switch (rope.kind) {
    case 'none':
      return null;
    case 'linear':
      return { rope_type: 'linear', factor: rope.factor };
    case 'yarn':
      return {
        rope_type: 'yarn',
        factor: rope.factor,
        original_max_position_embeddings: rope.originalContext,
        ...(rope.attentionFactor === null ? {} : { attention_factor: rope.attentionFactor }),
      };
    case 'llama3':
      return {
        rope_type: 'llama3',
        factor: rope.factor,
        low_freq_factor: rope.lowFrequencyFactor,
        high_freq_factor: rope.highFrequencyFactor,
        original_max_position_embeddings: rope.originalContext,
      };
  }
}
