// Floating point operations of one training token, in the three conventions people quote.
// Knows nothing about GPUs; utilisation figures are only comparable within one convention.

import { headDimension, type ModelShape } from './model-shape.ts';
import { countParameters } from './parameters.ts';

/**
 * `nanotron`: forward + backward = ×3, attention counted full, output head included, embedding look-up not;
 * `causal-half`: the same with attention at half cost, as a causal kernel computes it;
 * `six-n`: 6 × parameters, no attention term.
 */
export type FlopsConvention = 'nanotron' | 'causal-half' | 'six-n';

export const FLOPS_CONVENTION_LABELS: Readonly<Record<FlopsConvention, string>> = {
  nanotron: 'Nanotron (attention counted full)',
  'causal-half': 'causal attention at half cost',
  'six-n': '6 × parameters',
};

export type FlopsPerToken = Readonly<Record<FlopsConvention, number>>;

/** F = 3·[2Lh(Hd) + 4Lh(Kd) + 4LHsd + 2L(Hd)h + 6LhI + 2hV], Nanotron's get_flops divided by its tokens. */
export function flopsPerToken(shape: ModelShape, sequenceLength: number): FlopsPerToken {
  const { layers, hiddenSize, heads, keyValueHeads, intermediateSize, vocabularySize } = shape;
  const dimension = headDimension(shape);
  const projections =
    4 * layers * hiddenSize * heads * dimension + 4 * layers * hiddenSize * keyValueHeads * dimension;
  const attention = 4 * layers * heads * sequenceLength * dimension;
  const feedForward = 6 * layers * hiddenSize * intermediateSize;
  const outputHead = 2 * hiddenSize * vocabularySize;
  const withoutAttention = projections + feedForward + outputHead;
  return {
    nanotron: 3 * (withoutAttention + attention),
    'causal-half': 3 * (withoutAttention + attention / 2),
    'six-n': 6 * countParameters(shape).total,
  };
}
