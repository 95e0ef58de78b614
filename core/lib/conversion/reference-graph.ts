// A Llama or Qwen2 in the plainest arithmetic, as two ONNX graphs: one layer over all tokens at once, and the output.
// Weights are inputs, so that one layer is in memory at a time. What llama.cpp computes is compared with this.
import { GraphBuilder, integer, integers } from '../onnx/graph-builder.ts';
import type { ModelConfig } from './model-config.ts';

export interface LayerInput {
  /** What follows `model.layers.N.` in the tensor's name. */
  readonly name: string;
  readonly shape: readonly number[];
}

/**
 * One layer: `x` [tokens, hidden], `cosine` and `sine` [tokens, 1, head size / 2], `mask` [tokens, tokens] and the
 * weights of `inputs` give `y` [tokens, hidden]. Which biases there are is known from `inputs`.
 */
export function layerGraph(config: ModelConfig, inputs: readonly LayerInput[]): Uint8Array {
  const { hiddenSize, heads, keyValueHeads, headSize } = config;
  const graph = new GraphBuilder('layer');
  const x = graph.input('x', ['tokens', hiddenSize]);
  const rotation = [
    graph.input('cosine', ['tokens', 1, headSize / 2]),
    graph.input('sine', ['tokens', 1, headSize / 2]),
  ] as const;
  const mask = graph.input('mask', ['tokens', 'tokens']);
  for (const { name, shape } of inputs) graph.input(name, shape);
  const has = new Set(inputs.map(({ name }) => name));
  const project = (from: string, name: string): string => {
    const bias = `${name}.bias`;
    return graph.add('Gemm', [from, `${name}.weight`, ...(has.has(bias) ? [bias] : [])], {
      transB: integer(1),
    });
  };
  const group = heads / keyValueHeads;
  const normed = norm(graph, x, 'input_layernorm.weight', config.normEpsilon);
  const query = rotate(graph, project(normed, 'self_attn.q_proj'), [heads, headSize], rotation);
  const key = rotate(graph, project(normed, 'self_attn.k_proj'), [keyValueHeads, headSize], rotation);
  const value = graph.add('Reshape', [
    project(normed, 'self_attn.v_proj'),
    graph.list(-1, keyValueHeads, 1, headSize),
  ]);
  const queries = graph.add(
    'Transpose',
    [graph.add('Reshape', [query, graph.list(-1, keyValueHeads, group, headSize)])],
    {
      perm: integers(1, 2, 0, 3),
    },
  );
  const keys = graph.add(
    'Transpose',
    [graph.add('Reshape', [key, graph.list(-1, keyValueHeads, 1, headSize)])],
    {
      perm: integers(1, 2, 3, 0),
    },
  );
  const values = graph.add('Transpose', [value], { perm: integers(1, 2, 0, 3) });
  const scores = graph.add('Mul', [
    graph.add('MatMul', [queries, keys]),
    graph.scalar(1 / Math.sqrt(headSize)),
  ]);
  const shares = graph.add('Softmax', [graph.add('Add', [scores, mask])], { axis: integer(-1) });
  const seen = graph.add('Transpose', [graph.add('MatMul', [shares, values])], {
    perm: integers(2, 0, 1, 3),
  });
  const attended = graph.add('Reshape', [seen, graph.list(-1, heads * headSize)]);
  const middle = graph.add('Add', [x, project(attended, 'self_attn.o_proj')]);
  const again = norm(graph, middle, 'post_attention_layernorm.weight', config.normEpsilon);
  const gate = project(again, 'mlp.gate_proj');
  const active = graph.add('Mul', [gate, graph.add('Sigmoid', [gate])]);
  const fed = graph.add('Mul', [active, project(again, 'mlp.up_proj')]);
  graph.add('Add', [middle, project(fed, 'mlp.down_proj')], {}, 'y');
  graph.output('y', ['tokens', hiddenSize]);
  return graph.model();
}

/** `x` [positions, hidden], `norm` [hidden] and rows of the output matrix `rows` [some, hidden] give `logits`. */
export function outputGraph(config: ModelConfig): Uint8Array {
  const graph = new GraphBuilder('output');
  const x = graph.input('x', ['positions', config.hiddenSize]);
  graph.input('norm', [config.hiddenSize]);
  const rows = graph.input('rows', ['some', config.hiddenSize]);
  const normed = norm(graph, x, 'norm', config.normEpsilon);
  graph.add('Gemm', [normed, rows], { transB: integer(1) }, 'logits');
  graph.output('logits', ['positions', 'some']);
  return graph.model();
}

function norm(graph: GraphBuilder, x: string, weight: string, epsilon: number): string {
  const mean = graph.add('ReduceMean', [graph.add('Mul', [x, x])], {
    axes: integers(-1),
    keepdims: integer(1),
  });
  const root = graph.add('Sqrt', [graph.add('Add', [mean, graph.scalar(epsilon)])]);
  return graph.add('Mul', [graph.add('Div', [x, root]), weight]);
}

/** Rotary positions: row i of a head turns with row i + half. Gives [tokens, heads, head size]. */
function rotate(
  graph: GraphBuilder,
  projected: string,
  [heads, headSize]: readonly [number, number],
  [cosine, sine]: readonly [string, string],
): string {
  const all = graph.add('Reshape', [projected, graph.list(-1, heads, headSize)]);
  const [first, second] = [`${all}_first`, `${all}_second`];
  graph.addMany('Split', [all, graph.list(headSize / 2, headSize / 2)], { axis: integer(-1) }, [
    first,
    second,
  ]);
  const turned = [
    graph.add('Sub', [graph.add('Mul', [first, cosine]), graph.add('Mul', [second, sine])]),
    graph.add('Add', [graph.add('Mul', [second, cosine]), graph.add('Mul', [first, sine])]),
  ];
  return graph.add('Concat', turned, { axis: integer(-1) });
}
