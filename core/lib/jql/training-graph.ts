// The arithmetic of head training as ordinary ONNX graphs, for a runtime that only knows inference: a run of steps (gather the
// batch, forward, mean squared error, backward, AdamW), and the scores of given rows.
//
// The hidden layer lies transposed (hidden × batch), so that neither large product of the backward pass has to transpose.
// The steps are one ONNX Loop: parameters and moments pass from step to step inside the runtime, which copies every result
// that leaves it (2 ms a step for 1000 × 768 otherwise; the whole step takes about 14).
import { cosineLearningRate } from './cosine-schedule.ts';
import { float, GraphBuilder, integer, integers } from '../onnx/graph-builder.ts';
import type { ElementType } from '../onnx/model-schema.ts';

const FIRST_DECAY = 0.9;
const SECOND_DECAY = 0.999;
const EPSILON = 1e-8;
/** Turns a positive activation into 1 inside HardSigmoid: anything above 1e-30 of it. */
const STEEP = 1e30;

/** How the vectors lie in memory; half takes half the memory and is widened batch by batch. */
export type VectorType = Extract<ElementType, 'float32' | 'float16'>;

/** The four parameters as the graph calls them, with their shapes; layer 1's bias and layer 2's weight are columns. */
export function parameterShapes(
  inputs: number,
  hidden: number,
): Readonly<Record<string, readonly [number, number]>> {
  return { weight1: [hidden, inputs], bias1: [hidden, 1], weight2: [1, hidden], bias2: [1, 1] };
}

export const parameterNames = ['weight1', 'bias1', 'weight2', 'bias2'] as const;
/** What passes from step to step: parameters, then first and second moments. */
export const stateNames = ['', 'first_', 'second_'].flatMap((prefix) =>
  parameterNames.map((name) => prefix + name),
);

/** Per step: learning rate with the bias corrections folded in, epsilon scaled alike, and what decay leaves of a weight. */
export const SCHEDULE_COLUMNS = 3;

/**
 * Rows of the graph's input `schedule` for the steps `first` … `first + count - 1` (from 0) of `total`.
 * The moments are kept without their factors (1 - beta), which are folded in here; correction as in AdamW.
 */
export function scheduleRows(options: {
  readonly first: number;
  readonly count: number;
  readonly total: number;
  readonly peak: number;
  readonly weightDecay: number;
}): Float32Array {
  const rows = new Float32Array(options.count * SCHEDULE_COLUMNS);
  for (let index = 0; index < options.count; index += 1) {
    const step = options.first + index;
    const rate = cosineLearningRate(step, options.total, options.peak);
    const firstScale = (1 - FIRST_DECAY) / (1 - FIRST_DECAY ** (step + 1));
    const secondScale = Math.sqrt((1 - SECOND_DECAY) / (1 - SECOND_DECAY ** (step + 1)));
    rows.set(
      [(rate * firstScale) / secondScale, EPSILON / secondScale, 1 - rate * options.weightDecay],
      index * SCHEDULE_COLUMNS,
    );
  }
  return rows;
}

/**
 * Inputs: `vectors` [documents, inputs], `labels` [documents], `rows` int32 [steps, batch], `schedule` [steps, 3],
 * `gradient_scale` (2 ÷ batch), the states; `steps` int64. Outputs: the states as `new_…`, `losses` and `gradient_squares` [steps].
 */
export function trainingModel(inputs: number, hidden: number, vectorType: VectorType): Uint8Array {
  const outer = new GraphBuilder('run');
  outer.input('steps', [], 'int64');
  outer.input('vectors', ['documents', inputs], vectorType);
  outer.input('labels', ['documents']);
  outer.input('rows', ['steps', 'batch'], 'int32');
  outer.input('schedule', ['steps', SCHEDULE_COLUMNS]);
  outer.input('gradient_scale', []);
  const shapes = parameterShapes(inputs, hidden);
  const shapeOf = (name: string): readonly [number, number] =>
    shapes[name.replace(/^(first|second)_/, '')] ?? [1, 1];
  for (const name of stateNames) outer.input(name, shapeOf(name));
  const results = [...stateNames.map((name) => `new_${name}`), 'losses', 'gradient_squares'];
  const body = stepGraph(shapeOf, vectorType);
  outer.addMany('Loop', ['steps', '', ...stateNames], { body: { kind: 'graph', graph: body } }, results);
  for (const name of stateNames) outer.output(`new_${name}`, shapeOf(name));
  outer.output('losses', ['steps']);
  outer.output('gradient_squares', ['steps']);
  return outer.model();
}

function stepGraph(shapeOf: (name: string) => readonly [number, number], vectorType: VectorType) {
  const step = new GraphBuilder('step');
  const add = (...line: Parameters<GraphBuilder['add']>): string => step.add(...line);
  step.input('iteration', [], 'int64');
  step.input('go_on_before', [], 'bool');
  for (const name of stateNames) step.input(`old_${name}`, shapeOf(name));
  add('Identity', ['go_on_before'], {}, 'go_on');
  step.output('go_on', [], 'bool');

  const rows = add('Gather', ['rows', 'iteration']);
  const batch = gatherBatch(step, rows, vectorType);
  const label = add('Gather', ['labels', rows]);
  const { active, score } = forward(step, batch, 'old_');

  const difference = add('Sub', [score, label]);
  add('ReduceMean', [add('Mul', [difference, difference])], { keepdims: integer(0) }, 'loss');
  const slope = add('Mul', [difference, 'gradient_scale']);
  // The mask of ReLU as 0 and 1, times the slope of the document, times the weight of the unit.
  const open = add('HardSigmoid', [active], { alpha: float(STEEP), beta: float(0) });
  const hiddenSlope = add('Mul', [
    add('Mul', [open, slope]),
    add('Transpose', ['old_weight2'], { perm: integers(1, 0) }),
  ]);
  const gradients: Readonly<Record<(typeof parameterNames)[number], string>> = {
    weight1: add('Gemm', [hiddenSlope, batch]),
    bias1: add('ReduceSum', [hiddenSlope, step.list(1)], { keepdims: integer(1) }),
    weight2: add('Gemm', [slope, active], { transB: integer(1) }),
    bias2: add('ReduceSum', [slope, step.list(1)], { keepdims: integer(1) }),
  };

  const settings = add('Gather', ['schedule', 'iteration']);
  const [rate, epsilon, keep] = [0, 1, 2].map((column) => add('Gather', [settings, step.list(column)])) as [
    string,
    string,
    string,
  ];
  const squares = parameterNames.map((name) => {
    const gradient = gradients[name];
    const square = add('Mul', [gradient, gradient]);
    const first = add(
      'Add',
      [add('Mul', [`old_first_${name}`, step.scalar(FIRST_DECAY)]), gradient],
      {},
      `first_${name}_after`,
    );
    const second = add(
      'Add',
      [add('Mul', [`old_second_${name}`, step.scalar(SECOND_DECAY)]), square],
      {},
      `second_${name}_after`,
    );
    const root = add('Add', [add('Sqrt', [second]), epsilon]);
    const change = add('Mul', [add('Div', [first, root]), rate]);
    // Weights decay, biases do not.
    const kept = name.startsWith('weight') ? add('Mul', [`old_${name}`, keep]) : `old_${name}`;
    add('Sub', [kept, change], {}, `${name}_after`);
    return add('ReduceSum', [square], { keepdims: integer(0) });
  });
  add('Sum', squares, {}, 'squares');
  for (const name of stateNames) step.output(`${name}_after`, shapeOf(name));
  step.output('loss', []);
  step.output('squares', []);
  return step.graph();
}

function gatherBatch(graph: GraphBuilder, rows: string, vectorType: VectorType): string {
  const gathered = graph.add('Gather', ['vectors', rows]);
  return vectorType === 'float32' ? gathered : graph.add('Cast', [gathered], { to: integer(1) });
}

/** `batch`: rows × inputs. `active`: hidden × rows after ReLU; `score`: 1 × rows. */
function forward(
  graph: GraphBuilder,
  batch: string,
  prefix: string,
): { readonly active: string; readonly score: string } {
  const hidden = graph.add('Gemm', [`${prefix}weight1`, batch, `${prefix}bias1`], { transB: integer(1) });
  const active = graph.add('Relu', [hidden]);
  return { active, score: graph.add('Gemm', [`${prefix}weight2`, active, `${prefix}bias2`]) };
}

/** Inputs: `vectors`, `rows` int32 [batch], the parameters. Output: `scores` [1, batch]. */
export function scoringModel(inputs: number, hidden: number, vectorType: VectorType): Uint8Array {
  const graph = new GraphBuilder('score');
  graph.input('vectors', ['documents', inputs], vectorType);
  graph.input('rows', ['batch'], 'int32');
  for (const [name, shape] of Object.entries(parameterShapes(inputs, hidden))) graph.input(name, shape);
  const { score } = forward(graph, gatherBatch(graph, 'rows', vectorType), '');
  graph.add('Identity', [score], {}, 'scores');
  graph.output('scores', [1, 'batch']);
  return graph.model();
}
