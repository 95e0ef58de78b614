// Which tensors a model of a config has, by their Hugging Face names and shapes, and their names in a GGUF file,
// in the order a GGUF file has them. One list for every way of conversion, so that none is forgotten.
import type { ModelConfig } from './model-config.ts';

export interface PlannedTensor {
  readonly name: string;
  readonly gguf: string;
  readonly shape: readonly number[];
  /** Heads whose rows llama.cpp wants neighbouring, for the matrices that are rotated. */
  readonly rotatedHeads: number | null;
  /** Not every model has it. */
  readonly optional: boolean;
}

/** Every tensor of the model; biases are optional, and the output matrix where it is tied. */
export function planWeights(config: ModelConfig): readonly PlannedTensor[] {
  const { hiddenSize, intermediateSize, heads, keyValueHeads, headSize, vocabularySize } = config;
  const queries = heads * headSize;
  const keys = keyValueHeads * headSize;
  const rotated = (count: number) => (config.architecture === 'llama' ? count : null);
  const tensors: PlannedTensor[] = [
    fixed('model.embed_tokens.weight', 'token_embd.weight', [vocabularySize, hiddenSize]),
  ];
  for (let layer = 0; layer < config.layers; layer += 1) {
    const from = `model.layers.${layer}`;
    const to = `blk.${layer}`;
    tensors.push(
      fixed(`${from}.input_layernorm.weight`, `${to}.attn_norm.weight`, [hiddenSize]),
      ...projection([`${from}.self_attn.q_proj`, `${to}.attn_q`], [queries, hiddenSize], rotated(heads)),
      ...projection([`${from}.self_attn.k_proj`, `${to}.attn_k`], [keys, hiddenSize], rotated(keyValueHeads)),
      ...projection([`${from}.self_attn.v_proj`, `${to}.attn_v`], [keys, hiddenSize], null),
      ...projection([`${from}.self_attn.o_proj`, `${to}.attn_output`], [hiddenSize, queries], null),
      fixed(`${from}.post_attention_layernorm.weight`, `${to}.ffn_norm.weight`, [hiddenSize]),
      ...projection([`${from}.mlp.gate_proj`, `${to}.ffn_gate`], [intermediateSize, hiddenSize], null),
      ...projection([`${from}.mlp.up_proj`, `${to}.ffn_up`], [intermediateSize, hiddenSize], null),
      ...projection([`${from}.mlp.down_proj`, `${to}.ffn_down`], [hiddenSize, intermediateSize], null),
    );
  }
  tensors.push(fixed('model.norm.weight', 'output_norm.weight', [hiddenSize]), {
    ...fixed('lm_head.weight', 'output.weight', [vocabularySize, hiddenSize]),
    optional: config.tied,
  });
  return tensors;
}

function fixed(name: string, gguf: string, shape: readonly number[]): PlannedTensor {
  return { name, gguf, shape, rotatedHeads: null, optional: false };
}

function projection(
  [name, gguf]: readonly [string, string],
  shape: readonly [number, number],
  rotatedHeads: number | null,
): readonly PlannedTensor[] {
  return [
    { ...fixed(`${name}.weight`, `${gguf}.weight`, shape), rotatedHeads },
    { ...fixed(`${name}.bias`, `${gguf}.bias`, [shape[0]]), rotatedHeads, optional: true },
  ];
}
