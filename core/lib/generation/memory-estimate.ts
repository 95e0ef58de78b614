// What a model will take of memory once it is loaded, from its header alone: weights, keys and values, working memory, the
// process. Fitted to what llama.cpp 0.4.0 took on Linux with a batch of 512 tokens; a test measures it again.
import { type GgufHeader, numberOf, textOf } from '../gguf/header.ts';

export interface MemoryParts {
  readonly weightsBytes: number;
  readonly cacheBytes: number;
  readonly computeBytes: number;
  readonly overheadBytes: number;
}

export interface RuntimeShape {
  /** Tokens evaluated at once. */
  readonly batchTokens: number;
  /** Tokens of a batch whose logits can be asked for. */
  readonly outputs: number;
  /** The processor wants matrices in an order of its own: one that is also read as a table is held twice. */
  readonly reorders: boolean;
  /** Of Node: its first number, such as 22. */
  readonly nodeMajor: number;
  /** Attention in 32 bits, of which each head's weights stand there whole. */
  readonly exact: boolean;
}

/** Node, llama.cpp, its libraries, and what a few hundred tokens with their probabilities leave behind. */
const PROCESS_BYTES = 83_000_000;
/** What newer ones of Node hold more, measured on 22.23 and 24.21 with models of 5 and 60 MB. */
const NEWER_NODE_BYTES: readonly (readonly [major: number, bytes: number])[] = [
  [24, 18_000_000],
  [22, 17_000_000],
];
/** Text, score and kind of a token in llama.cpp's tables, and its merges. */
const BYTES_PER_TOKEN = 200;
/** Keys and values are halves. */
const CACHE_VALUE_BYTES = 2;
const EXACT_CACHE_VALUE_BYTES = 4;
/** llama.cpp rounds the context up to this. */
const CONTEXT_STEP = 256;

/** `contextTokens` is what the model is loaded with. */
export function estimateMemory(header: GgufHeader, contextTokens: number, shape: RuntimeShape): MemoryParts {
  const architecture = textOf(header, 'general.architecture') ?? 'llama';
  const of = (key: string) => numberOf(header, `${architecture}.${key}`);
  const width = of('embedding_length') ?? 0;
  const layers = of('block_count') ?? 0;
  const heads = Math.max(1, of('attention.head_count') ?? 1);
  const keyHeads = of('attention.head_count_kv') ?? heads;
  const keyLength = of('attention.key_length') ?? width / heads;
  const valueLength = of('attention.value_length') ?? width / heads;
  const feedForward = of('feed_forward_length') ?? 4 * width;
  const vocabulary = vocabularySize(header);
  const context = Math.ceil(contextTokens / CONTEXT_STEP) * CONTEXT_STEP;
  const batch = Math.min(shape.batchTokens, context);
  const outputs = Math.min(shape.outputs, batch);
  return {
    weightsBytes:
      header.tensors.reduce((sum, tensor) => sum + tensor.sizeBytes, 0) + tiedBytes(header, shape),
    cacheBytes:
      context *
      layers *
      keyHeads *
      (keyLength + valueLength) *
      (shape.exact ? EXACT_CACHE_VALUE_BYTES : CACHE_VALUE_BYTES),
    computeBytes:
      computeBytes({ width, feedForward, heads, context, batch, outputs, vocabulary }) +
      (shape.exact ? batch * context * heads * 4 : 0),
    overheadBytes: processBytes(shape.nodeMajor) + vocabulary * BYTES_PER_TOKEN,
  };
}

function computeBytes(of: {
  readonly width: number;
  readonly feedForward: number;
  readonly heads: number;
  readonly context: number;
  readonly batch: number;
  readonly outputs: number;
  readonly vocabulary: number;
}): number {
  const hidden = of.batch * (4 * of.width + 2 * of.feedForward) * 4;
  const logits = of.outputs * of.vocabulary * 4;
  const mask = of.batch * of.context * 2;
  return Math.max(hidden, logits + of.batch * of.width * 4) + mask;
}

/** Embeddings that are the output matrix too. Plain numbers stay in their order. */
function tiedBytes(header: GgufHeader, { reorders }: RuntimeShape): number {
  if (!reorders || header.tensors.some(({ name }) => name === 'output.weight')) return 0;
  const table = header.tensors.find(({ name }) => name === 'token_embd.weight');
  return table === undefined || table.type === 'F32' || table.type === 'BF16' ? 0 : table.sizeBytes;
}

function vocabularySize(header: GgufHeader): number {
  const tokens = header.metadata.get('tokenizer.ggml.tokens');
  return tokens?.kind === 'list' ? tokens.length : 0;
}

export function totalOf(parts: MemoryParts): number {
  return parts.weightsBytes + parts.cacheBytes + parts.computeBytes + parts.overheadBytes;
}

function processBytes(nodeMajor: number): number {
  const more = NEWER_NODE_BYTES.find(([major]) => nodeMajor >= major)?.[1] ?? 0;
  return PROCESS_BYTES + more;
}
