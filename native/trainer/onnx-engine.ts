// The arithmetic of training in onnxruntime: loads the graphs, keeps parameters and moments between calls. A call blocks this
// process while it runs, which is why training is a process of its own.
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Head } from '../../core/lib/jql/head.ts';
import type { HeadEngine, StepsRequest } from '../../core/lib/jql/train.ts';
import {
  parameterNames,
  parameterShapes,
  SCHEDULE_COLUMNS,
  scheduleRows,
  scoringModel,
  stateNames,
  trainingModel,
  type VectorType,
} from '../../core/lib/jql/training-graph.ts';

/** Rows scored in one go: their hidden layer takes 16 MB. */
const SCORED_AT_ONCE = 4096;

/** float32 values, or the bits of float16 values; documents × dimensions. */
export type Vectors =
  | { readonly type: 'float32'; readonly values: Float32Array }
  | { readonly type: 'float16'; readonly values: Uint16Array };

export interface EngineOptions {
  readonly vectors: Vectors;
  readonly labels: Float32Array;
  /** The parameters to start from. */
  readonly start: Head;
  /** Threads of the arithmetic; 0 leaves it to the runtime: one a physical core. */
  readonly threads: number;
}

export interface OnnxEngine extends HeadEngine {
  dispose(): Promise<void>;
}

function sessionOptions(threads: number): InferenceSession.SessionOptions {
  return {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    // Second moments of features that are nearly always 0 become denormal, which is a hundred times slower.
    extra: { session: { set_denormal_as_zero: '1' } },
  };
}

export async function createOnnxEngine(options: EngineOptions): Promise<OnnxEngine> {
  const { inputs, hidden } = options.start;
  const documents = options.labels.length;
  const type: VectorType = options.vectors.type;
  const session = sessionOptions(options.threads);
  const training = await InferenceSession.create(trainingModel(inputs, hidden, type), session);
  const scoring = await InferenceSession.create(scoringModel(inputs, hidden, type), session);
  const vectors = vectorTensor(options.vectors, documents, inputs);
  const labels = new Tensor('float32', options.labels, [documents]);
  let state = startingState(options.start);

  const step = async (request: StepsRequest) => {
    const { count, batchSize, firstStep: first, totalSteps: total, peakLearningRate: peak } = request;
    const schedule = scheduleRows({ first, count, total, peak, weightDecay: request.weightDecay });
    const results = await training.run({
      steps: new Tensor('int64', BigInt64Array.of(BigInt(count)), []),
      vectors,
      labels,
      rows: new Tensor('int32', request.rows, [count, batchSize]),
      schedule: new Tensor('float32', schedule, [count, SCHEDULE_COLUMNS]),
      gradient_scale: new Tensor('float32', Float32Array.of(2 / batchSize), []),
      ...state,
    });
    state = Object.fromEntries(stateNames.map((name) => [name, tensorOf(results, `new_${name}`)]));
    const gradientNorms = numbersOf(tensorOf(results, 'gradient_squares')).map(Math.sqrt);
    return { losses: numbersOf(tensorOf(results, 'losses')), gradientNorms };
  };

  const scores = (rows: Int32Array): Promise<Float32Array> => scoreRows(scoring, vectors, state, rows);

  return {
    step,
    scores,
    head: () => ({
      inputs,
      hidden,
      layer1Weight: numbersOf(tensorOf(state, 'weight1')).slice(),
      layer1Bias: numbersOf(tensorOf(state, 'bias1')).slice(),
      layer2Weight: numbersOf(tensorOf(state, 'weight2')).slice(),
      layer2Bias: numbersOf(tensorOf(state, 'bias2')).slice(),
    }),
    dispose: async () => {
      await training.release();
      await scoring.release();
    },
  };
}

function vectorTensor(vectors: Vectors, documents: number, inputs: number): Tensor {
  return vectors.type === 'float32'
    ? new Tensor('float32', vectors.values, [documents, inputs])
    : new Tensor('float16', vectors.values, [documents, inputs]);
}

async function scoreRows(
  session: InferenceSession,
  vectors: Tensor,
  state: Readonly<Record<string, Tensor>>,
  rows: Int32Array,
): Promise<Float32Array> {
  const all = new Float32Array(rows.length);
  const parameters = Object.fromEntries(parameterNames.map((name) => [name, tensorOf(state, name)]));
  for (let first = 0; first < rows.length; first += SCORED_AT_ONCE) {
    const part = rows.subarray(first, first + SCORED_AT_ONCE);
    const result = await session.run({
      vectors,
      rows: new Tensor('int32', part, [part.length]),
      ...parameters,
    });
    all.set(numbersOf(tensorOf(result, 'scores')), first);
  }
  return all;
}

/** Scores of `count` vectors by a head that is trained already. */
export async function scoreVectors(
  head: Head,
  vectors: Vectors,
  count: number,
  threads: number,
): Promise<Float32Array> {
  const { inputs, hidden } = head;
  const model = scoringModel(inputs, hidden, vectors.type);
  const session = await InferenceSession.create(model, sessionOptions(threads));
  try {
    const rows = Int32Array.from({ length: count }, (_, row) => row);
    return await scoreRows(session, vectorTensor(vectors, count, inputs), startingState(head), rows);
  } finally {
    await session.release();
  }
}

function startingState(head: Head): Readonly<Record<string, Tensor>> {
  const shapes = parameterShapes(head.inputs, head.hidden);
  const starts: Readonly<Record<string, Float32Array>> = {
    weight1: head.layer1Weight,
    bias1: head.layer1Bias,
    weight2: head.layer2Weight,
    bias2: head.layer2Bias,
  };
  return Object.fromEntries(
    parameterNames.flatMap((name): [string, Tensor][] => {
      const start = starts[name] ?? new Float32Array();
      const shape = shapes[name] ?? [];
      const zeros = (): Tensor => new Tensor('float32', new Float32Array(start.length), shape);
      return [
        [name, new Tensor('float32', start.slice(), shape)],
        [`first_${name}`, zeros()],
        [`second_${name}`, zeros()],
      ];
    }),
  );
}

function tensorOf(tensors: Readonly<Record<string, Tensor>>, name: string): Tensor {
  const tensor = tensors[name];
  if (!tensor) throw new Error(`The training graph has no ${name}`);
  return tensor;
}

function numbersOf(tensor: Tensor): Float32Array {
  if (tensor.data instanceof Float32Array) return tensor.data;
  throw new Error('The training graph gave something other than float32');
}
