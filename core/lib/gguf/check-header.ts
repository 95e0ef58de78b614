// Whether a parsed header describes a language model that llama.cpp can be given.
// llama.cpp ends the whole process on some contradictions (head count 0, too many layers) and
// accepts others silently (an end token outside the vocabulary), so they are found here.
import { GgufFault, type GgufHeader, type GgufValue, numberOf, textOf } from './header.ts';

/** llama.cpp's LLAMA_MAX_LAYERS; more ends its process. */
const MAX_LAYERS = 512;
/** No published model has a wider layer than 32,768 or more heads than 256; ten times that is damage. */
const MAX_WIDTH = 1_048_576;
const MAX_HEADS = 4096;
/** Families without attention in some or all layers, where a head count of 0 is right. */
const WITHOUT_ATTENTION = /^(mamba|mamba2|rwkv\w*|arwkv\w*)$/;
/** Files that carry something else than a language model. */
const OTHER_KINDS: Readonly<Record<string, string>> = {
  clip: 'an image projector',
  adapter: 'an adapter (LoRA)',
  'control-vector': 'a control vector',
};

/** Throws GgufFault with the first contradiction found. */
export function checkGgufHeader(header: GgufHeader): void {
  const architecture = textOf(header, 'general.architecture');
  if (architecture === null || architecture === '')
    throw new GgufFault('The header does not name an architecture');
  const other = OTHER_KINDS[architecture] ?? OTHER_KINDS[textOf(header, 'general.type') ?? ''];
  if (other !== undefined) throw new GgufFault(`The file holds ${other}, not a model that can answer`);
  if ((numberOf(header, 'split.no') ?? 0) > 0) {
    throw new GgufFault('The file is a later part of a split model; choose the first part');
  }
  positive(header, `${architecture}.block_count`, MAX_LAYERS);
  positive(header, `${architecture}.context_length`, Number.MAX_SAFE_INTEGER);
  const width = positive(header, `${architecture}.embedding_length`, MAX_WIDTH);
  checkHeads(header, architecture, width);
  checkEpsilon(header, architecture);
  const vocabulary = checkVocabulary(header);
  checkEmbedding(header, width, vocabulary);
}

function positive(header: GgufHeader, key: string, limit: number): number {
  const value = header.metadata.get(key);
  if (value === undefined) throw new GgufFault(`The key ${key} is missing`);
  if (value.kind !== 'number' || !Number.isInteger(value.value) || value.value < 1 || value.value > limit) {
    throw new GgufFault(`The key ${key} has an impossible value: ${shown(value)}`);
  }
  return value.value;
}

function checkHeads(header: GgufHeader, architecture: string, width: number): void {
  if (WITHOUT_ATTENTION.test(architecture)) return;
  const key = `${architecture}.attention.head_count`;
  const heads = header.metadata.get(key);
  if (heads?.kind === 'list') {
    if (!heads.first.some((value) => typeof value === 'number' && value > 0 && value <= MAX_HEADS)) {
      throw new GgufFault(`The key ${key} has no positive value`);
    }
    return;
  }
  const count = positive(header, key, MAX_HEADS);
  if (!header.metadata.has(`${architecture}.attention.key_length`) && width % count !== 0) {
    throw new GgufFault(`${count} attention heads do not divide the width ${width}`);
  }
  const shared = `${architecture}.attention.head_count_kv`;
  if (header.metadata.get(shared)?.kind !== 'number') return;
  const keyValueHeads = positive(header, shared, MAX_HEADS);
  if (count % keyValueHeads !== 0) {
    throw new GgufFault(`${keyValueHeads} key and value heads do not divide ${count} attention heads`);
  }
}

function checkEpsilon(header: GgufHeader, architecture: string): void {
  for (const kind of ['layer_norm_rms_epsilon', 'layer_norm_epsilon']) {
    const key = `${architecture}.attention.${kind}`;
    const value = numberOf(header, key);
    if (value !== null && !(value >= 0 && value < 1))
      throw new GgufFault(`The key ${key} has an impossible value: ${value}`);
  }
}

/** Tokens in the vocabulary. */
function checkVocabulary(header: GgufHeader): number {
  const kind = textOf(header, 'tokenizer.ggml.model');
  if (kind === null) throw new GgufFault('The key tokenizer.ggml.model is missing');
  const tokens = header.metadata.get('tokenizer.ggml.tokens');
  if (tokens?.kind !== 'list' || tokens.length === 0) throw new GgufFault('The file has no vocabulary');
  for (const key of ['tokenizer.ggml.scores', 'tokenizer.ggml.token_type']) {
    const column = header.metadata.get(key);
    if (column !== undefined && (column.kind !== 'list' || column.length !== tokens.length)) {
      throw new GgufFault(`The key ${key} does not have one value per token`);
    }
  }
  for (const name of ['bos', 'eos', 'eot', 'unknown', 'padding']) {
    const id = numberOf(header, `tokenizer.ggml.${name}_token_id`);
    // 0xffffffff is how converters write "none".
    if (id !== null && id !== 0xffffffff && !(Number.isInteger(id) && id >= 0 && id < tokens.length)) {
      throw new GgufFault(`The ${name} token ${id} is outside the vocabulary of ${tokens.length}`);
    }
  }
  return tokens.length;
}

function checkEmbedding(header: GgufHeader, width: number, vocabulary: number): void {
  if (header.tensors.length === 0) throw new GgufFault('The file has no weights');
  const embedding = header.tensors.find((tensor) => tensor.name === 'token_embd.weight');
  if (embedding === undefined) {
    if ((numberOf(header, 'split.count') ?? 0) > 1) return;
    throw new GgufFault('The tensor token_embd.weight is missing');
  }
  if (embedding.shape[0] !== width || embedding.shape[1] !== vocabulary) {
    throw new GgufFault(
      `The tensor token_embd.weight is ${embedding.shape.join(' × ')} but width × vocabulary is ${width} × ${vocabulary}`,
    );
  }
}

function shown(value: GgufValue): string {
  return value.kind === 'list' ? `a list of ${value.length}` : String(value.value);
}
