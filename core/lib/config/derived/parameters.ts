// How many parameters a decoder-only transformer has, split into embeddings and the rest.
// Knows nothing about precision, memory or where the shape came from.

import { headDimension, type ModelShape } from './model-shape.ts';

export interface ParameterCount {
  readonly total: number;
  /** Input embedding plus, when not tied, the output head. */
  readonly embedding: number;
  readonly nonEmbedding: number;
  readonly perLayer: number;
}

/**
 * layer = h·H·d + 2·h·K·d + H·d·h + 3·h·I + 2h, with (H+2K)·d more for attention bias;
 * total = L·layer + h + V·h·(tied ? 1 : 2). Checked against Nanotron's "Total number of parameters" line.
 */
export function countParameters(shape: ModelShape): ParameterCount {
  const { layers, hiddenSize, heads, keyValueHeads, intermediateSize, vocabularySize } = shape;
  const dimension = headDimension(shape);
  const attention = 2 * hiddenSize * heads * dimension + 2 * hiddenSize * keyValueHeads * dimension;
  const bias = shape.attentionBias ? (heads + 2 * keyValueHeads) * dimension : 0;
  const perLayer = attention + bias + 3 * hiddenSize * intermediateSize + 2 * hiddenSize;
  const embedding = vocabularySize * hiddenSize * (shape.tiedEmbeddings ? 1 : 2);
  const nonEmbedding = layers * perLayer + hiddenSize;
  return { total: nonEmbedding + embedding, embedding, nonEmbedding, perLayer };
}
