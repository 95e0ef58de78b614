// What conversion has to know of a model's config, whichever tool wrote it: Hugging Face's config.json or Nanotron's
// model_config.json. Sizes are checked against each other here, so that later steps may divide.
import { z } from 'zod';
import { ConversionFault } from './tensor-rows.ts';

export type Architecture = 'llama' | 'qwen2';

/** How rotary positions are stretched beyond the trained context. */
export type RopeScaling =
  | { readonly kind: 'none' }
  | { readonly kind: 'linear'; readonly factor: number }
  | {
      readonly kind: 'llama3';
      readonly factor: number;
      readonly lowFrequencyFactor: number;
      readonly highFrequencyFactor: number;
      readonly originalContext: number;
    }
  | {
      readonly kind: 'yarn';
      readonly factor: number;
      readonly originalContext: number;
      /** Null for the one that follows from the factor. */
      readonly attentionFactor: number | null;
    };

export interface ModelConfig {
  readonly architecture: Architecture;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  readonly vocabularySize: number;
  /** Tokens. */
  readonly contextLength: number;
  readonly normEpsilon: number;
  readonly ropeBase: number;
  readonly ropeScaling: RopeScaling;
  /** The output matrix is the embedding. */
  readonly tied: boolean;
  /** Neighbouring rows of a head are rotated together; false for all of Hugging Face. */
  readonly ropeInterleaved: boolean;
  readonly beginId: number | null;
  readonly endIds: readonly number[];
  readonly padId: number | null;
}

const size = z
  .number()
  .int()
  .min(1)
  .max(2 ** 31);
const tokenId = z.number().int().min(0);

const ropeParameters = z.looseObject({
  rope_type: z.string().nullish(),
  type: z.string().nullish(),
  factor: z.number().positive().nullish(),
  low_freq_factor: z.number().positive().nullish(),
  high_freq_factor: z.number().positive().nullish(),
  original_max_position_embeddings: size.nullish(),
  rope_theta: z.number().positive().nullish(),
  attention_factor: z.number().positive().nullish(),
  beta_fast: z.number().nullish(),
  beta_slow: z.number().nullish(),
  mscale: z.number().nullish(),
});

const shared = z.looseObject({
  hidden_size: size,
  intermediate_size: size,
  num_hidden_layers: size,
  num_attention_heads: size,
  num_key_value_heads: size.nullish(),
  vocab_size: size,
  max_position_embeddings: size,
  rms_norm_eps: z.number().positive().default(1e-6),
  rope_theta: z.number().positive().nullish(),
  rope_scaling: ropeParameters.nullish(),
  tie_word_embeddings: z.boolean().default(false),
  hidden_act: z.string().default('silu'),
  bos_token_id: tokenId.nullish(),
  eos_token_id: z.union([tokenId, z.array(tokenId)]).nullish(),
  pad_token_id: z.number().int().nullish(),
});

const huggingFace = shared.extend({
  architectures: z.array(z.string()).nullish(),
  model_type: z.string().nullish(),
  head_dim: size.nullish(),
  rope_parameters: ropeParameters.nullish(),
});

const nanotron = shared.extend({
  is_llama_config: z.boolean().nullish(),
  is_qwen2_config: z.boolean().nullish(),
  is_starcoder2_config: z.boolean().nullish(),
  rope_interleaved: z.boolean().nullish(),
  no_rope_layer: z.number().nullish(),
  moe_config: z.unknown().nullish(),
});

/** `config.json` of a Hugging Face folder. Throws ConversionFault for another architecture or impossible sizes. */
export function readHuggingFaceConfig(value: unknown): ModelConfig {
  const config = parse(huggingFace, value, 'config.json');
  const architecture = architectureOf(config.architectures?.[0] ?? config.model_type ?? '');
  return toConfig(config, {
    architecture,
    headSize: config.head_dim ?? config.hidden_size / config.num_attention_heads,
    rope: config.rope_parameters ?? config.rope_scaling ?? undefined,
    ropeInterleaved: false,
  });
}

/** `model_config.json` of a Nanotron checkpoint. Throws ConversionFault likewise. */
export function readNanotronConfig(value: unknown): ModelConfig {
  const config = parse(nanotron, value, 'model_config.json');
  if (config.is_starcoder2_config === true) throw unknownArchitecture('Starcoder2');
  if (config.moe_config) throw unknownArchitecture('a mixture of experts');
  if (config.no_rope_layer) {
    throw new ConversionFault(
      `Every ${config.no_rope_layer}th layer of this model has no rotary positions, which is not converted`,
      'Convert it with the tool that trained it',
    );
  }
  return toConfig(config, {
    architecture: config.is_qwen2_config === true ? 'qwen2' : 'llama',
    headSize: config.hidden_size / config.num_attention_heads,
    rope: config.rope_scaling ?? undefined,
    // Versions before the key existed rotated neighbours.
    ropeInterleaved: config.rope_interleaved ?? true,
  });
}

function parse<T extends z.ZodType>(schema: T, value: unknown, file: string): z.infer<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ConversionFault(
    `${file} is not a model's config: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim(),
    'Take the config that was saved with these weights',
  );
}

function architectureOf(name: string): Architecture {
  if (/^(llama|mistral)/i.test(name)) return 'llama';
  if (/^qwen2(?!moe|_moe|vl|_vl)/i.test(name)) return 'qwen2';
  throw unknownArchitecture(name === '' ? 'no architecture' : name);
}

function unknownArchitecture(name: string): ConversionFault {
  return new ConversionFault(
    `This model is of ${name}; Llama and Qwen2 are converted`,
    "Convert it with llama.cpp's own convert_hf_to_gguf.py",
  );
}

interface Differences {
  readonly architecture: Architecture;
  readonly headSize: number;
  readonly rope: z.infer<typeof ropeParameters> | undefined;
  readonly ropeInterleaved: boolean;
}

function toConfig(config: z.infer<typeof shared>, own: Differences): ModelConfig {
  const heads = config.num_attention_heads;
  const keyValueHeads = config.num_key_value_heads ?? heads;
  if (!Number.isInteger(own.headSize) || own.headSize % 2 !== 0 || heads % keyValueHeads !== 0) {
    throw new ConversionFault(
      `${heads} heads over ${config.hidden_size} values and ${keyValueHeads} key-value heads do not fit each other`,
      'Take the config that was saved with these weights',
    );
  }
  if (config.hidden_act !== 'silu' && config.hidden_act !== 'swish') {
    throw new ConversionFault(
      `The activation ${config.hidden_act} is not the one of Llama and Qwen2`,
      'Convert it with the tool that trained it',
    );
  }
  const ends = config.eos_token_id ?? [];
  return {
    architecture: own.architecture,
    hiddenSize: config.hidden_size,
    intermediateSize: config.intermediate_size,
    layers: config.num_hidden_layers,
    heads,
    keyValueHeads,
    headSize: own.headSize,
    vocabularySize: config.vocab_size,
    contextLength: config.max_position_embeddings,
    normEpsilon: config.rms_norm_eps,
    ropeBase: own.rope?.rope_theta ?? config.rope_theta ?? 10_000,
    ropeScaling: scalingOf(own.rope, config.max_position_embeddings),
    tied: config.tie_word_embeddings,
    ropeInterleaved: own.ropeInterleaved,
    beginId: config.bos_token_id ?? null,
    endIds: typeof ends === 'number' ? [ends] : ends,
    padId:
      config.pad_token_id !== undefined && config.pad_token_id !== null && config.pad_token_id >= 0
        ? config.pad_token_id
        : null,
  };
}

function scalingOf(rope: Differences['rope'], contextLength: number): RopeScaling {
  const kind = rope?.rope_type ?? rope?.type ?? 'default';
  const factor = rope?.factor;
  if (kind === 'default' || rope === undefined) return { kind: 'none' };
  if (factor !== undefined && factor !== null) {
    const originalContext = rope.original_max_position_embeddings ?? contextLength;
    if (kind === 'linear') return { kind, factor };
    if (kind === 'yarn') {
      requirePlainYarn(rope);
      return { kind, factor, originalContext, attentionFactor: rope.attention_factor ?? null };
    }
    if (kind === 'llama3') {
      return {
        kind,
        factor,
        lowFrequencyFactor: rope.low_freq_factor ?? 1,
        highFrequencyFactor: rope.high_freq_factor ?? 4,
        originalContext: rope.original_max_position_embeddings ?? 8192,
      };
    }
  }
  throw new ConversionFault(
    `The rope scaling ${kind} is not converted`,
    'Llama 3, linear and YaRN scaling are; for others use the tool that trained the model',
  );
}

/** The runtime has keys for the factor alone: other bands than YaRN's own would be read as those. */
function requirePlainYarn({ beta_fast, beta_slow, mscale }: z.infer<typeof ropeParameters>): void {
  if ((beta_fast ?? 32) === 32 && (beta_slow ?? 1) === 1 && (mscale ?? null) === null) return;
  throw new ConversionFault(
    'The YaRN scaling of this model has bands of its own, which are not converted',
    'Convert it with the tool that trained it',
  );
}
