// The shape of a decoder-only transformer: what parameter, FLOP and memory formulas need.
// Knows nothing about YAML; nanotron-numbers.ts reads it from a document.

export interface ModelShape {
  readonly family: 'llama' | 'qwen2';
  readonly layers: number;
  readonly hiddenSize: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly intermediateSize: number;
  readonly vocabularySize: number;
  readonly tiedEmbeddings: boolean;
  readonly attentionBias: boolean;
  readonly maxPositionEmbeddings: number;
}

/** d = h / H. Nanotron divides with `//`; a fraction is reported by a rule, here it is rounded down like there. */
export function headDimension(shape: ModelShape): number {
  return Math.floor(shape.hiddenSize / shape.heads);
}

/** Why a model's numbers cannot be given, or its shape. */
export type ShapeReading =
  | { readonly kind: 'shape'; readonly shape: ModelShape }
  | { readonly kind: 'unknown'; readonly reason: string };
