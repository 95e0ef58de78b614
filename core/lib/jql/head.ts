// A JQL regression head: features → linear → ReLU → linear → one score. Shapes and names follow the published heads.
// Plain Float32Array loops (about 1 GMAC/s a core): right for thousands of documents; millions go to onnxruntime.

/** Row-major as in PyTorch's nn.Linear: `layer1Weight` is hidden × inputs, `layer2Weight` is 1 × hidden. */
export interface Head {
  readonly inputs: number;
  readonly hidden: number;
  readonly layer1Weight: Float32Array;
  readonly layer1Bias: Float32Array;
  readonly layer2Weight: Float32Array;
  readonly layer2Bias: Float32Array;
}

/** All zeros: also the shape of a gradient and of an optimiser's moments. */
export function zeroHead(inputs: number, hidden: number): Head {
  return {
    inputs,
    hidden,
    layer1Weight: new Float32Array(hidden * inputs),
    layer1Bias: new Float32Array(hidden),
    layer2Weight: new Float32Array(hidden),
    layer2Bias: new Float32Array(1),
  };
}

/** PyTorch's default for nn.Linear: weights and biases uniform in ±1/sqrt(fan-in). */
export function randomHead(inputs: number, hidden: number, random: () => number): Head {
  const head = zeroHead(inputs, hidden);
  const fill = (target: Float32Array, bound: number): void => {
    for (let index = 0; index < target.length; index += 1) target[index] = (2 * random() - 1) * bound;
  };
  fill(head.layer1Weight, 1 / Math.sqrt(inputs));
  fill(head.layer1Bias, 1 / Math.sqrt(inputs));
  fill(head.layer2Weight, 1 / Math.sqrt(hidden));
  fill(head.layer2Bias, 1 / Math.sqrt(hidden));
  return head;
}

/** `length` products from `left[leftStart]` and `right[rightStart]`, summed in four lanes. */
function dot(left: Float32Array, leftStart: number, right: Float32Array, rightStart: number): number {
  // The shorter tail bounds the loop: callers pass one row of `left` as a subarray.
  const length = left.length - leftStart;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let index = 0;
  for (; index + 4 <= length; index += 4) {
    const l = leftStart + index;
    const r = rightStart + index;
    a += (left[l] as number) * (right[r] as number);
    b += (left[l + 1] as number) * (right[r + 1] as number);
    c += (left[l + 2] as number) * (right[r + 2] as number);
    d += (left[l + 3] as number) * (right[r + 3] as number);
  }
  for (; index < length; index += 1) {
    a += (left[leftStart + index] as number) * (right[rightStart + index] as number);
  }
  return a + b + (c + d);
}

/**
 * Scores of `scores.length` documents. `features`: rows × inputs. `activations`: rows × hidden, receives the
 * hidden layer after ReLU (the gradient needs it).
 */
export function forward(
  head: Head,
  features: Float32Array,
  activations: Float32Array,
  scores: Float32Array,
): void {
  const { inputs, hidden, layer1Weight, layer1Bias, layer2Weight } = head;
  for (let row = 0; row < scores.length; row += 1) {
    const document = features.subarray(row * inputs, (row + 1) * inputs);
    let score = head.layer2Bias[0] ?? 0;
    for (let unit = 0; unit < hidden; unit += 1) {
      const sum = dot(document, 0, layer1Weight, unit * inputs) + (layer1Bias[unit] as number);
      const active = sum > 0 ? sum : 0;
      activations[row * hidden + unit] = active;
      score += active * (layer2Weight[unit] as number);
    }
    scores[row] = score;
  }
}

/** Scores of any number of documents (features: rows × inputs), without keeping activations. */
export function scoreDocuments(head: Head, features: Float32Array): Float32Array {
  const rows = features.length / head.inputs;
  const scores = new Float32Array(rows);
  const activations = new Float32Array(head.hidden);
  for (let row = 0; row < rows; row += 1) {
    const document = features.subarray(row * head.inputs, (row + 1) * head.inputs);
    forward(head, document, activations, scores.subarray(row, row + 1));
  }
  return scores;
}
