// The ONNX child process: one model, one session, one request after the other. `session.run` blocks this process, and only this
// one; it is killed to give its memory back. Never goes to the network. Ends with its parent.
import { readFile } from 'node:fs/promises';
import { env, InferenceSession, Tensor } from 'onnxruntime-node';
import { halfToNumber } from '../../core/lib/floats/half-floats.ts';
import { type EncodeWindow, windowEncoder } from '../../core/lib/embedding/token-window.ts';
import { makeTokenizer } from '../../core/lib/tokenizers/text-tokenizer.ts';
import { headGraph } from './head-graph.ts';
import { type FromChild, type HeadWeights, type ToChild, toChild } from './protocol.ts';

interface Model {
  readonly session: InferenceSession;
  readonly encode: EncodeWindow;
}

class Refusal extends Error {
  readonly reason: 'tokenizer' | 'model' | 'run';

  constructor(reason: Refusal['reason'], cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.reason = reason;
  }
}

const send = (reply: FromChild): void => {
  if (process.connected) process.send?.(reply);
};
let model: Model | null = null;
let heads: readonly HeadWeights[] = [];
let headSession: InferenceSession | null = null;

/** Memory is given back after each run: a long document must not be paid for until the end. */
const sessionOptions = (threads: number): InferenceSession.SessionOptions => ({
  enableCpuMemArena: false,
  enableMemPattern: false,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  intraOpNumThreads: threads,
  logSeverityLevel: 3,
});

async function open(request: Extract<ToChild, { kind: 'open' }>): Promise<FromChild> {
  const attempt = async <T>(reason: Refusal['reason'], work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw new Refusal(reason, error);
    }
  };
  const tokenizer = await attempt('tokenizer', async () => {
    const definition = JSON.parse(await readFile(request.tokenizerPath, 'utf8')) as object;
    const config = await readFile(request.tokenizerConfigPath, 'utf8').then(
      (text) => JSON.parse(text) as object,
      () => ({}),
    );
    return makeTokenizer(definition, config);
  });
  const encode = await attempt('tokenizer', async () => windowEncoder(tokenizer, request.maxLength));
  const session = await attempt('model', () =>
    InferenceSession.create(request.modelPath, {
      ...sessionOptions(request.threads),
      // Without it, 8-bit products overflow on processors that have AVX2 but no VNNI.
      ...(request.quantised ? { extra: { session: { x64quantprecision: '1' } } } : {}),
    }),
  );
  model = { session, encode };
  return {
    kind: 'opened',
    id: request.id,
    inputs: [...session.inputNames],
    outputs: [...session.outputNames],
    runtimeVersion: env.versions.node ?? env.versions.common,
    vocabularySize: tokenizer.vocabularySize,
  };
}

function requireModel(): Model {
  if (!model) throw new Refusal('model', 'No model is loaded');
  return model;
}

function tokenize({ id, texts }: Extract<ToChild, { kind: 'tokenize' }>): FromChild {
  const { encode } = requireModel();
  const rows = texts.map(encode);
  const ids = new Uint32Array(rows.reduce((sum, row) => sum + row.length, 0));
  let place = 0;
  for (const row of rows) {
    ids.set(row, place);
    place += row.length;
  }
  return { kind: 'tokens', id, ids, lengths: Uint32Array.from(rows, (row) => row.length) };
}

async function embed(request: Extract<ToChild, { kind: 'embed' }>): Promise<FromChild> {
  const { session } = requireModel();
  const { lengths } = request;
  const longest = lengths.reduce((most, length) => Math.max(most, length), 1);
  const size = lengths.length * longest;
  const ids = new BigInt64Array(size);
  const mask = new BigInt64Array(size);
  let place = 0;
  for (const [row, length] of lengths.entries()) {
    for (let column = 0; column < length; column += 1) {
      ids[row * longest + column] = BigInt(request.ids[place + column] ?? 0);
      mask[row * longest + column] = 1n;
    }
    place += length;
  }
  const shape = [lengths.length, longest];
  const feeds: Record<string, Tensor> = {};
  for (const name of session.inputNames) {
    const values = name === 'input_ids' ? ids : name === 'attention_mask' ? mask : new BigInt64Array(size);
    feeds[name] = new Tensor('int64', values, shape);
  }
  const { [request.output]: output } = await session.run(feeds, [request.output]);
  if (!output) throw new Refusal('run', `The model gave no ${request.output}`);
  const dimensions = output.dims.at(-1) ?? 0;
  const stride = request.pooling === 'first' ? longest * dimensions : dimensions;
  const values = await floatsOf(output);
  if (dimensions === 0 || values.length !== lengths.length * stride) {
    throw new Refusal('run', `${request.output} has the shape ${output.dims.join(' × ')}`);
  }
  const numbers = new Float32Array(lengths.length * dimensions);
  for (let row = 0; row < lengths.length; row += 1) {
    const vector = values.subarray(row * stride, row * stride + dimensions);
    scaleToOne(vector, numbers.subarray(row * dimensions, (row + 1) * dimensions));
  }
  return { kind: 'numbers', id: request.id, numbers };
}

async function floatsOf(tensor: Tensor): Promise<Float32Array> {
  const values = await tensor.getData();
  if (values instanceof Float32Array) return values;
  if (values instanceof Uint16Array && tensor.type === 'float16')
    return Float32Array.from(values, halfToNumber);
  throw new Refusal('run', `The model gives ${tensor.type}, not floats`);
}

/** As torch.nn.functional.normalize: a vector of zeros stays one. */
function scaleToOne(vector: Float32Array, target: Float32Array): void {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const scale = 1 / Math.max(Math.sqrt(squares), 1e-12);
  for (let index = 0; index < target.length; index += 1) target[index] = (vector[index] ?? 0) * scale;
}

async function score({ id, vectors }: Extract<ToChild, { kind: 'score' }>): Promise<FromChild> {
  headSession ??= await InferenceSession.create(headGraph(), sessionOptions(0));
  const inputs = heads[0]?.inputs ?? 1;
  const rows = vectors.length / inputs;
  const numbers = new Float32Array(heads.length * rows);
  const input = new Tensor('float32', vectors, [rows, inputs]);
  for (const [index, head] of heads.entries()) {
    const { scores } = await headSession.run({
      vectors: input,
      w1: new Tensor('float32', head.layer1Weight, [head.hidden, inputs]),
      b1: new Tensor('float32', head.layer1Bias, [head.hidden]),
      w2: new Tensor('float32', head.layer2Weight, [1, head.hidden]),
      b2: new Tensor('float32', head.layer2Bias, [1]),
    });
    if (scores) numbers.set(await floatsOf(scores), index * rows);
  }
  return { kind: 'numbers', id, numbers };
}

async function answer(request: ToChild): Promise<FromChild> {
  switch (request.kind) {
    case 'open':
      return open(request);
    case 'tokenize':
      return tokenize(request);
    case 'embed':
      return embed(request);
    case 'heads':
      ({ heads } = request);
      return { kind: 'ok', id: request.id };
    case 'score':
      return score(request);
  }
}

process.on('disconnect', () => process.exit(0));
let queue: Promise<void> = Promise.resolve();
process.on('message', (raw) => {
  const request = toChild.parse(raw);
  queue = queue.then(async () => {
    try {
      send(await answer(request));
    } catch (error) {
      const reason = error instanceof Refusal ? error.reason : 'run';
      const message = error instanceof Error ? error.message : String(error);
      send({ kind: 'failed', id: request.id, reason, message });
    }
  });
});
