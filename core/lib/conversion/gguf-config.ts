// A model's config out of the keys of a GGUF file: what conversion knows of a folder, read back.
import { defaultYarnScale } from './gguf-metadata.ts';
import { type GgufHeader, type GgufValue, numberOf, textOf } from '../gguf/header.ts';
import type { ModelConfig, RopeScaling } from './model-config.ts';

/** Null for another architecture than Llama and Qwen2, or where a key is missing. `header` was checked. */
export function readGgufConfig(header: GgufHeader): ModelConfig | null {
  const architecture = textOf(header, 'general.architecture');
  if (architecture !== 'llama' && architecture !== 'qwen2') return null;
  const of = (key: string) => numberOf(header, `${architecture}.${key}`);
  const heads = of('attention.head_count');
  const hiddenSize = of('embedding_length');
  const intermediateSize = of('feed_forward_length');
  const layers = of('block_count');
  if (heads === null || hiddenSize === null || intermediateSize === null || layers === null) return null;
  const embedding = header.tensors.find(({ name }) => name === 'token_embd.weight');
  const vocabularySize = embedding?.shape[1] ?? countOf(header.metadata.get('tokenizer.ggml.tokens'));
  const keyValueHeads = of('attention.head_count_kv') ?? heads;
  const headSize = of('attention.key_length') ?? hiddenSize / heads;
  if (!Number.isInteger(headSize) || headSize % 2 !== 0 || heads % keyValueHeads !== 0) return null;
  const end = numberOf(header, 'tokenizer.ggml.eos_token_id');
  return {
    architecture,
    hiddenSize,
    intermediateSize,
    layers,
    heads,
    keyValueHeads,
    headSize,
    vocabularySize,
    contextLength: of('context_length') ?? 0,
    normEpsilon: of('attention.layer_norm_rms_epsilon') ?? 1e-5,
    ropeBase: of('rope.freq_base') ?? 10_000,
    ropeScaling: scalingOf(header, architecture),
    tied: !header.tensors.some(({ name }) => name === 'output.weight'),
    // Rows of Llama lie as neighbours in the file, and are given back in halves.
    ropeInterleaved: false,
    beginId: numberOf(header, 'tokenizer.ggml.bos_token_id'),
    endIds: end === null ? [] : [end],
    padId: numberOf(header, 'tokenizer.ggml.padding_token_id'),
  };
}

function countOf(value: GgufValue | undefined): number {
  return value?.kind === 'list' ? value.length : 0;
}

function scalingOf(header: GgufHeader, architecture: string): RopeScaling {
  const prefix = `${architecture}.rope.scaling`;
  const kind = textOf(header, `${prefix}.type`);
  const factor = numberOf(header, `${prefix}.factor`);
  if (factor === null) return { kind: 'none' };
  if (kind === 'linear') return { kind, factor };
  const originalContext = numberOf(header, `${prefix}.original_context_length`) ?? 0;
  if (kind !== 'yarn') return { kind: 'none' };
  const own = numberOf(header, `${prefix}.attn_factor`);
  const attentionFactor = own === null ? null : own * defaultYarnScale(factor);
  return { kind, factor, originalContext, attentionFactor };
}
