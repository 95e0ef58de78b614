// Where Nanotron keeps what Hugging Face calls q_proj, gate_proj and so on: some are rows of one fused tensor.
import type { ModelConfig } from './model-config.ts';

export interface NanotronPlace {
  /** Dotted name in Nanotron's state dict, without `weight` or `bias`. */
  readonly module: string;
  readonly suffix: 'weight' | 'bias';
  /** Rows of it; null for all. */
  readonly rows: { readonly first: number; readonly count: number } | null;
}

const PREFIX = 'model.';

/** `name` is one of `planWeights`. */
export function nanotronPlace(name: string, config: ModelConfig): NanotronPlace {
  const suffix = name.endsWith('.bias') ? 'bias' : 'weight';
  const module = name.slice(0, -suffix.length - 1);
  const layer = /^model\.layers\.(\d+)\.(.+)$/.exec(module);
  if (!layer) {
    const whole: Readonly<Record<string, string>> = {
      'model.embed_tokens': 'token_position_embeddings.pp_block.token_embedding',
      'model.norm': 'final_layer_norm.pp_block',
      lm_head: 'lm_head.pp_block',
    };
    return { module: `${PREFIX}${whole[module] ?? module}`, suffix, rows: null };
  }
  const block = `${PREFIX}decoder.${layer[1]}.pp_block`;
  const { part, rows } = withinBlock(layer[2] ?? '', config);
  return { module: `${block}.${part}`, suffix, rows };
}

function withinBlock(
  part: string,
  config: ModelConfig,
): { readonly part: string; readonly rows: NanotronPlace['rows'] } {
  const queries = config.heads * config.headSize;
  const keys = config.keyValueHeads * config.headSize;
  const { intermediateSize } = config;
  switch (part) {
    case 'self_attn.q_proj':
      return { part: 'attn.qkv_proj', rows: { first: 0, count: queries } };
    case 'self_attn.k_proj':
      return { part: 'attn.qkv_proj', rows: { first: queries, count: keys } };
    case 'self_attn.v_proj':
      return { part: 'attn.qkv_proj', rows: { first: queries + keys, count: keys } };
    case 'self_attn.o_proj':
      return { part: 'attn.o_proj', rows: null };
    case 'mlp.gate_proj':
      return { part: 'mlp.gate_up_proj', rows: { first: 0, count: intermediateSize } };
    case 'mlp.up_proj':
      return { part: 'mlp.gate_up_proj', rows: { first: intermediateSize, count: intermediateSize } };
    default:
      return { part, rows: null };
  }
}
