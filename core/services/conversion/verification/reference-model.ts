// Runs weights as they were saved, layer by layer, in onnxruntime: what a converted model has to agree with.
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { StudioError } from '../../../api/errors.ts';
import { toFloats } from '../../../lib/conversion/float-bits.ts';
import { type LayerInput, layerGraph, outputGraph } from '../../../lib/conversion/reference-graph.ts';
import { rotationOf } from '../../../lib/conversion/rotary.ts';
import { rowsOf, type TensorRows } from '../../../lib/conversion/tensor-rows.ts';
import { checkWeights } from '../sources/check-weights.ts';
import type { WeightFolder } from '../sources/weight-folder.ts';

/** Rows of the output matrix at a time: some 60 MB for a hidden size of 960. */
const OUTPUT_ROWS = 16_384;
/** Attention is computed over all prompts at once, so their tokens are bounded: 1,024² scores a head. */
export const MAX_REFERENCE_TOKENS = 1024;

export interface Prompts {
  readonly prompts: readonly (readonly number[])[];
  /** How many of the last tokens of each are looked at. */
  readonly positions: number;
}

/**
 * Natural log-probabilities [prompts × positions, vocabulary]. Throws what reading weights throws, INVALID_INPUT for too
 * many tokens.
 */
export async function referenceDistributions(
  weights: WeightFolder,
  request: Prompts,
  progress: (share: number) => Promise<void>,
): Promise<Float32Array> {
  const { tensors } = checkWeights(weights);
  const ids = request.prompts.flat();
  requireFits(weights, request, ids.length);
  const hidden = await runLayers(weights, { ids, request, progress });
  const own = tensors.some(({ name }) => name === 'lm_head.weight');
  const output = required(weights, own ? 'lm_head.weight' : 'model.embed_tokens.weight');
  return distributions(weights, { hidden, output, request });
}

function requireFits({ folder }: WeightFolder, { prompts, positions }: Prompts, tokens: number): void {
  const tooShort = prompts.some((prompt) => prompt.length < positions);
  if (tokens <= MAX_REFERENCE_TOKENS && !tooShort) return;
  const reason = `${tokens} tokens in ${prompts.length} prompts cannot be compared at ${positions} positions each`;
  throw new StudioError('INVALID_INPUT', reason, {
    hint: 'Verify with fewer or other prompts',
    path: folder,
  });
}

function required(weights: WeightFolder, name: string): TensorRows {
  const tensor = weights.find(name);
  if (tensor) return tensor;
  throw new StudioError('CORRUPT_FILE', `${name} is missing`, {
    hint: 'Copy the folder again with all its files',
    path: weights.folder,
  });
}

function valuesOf(tensor: TensorRows, first = 0, count = rowsOf(tensor)): Float32Array {
  return toFloats(tensor.readRows(first, count), tensor.type);
}

async function runLayers(
  weights: WeightFolder,
  work: {
    readonly ids: readonly number[];
    readonly request: Prompts;
    readonly progress: (share: number) => Promise<void>;
  },
): Promise<Float32Array> {
  const { config } = weights;
  const { ids, request } = work;
  const tokens = ids.length;
  const positions = request.prompts.flatMap((prompt) => prompt.map((_, place) => place));
  const rotation = rotationOf(config, positions);
  const half = config.headSize / 2;
  const fixed = {
    cosine: new Tensor('float32', rotation.cosine, [tokens, 1, half]),
    sine: new Tensor('float32', rotation.sine, [tokens, 1, half]),
    mask: new Tensor('float32', causalMask(request.prompts), [tokens, tokens]),
  };
  let x = embed(required(weights, 'model.embed_tokens.weight'), ids);
  const inputs = layerInputs(weights);
  const session = await InferenceSession.create(layerGraph(config, inputs));
  try {
    for (let layer = 0; layer < config.layers; layer += 1) {
      const feeds: Record<string, Tensor> = {
        ...fixed,
        x: new Tensor('float32', x, [tokens, config.hiddenSize]),
      };
      for (const { name, shape } of inputs) {
        feeds[name] = new Tensor('float32', valuesOf(required(weights, `model.layers.${layer}.${name}`)), [
          ...shape,
        ]);
      }
      x = await floatsOf((await session.run(feeds))['y']);
      await work.progress((layer + 1) / (config.layers + 1));
    }
  } finally {
    await session.release();
  }
  return x;
}

/** What layer 0 has; all layers have the same. */
function layerInputs(weights: WeightFolder): readonly LayerInput[] {
  const prefix = 'model.layers.0.';
  return checkWeights(weights)
    .tensors.filter(({ name }) => name.startsWith(prefix))
    .map(({ name, shape }) => ({ name: name.slice(prefix.length), shape }));
}

function embed(embedding: TensorRows, ids: readonly number[]): Float32Array {
  const width = embedding.shape[1] ?? 0;
  const x = new Float32Array(ids.length * width);
  for (const [place, id] of ids.entries()) x.set(valuesOf(embedding, id, 1), place * width);
  return x;
}

/** 0 where a token may look, far below it elsewhere: back within its own prompt. */
function causalMask(prompts: readonly (readonly number[])[]): Float32Array {
  const tokens = prompts.reduce((sum, prompt) => sum + prompt.length, 0);
  const mask = new Float32Array(tokens * tokens).fill(-1e30);
  let start = 0;
  for (const prompt of prompts) {
    for (let row = 0; row < prompt.length; row += 1) {
      const at = (start + row) * tokens + start;
      mask.fill(0, at, at + row + 1);
    }
    start += prompt.length;
  }
  return mask;
}

async function distributions(
  weights: WeightFolder,
  from: { readonly hidden: Float32Array; readonly output: TensorRows; readonly request: Prompts },
): Promise<Float32Array> {
  const { hiddenSize, vocabularySize } = weights.config;
  const { prompts, positions } = from.request;
  const chosen = new Float32Array(prompts.length * positions * hiddenSize);
  let end = 0;
  for (const [index, prompt] of prompts.entries()) {
    end += prompt.length;
    const start = (end - positions) * hiddenSize;
    chosen.set(from.hidden.subarray(start, end * hiddenSize), index * positions * hiddenSize);
  }
  const rows = prompts.length * positions;
  const x = new Tensor('float32', chosen, [rows, hiddenSize]);
  const norm = new Tensor('float32', valuesOf(required(weights, 'model.norm.weight')), [hiddenSize]);
  const logits = new Float32Array(rows * vocabularySize);
  const output = required(weights, from.output.name);
  const session = await InferenceSession.create(outputGraph(weights.config));
  try {
    for (let first = 0; first < vocabularySize; first += OUTPUT_ROWS) {
      const count = Math.min(OUTPUT_ROWS, vocabularySize - first);
      const part = new Tensor('float32', valuesOf(output, first, count), [count, hiddenSize]);
      const values = await floatsOf((await session.run({ x, norm, rows: part }))['logits']);
      for (let row = 0; row < rows; row += 1) {
        logits.set(values.subarray(row * count, (row + 1) * count), row * vocabularySize + first);
      }
    }
  } finally {
    await session.release();
  }
  for (let row = 0; row < rows; row += 1)
    normalize(logits.subarray(row * vocabularySize, (row + 1) * vocabularySize));
  return logits;
}

/** Logits to natural log-probabilities, in place. */
function normalize(logits: Float32Array): void {
  let largest = Number.NEGATIVE_INFINITY;
  for (const value of logits) if (value > largest) largest = value;
  let sum = 0;
  for (const value of logits) sum += Math.exp(value - largest);
  const total = largest + Math.log(sum);
  for (let index = 0; index < logits.length; index += 1) logits[index] = (logits[index] as number) - total;
}

async function floatsOf(tensor: Tensor | undefined): Promise<Float32Array> {
  const values = await tensor?.getData();
  if (values instanceof Float32Array) return values;
  throw new StudioError('INTERNAL', 'The reference gave no numbers', {
    hint: 'Copy the details and report them',
  });
}
