// Finds the two layers of a head among named tensors by their shapes: the published heads call them layer1 and layer2, newer
// ones head.mlp.0 and head.mlp.2, and both mean the same.
import type { Head } from './head.ts';

/** The largest embedding model has 8,192 values and the largest swept head 10,000 units; twice that, 128 MB at float32 is the end. */
export const MAX_HEAD_WEIGHTS = 33_554_432;

export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Row-major; asked for only when the shapes fit. May throw. */
  readonly values: () => Float32Array;
}

export type FoundHead =
  | { readonly kind: 'head'; readonly head: Head }
  | { readonly kind: 'none'; readonly reason: string };

/**
 * Wants exactly [hidden, inputs] and [1, hidden] with biases [hidden] and [1]; counters (tensors without dimensions) are left out.
 * `reason` continues a sentence. Passes on what `values` throws.
 */
export function headFromTensors(tensors: readonly NamedTensor[]): FoundHead {
  const none = (reason: string): FoundHead => ({ kind: 'none', reason });
  const sized = tensors.filter(({ shape }) => shape.length > 0);
  const matrices = sized.filter(({ shape }) => shape.length === 2);
  const vectors = sized.filter(({ shape }) => shape.length === 1);
  if (matrices.length !== 2 || vectors.length !== 2 || sized.length !== 4) {
    return none(`a head has two matrices and two biases, this has ${shownShapes(sized)}`);
  }
  const fitting = bothOrders(matrices).filter(
    ([first, second]) => second.shape[1] === first.shape[0] && matchBiases(first, second, vectors) !== null,
  );
  // [2, 1] and [1, 2] fit both ways, and only one way gives one score. [1, 1] twice cannot be told apart.
  const oneScore = fitting.filter(([, second]) => second.shape[0] === 1);
  const [pair, other] = oneScore.length > 0 ? oneScore : fitting;
  if (!pair || other) return none(`the shapes do not fit together: ${shownShapes(sized)}`);
  const [layer1, layer2] = pair;
  const biases = matchBiases(layer1, layer2, vectors);
  const [outputs = 0, hidden = 0] = layer2.shape;
  const [, inputs = 0] = layer1.shape;
  if (outputs !== 1) return none(`it gives ${outputs} scores a document; only heads of one score are read`);
  if (hidden === 0 || inputs === 0) return none(`a layer is empty: ${shownShapes(sized)}`);
  if (hidden * inputs > MAX_HEAD_WEIGHTS) return none(`it is far larger than a head: ${shownShapes(sized)}`);
  if (!biases) return none(`the shapes do not fit together: ${shownShapes(sized)}`);
  const head: Head = {
    inputs,
    hidden,
    layer1Weight: layer1.values(),
    layer1Bias: biases[0].values(),
    layer2Weight: layer2.values(),
    layer2Bias: biases[1].values(),
  };
  const parts = [head.layer1Weight, head.layer1Bias, head.layer2Weight, head.layer2Bias];
  if (!parts.every((part) => part.every(Number.isFinite))) return none('a weight is not a finite number');
  return { kind: 'head', head };
}

type Pair = readonly [NamedTensor, NamedTensor];

function bothOrders([a, b]: readonly NamedTensor[]): readonly Pair[] {
  return a && b
    ? [
        [a, b],
        [b, a],
      ]
    : [];
}

/** Biases by shape; where both have one value, the one whose name starts like the layer's weight. */
function matchBiases(layer1: NamedTensor, layer2: NamedTensor, vectors: readonly NamedTensor[]): Pair | null {
  const fitting = bothOrders(vectors).filter(
    ([first, second]) => first.shape[0] === layer1.shape[0] && second.shape[0] === layer2.shape[0],
  );
  if (fitting.length < 2) return fitting[0] ?? null;
  const owner = (name: string): string => name.slice(0, name.lastIndexOf('.'));
  return fitting.find(([first]) => owner(first.name) === owner(layer1.name)) ?? null;
}

function shownShapes(tensors: readonly NamedTensor[]): string {
  if (tensors.length === 0) return 'no tensors';
  const shapes = tensors.slice(0, 6).map(({ shape }) => `[${shape.join(', ')}]`);
  return `${shapes.join(' ')}${tensors.length > 6 ? ' …' : ''}`;
}
