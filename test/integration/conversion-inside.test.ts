// What the studio says is inside a model, whatever its layout: against the numbers the weights were made of. And types that the
// runtime's own quantizer writes, reports that stay beside their models, and differences across layouts.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConversionEvent, DifferenceEvent, VerificationEvent } from '../../core/api/conversion.ts';
import type { TensorStatistics } from '../../core/api/weights.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { writeNanotronCheckpoint } from '../support/nanotron-checkpoint.ts';
import {
  copyTokenizer,
  type RandomModel,
  randomWeights,
  readConversionExpectations,
  safetensors,
  writeHuggingFaceModel,
} from '../support/random-model.ts';
import { startTestCore, type TestCore } from '../support/test-core.ts';

let studio: TestCore;
let root: string;
let model: RandomModel;

beforeAll(async () => {
  ensureChildBuilt('native-weights', 'core/services/conversion');
  ensureChildBuilt('native-llama', 'native/llama');
  studio = await startTestCore();
  root = join(studio.stateFolder, 'workspace');
  await mkdir(root);
  await studio.client.workspace.open({ path: root });
  const { cases } = await readConversionExpectations();
  model = cases['llama-scaled'] as RandomModel;
  await writeHuggingFaceModel(join(root, 'models/hf'), model, { shards: 3 });
  const step = join(root, 'runs/one/checkpoints/500');
  await mkdir(step, { recursive: true });
  await writeNanotronCheckpoint(step, model, { tensorParallel: 2, names: 'new', interleaved: true });
  await copyTokenizer(model, step);
}, 120_000);
afterAll(() => studio[Symbol.asyncDispose]());

async function last<T extends { readonly kind: string }>(events: AsyncIterable<T>) {
  const all: T[] = [];
  for await (const event of events) all.push(event);
  const result = all.at(-1);
  if (result?.kind !== 'result') throw new Error(`ended with ${result?.kind}`);
  return result as Extract<T, { kind: 'result' }>;
}

async function convert(source: string, output: string, type: 'f32' | 'f16' | 'q4_k_m' | 'q6_k') {
  const events = await studio.client.conversion.convert({ source, output, type });
  return (await last<ConversionEvent>(events)).result;
}

async function diff(a: string, b: string) {
  return (await last<DifferenceEvent>(await studio.client.conversion.diff({ a, b }))).result;
}

async function statisticsOf(path: string): Promise<ReadonlyMap<string, TensorStatistics>> {
  const found = new Map<string, TensorStatistics>();
  for await (const event of await studio.client.weights.statistics({ path })) {
    if (event.kind === 'tensors') for (const tensor of event.tensors) found.set(tensor.name, tensor);
    else expect(event.unread).toEqual([]);
  }
  return found;
}

/** The plainest way to say the same. */
function expectedOf(name: string, shape: readonly number[]) {
  const values = [...randomWeights(name, shape)];
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + value * value, 0);
  return {
    norm: Math.sqrt(squares),
    mean,
    deviation: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length),
    least: Math.min(...values),
    largest: Math.max(...values),
  };
}

describe('inside of a model', () => {
  it('folders of weights are listed with what they are', async () => {
    expect(await studio.client.weights.list()).toMatchObject([
      { path: 'models/hf', name: 'hf', layout: 'huggingface' },
      { path: 'runs/one/checkpoints/500', name: 'one · 500', layout: 'nanotron', sizeBytes: null },
    ]);
  });

  it.each(['models/hf', 'runs/one/checkpoints/500'])(
    'tensors, config and tokenizer are told of %s',
    async (path) => {
      const detail = await studio.client.weights.inspect({ path });
      expect(detail).toMatchObject({ path, architecture: 'llama', isConvertible: true, template: null });
      const parameters = Object.values(model.shapes).reduce(
        (sum, s) => sum + s.reduce((a, b) => a * b, 1),
        0,
      );
      expect(detail.parameters).toBe(parameters);
      expect(Object.fromEntries(detail.tensors.map(({ name, shape }) => [name, shape]))).toEqual(
        model.shapes,
      );
      expect(detail.metadata).toContainEqual({ key: 'hidden_size', value: '64' });
      expect(detail.metadata).toContainEqual({ key: 'rope_scaling.rope_type', value: 'llama3' });
      expect(detail.tokenizer).toMatchObject({
        kind: 'BPE',
        preTokenizer: { name: 'SentencePiece' },
        special: expect.arrayContaining([{ id: 1, text: '<s>', role: null }]),
      });
      const vocabulary = await studio.client.weights.vocabulary({ path });
      const file = JSON.parse(await readFile(join(root, path, 'tokenizer.json'), 'utf8'));
      for (const [text, id] of Object.entries<number>(file.model.vocab)) {
        expect(vocabulary.texts[id]).toBe(text);
      }
      expect(vocabulary.kinds[1]).toBe('2');
    },
  );

  it.each(['models/hf', 'runs/one/checkpoints/500'])('every value is summed up: %s', async (path) => {
    const statistics = await statisticsOf(path);
    expect(statistics.size).toBe(Object.keys(model.shapes).length);
    for (const [name, shape] of Object.entries(model.shapes)) {
      const found = statistics.get(name);
      const expected = expectedOf(name, shape);
      for (const key of ['norm', 'mean', 'deviation'] as const) {
        expect(found?.[key]).toBeCloseTo(expected[key], 6);
      }
      expect(found).toMatchObject({ least: expected.least, largest: expected.largest, nan: 0, infinite: 0 });
    }
  });

  it('what is no number is counted and left out of the rest', async () => {
    const path = 'models/broken';
    await writeHuggingFaceModel(join(root, path), model);
    const tensors = Object.entries(model.shapes).map(([name, shape]) => {
      const values = randomWeights(name, shape);
      if (name === 'model.norm.weight') values.set([Number.NaN, Number.POSITIVE_INFINITY, 0, -0, -7]);
      return [name, { shape, values }] as const;
    });
    await writeFile(join(root, path, 'model.safetensors'), safetensors(new Map(tensors)));
    expect((await statisticsOf(path)).get('model.norm.weight')).toMatchObject({
      nan: 1,
      infinite: 1,
      zeros: 2,
      least: -7,
    });
  });

  it('an architecture that is not converted can be looked into', async () => {
    const path = 'models/other';
    await mkdir(join(root, path));
    const values = Float32Array.of(1, 2, 3, 4);
    await writeFile(
      join(root, path, 'model.safetensors'),
      safetensors(new Map([['odd.weight', { shape: [2, 2], values }]])),
    );
    await writeFile(
      join(root, path, 'config.json'),
      '{"architectures":["MambaForCausalLM"],"a":{"b":[1,2]}}',
    );
    expect(await studio.client.weights.inspect({ path })).toMatchObject({
      architecture: 'MambaForCausalLM',
      isConvertible: false,
      tensors: [{ name: 'odd.weight', shape: [2, 2], type: 'BF16', sizeBytes: 8 }],
      metadata: expect.arrayContaining([{ key: 'a.b', value: '[1,2]' }]),
      tokenizer: null,
      tokenizerProblem: expect.stringContaining('tokenizer.json'),
    });
    expect((await statisticsOf(path)).get('odd.weight')).toMatchObject({ mean: 2.5, least: 1, largest: 4 });
    expect(await diff(path, path)).toMatchObject({ total: { changed: 0, values: 4 } });
  });
});

describe('across layouts', () => {
  it('a GGUF file, its folder and a step of Nanotron with the same weights differ nowhere', async () => {
    await convert('models/hf', 'models/exact.gguf', 'f32');
    for (const [a, b] of [
      ['models/exact.gguf', 'models/hf'],
      ['runs/one/checkpoints/500', 'models/exact.gguf'],
    ] as const) {
      const { total, tensors, onlyInA, onlyInB } = await diff(a, b);
      expect({ onlyInA, onlyInB, changed: total.changed }).toEqual({ onlyInA: [], onlyInB: [], changed: 0 });
      expect(tensors).toHaveLength(Object.keys(model.shapes).length);
    }
    const statistics = await statisticsOf('models/exact.gguf');
    expect(statistics.get('output_norm.weight')?.norm).toBeCloseTo(
      expectedOf('model.norm.weight', model.shapes['model.norm.weight'] ?? []).norm,
      6,
    );
  });
});

describe('types of the runtime', () => {
  it('are written by its own quantizer, lose little, and keep the hash of the weights', async () => {
    // Rows of whole blocks of 256 values, which the small random models have not.
    const source = join(root, 'models/blocks');
    const wide: RandomModel = {
      ...model,
      config: {
        ...model.config,
        hidden_size: 256,
        intermediate_size: 512,
        num_attention_heads: 4,
        num_key_value_heads: 4,
      },
      shapes: Object.fromEntries(
        Object.entries(model.shapes).map(([name, shape]) => [name, shape.map((size) => wider(size))]),
      ),
    };
    await writeHuggingFaceModel(source, wide);
    const exact = await convert('models/blocks', 'models/blocks-f32.gguf', 'f32');
    const far: number[] = [];
    for (const type of ['q6_k', 'q4_k_m'] as const) {
      const output = `models/blocks-${type}.gguf`;
      const converted = await convert('models/blocks', output, type);
      expect(converted.sourceSha256).toBe(exact.sourceSha256);
      const detail = await studio.client.models.inspect({ path: output });
      expect(detail.quantization).toBe(type.toUpperCase());
      expect(detail.weightsSha256).toBe(exact.sourceSha256);
      const types = new Set(detail.tensors.map((tensor) => tensor.type));
      expect(types.has(type === 'q6_k' ? 'Q6_K' : 'Q4_K')).toBe(true);
      const { total } = await diff('models/blocks', output);
      far.push(total.difference / total.normA);
    }
    expect(far[0]).toBeGreaterThan(0.005);
    expect(far[0]).toBeLessThan(0.03);
    expect(far[1]).toBeGreaterThan(far[0] ?? 1);
    expect(far[1]).toBeLessThan(0.12);
  }, 180_000);
});

function wider(size: number): number {
  return size === 64 ? 256 : size === 128 ? 512 : size;
}

describe('reports of verification', () => {
  it('stay beside the model, and say when the model is another one by now', async () => {
    await convert('models/hf', 'models/kept.gguf', 'f16');
    expect(await studio.client.conversion.report({ model: 'models/kept.gguf' })).toBeNull();
    const events = await studio.client.conversion.verify({ source: 'models/hf', model: 'models/kept.gguf' });
    const { result } = await last<VerificationEvent>(events);
    expect(result.verdict).toBe('equal');
    const kept = await studio.client.conversion.report({ model: 'models/kept.gguf' });
    expect(kept).toMatchObject({ isCurrent: true, record: { source: 'models/hf', report: result } });
    const listed = async () =>
      (await studio.client.models.list()).find(({ path }) => path === 'models/kept.gguf')?.verification;
    expect(await listed()).toEqual({ verdict: 'equal', isCurrent: true });
    const again = await studio.client.conversion.convert({
      source: 'models/hf',
      output: 'models/kept.gguf',
      type: 'q8_0',
      replace: true,
    });
    await last<ConversionEvent>(again);
    expect(await listed()).toEqual({ verdict: 'equal', isCurrent: false });
    await writeFile(join(root, 'models/kept.gguf.parity.json'), '{"format":1,');
    expect(await studio.client.conversion.report({ model: 'models/kept.gguf' })).toBeNull();
  }, 180_000);
});
