// Models converted as a person converts them, in the conversion child, then loaded by llama.cpp: the same tokens and the
// same probabilities as PyTorch gives, and the same file whatever the weights were sharded into.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createChatEngine } from '../../core/services/model-runtime/engine.ts';
import { verifyModel } from '../../core/services/conversion/verification/verify-model.ts';
import { askWeights } from '../../core/services/conversion/weights-child.ts';
import type { ConversionRequest } from '../../core/services/conversion/weights-protocol.ts';
import { readModelFile } from '../../core/services/models/read-header.ts';
import { spawnChild } from '../../core/services/native/spawn-child.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { collectScore } from '../support/engine-answers.ts';
import { writeNanotronCheckpoint } from '../support/nanotron-checkpoint.ts';
import {
  type ConversionExpectations,
  copyTokenizer,
  type RandomModel,
  randomWeights,
  readConversionExpectations,
  safetensors,
  writeHuggingFaceModel,
} from '../support/random-model.ts';
import { repositoryFolder, temporaryFolder } from '../support/test-core.ts';

let expected: ConversionExpectations;
let folder: string;

beforeAll(async () => {
  ensureChildBuilt('native-weights', 'core/services/conversion');
  ensureChildBuilt('native-llama', 'native/llama');
  expected = await readConversionExpectations();
  folder = (await temporaryFolder()).path;
}, 120_000);

/** What each tokenizer puts before a text. */
const begins: Readonly<Record<string, string>> = {
  'byte-level': '<|begin_of_text|>',
  'byte-fallback': '<s>',
};

function modelOf(name: string): RandomModel {
  const model = expected.cases[name];
  if (!model) throw new Error(`no case ${name}`);
  return model;
}

async function convert(
  request: Partial<ConversionRequest> & Pick<ConversionRequest, 'source' | 'output'>,
  signal?: AbortSignal,
) {
  const { result } = await askWeights(
    {
      kind: 'convert',
      request: {
        format: 'gguf',
        type: 'f32',
        tokenizer: null,
        preTokenizer: null,
        name: 'same',
        replace: false,
        ...request,
      },
    },
    { spawn: () => spawnChild(repositoryFolder, 'native-weights'), signal },
  );
  return result;
}

async function sha256(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

describe('what llama.cpp makes of a converted model', () => {
  const engine = createChatEngine({
    appFolder: repositoryFolder,
    settings: async () => ({ llamaDevice: 'cpu', llamaThreads: 1 }),
  });
  afterAll(() => engine.dispose());

  it.each(['llama-tied', 'llama-scaled', 'llama-wide-heads', 'llama-yarn', 'qwen2', 'qwen2-tied'])(
    'gives the tokens and probabilities of PyTorch: %s',
    async (name) => {
      const model = modelOf(name);
      const source = join(folder, name);
      await writeHuggingFaceModel(source, model);
      const worst = new Map<string, number>();
      for (const type of ['f32', 'f16', 'bf16', 'q8_0', 'q4_0'] as const) {
        const output = join(folder, `${name}-${type}.gguf`);
        const converted = await convert({ source, output, type });
        expect(converted).toMatchObject({
          output,
          architecture: name.startsWith('llama') ? 'llama' : 'qwen2',
          parameters: Object.values(model.shapes).reduce(
            (sum, shape) => sum + shape.reduce((a, b) => a * b, 1),
            0,
          ),
        });
        const text = (begins[model.tokenizer] ?? '') + expected.text;
        const score = await collectScore(engine.score({ modelPath: output, text, addBos: false }));
        expect(score.ids).toEqual(model.ids);
        const apart = score.logProbabilities.map((value, index) =>
          Math.abs(value - (model.logProbabilities[index] ?? Number.NaN)),
        );
        worst.set(type, Math.max(...apart));
      }
      // Keys and values are halves in the runtime, activations of bfloat16 weights are too; quantized weights of a random
      // model lose more than those of a trained one.
      expect(worst.get('f32')).toBeLessThan(0.01);
      expect(worst.get('f16')).toBeLessThan(0.01);
      expect(worst.get('bf16')).toBeLessThan(0.2);
      expect(worst.get('q8_0')).toBeLessThan(1);
      expect(worst.get('q4_0')).toBeGreaterThan(worst.get('q8_0') ?? 0);
    },
    180_000,
  );
});

describe('checkpoints of Nanotron', () => {
  it.each([
    ['whole, new names', { tensorParallel: 1, names: 'new', interleaved: false }],
    ['two ranks', { tensorParallel: 2, names: 'new', interleaved: false }],
    ['two ranks, old names, neighbours rotated', { tensorParallel: 2, names: 'old', interleaved: true }],
  ] as const)(
    'become the same file as the Hugging Face folder of the same weights: %s',
    async (title, layout) => {
      for (const name of ['llama-tied', 'llama-scaled']) {
        const model = modelOf(name);
        const own = join(folder, `${name} ${title}`);
        const step = join(own, 'checkpoints', '500');
        await mkdir(step, { recursive: true });
        await writeNanotronCheckpoint(step, model, layout);
        await writeFile(join(own, 'checkpoints', 'latest.txt'), '500');
        await copyTokenizer(model, join(own, 'tokenizer'));
        await writeHuggingFaceModel(join(own, 'hf'), model);
        const options = { type: 'f16', tokenizer: join(own, 'tokenizer') } as const;
        const a = await convert({
          source: join(own, 'checkpoints'),
          output: join(own, 'a.gguf'),
          ...options,
        });
        const b = await convert({ source: join(own, 'hf'), output: join(own, 'b.gguf'), ...options });
        expect(a.sourceSha256).toBe(b.sourceSha256);
        expect(await sha256(join(own, 'a.gguf'))).toBe(await sha256(join(own, 'b.gguf')));

        const published = await convert({
          source: join(own, 'checkpoints'),
          output: join(own, 'published'),
          format: 'huggingface',
          type: 'bf16',
          tokenizer: join(own, 'tokenizer'),
        });
        expect(published.warnings).toEqual([]);
        const files = (await readdir(join(own, 'published'))).sort();
        expect(files).toEqual([
          'README.md',
          'config.json',
          'generation_config.json',
          'model.safetensors',
          'tokenizer.json',
        ]);
        const again = await convert({
          source: join(own, 'published'),
          output: join(own, 'c.gguf'),
          type: 'f16',
        });
        expect(again.sourceSha256).toBe(a.sourceSha256);
        expect(await sha256(join(own, 'c.gguf'))).toBe(await sha256(join(own, 'a.gguf')));
      }
    },
  );

  it('that are being written are refused with what to do', async () => {
    const step = join(folder, 'unfinished', '100');
    await writeNanotronCheckpoint(step, modelOf('llama-tied'), {
      tensorParallel: 2,
      names: 'new',
      interleaved: false,
    });
    await rm(join(step, 'model_config.json'));
    await expect(convert({ source: step, output: join(folder, 'x.gguf') })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('not whole'),
    });
  });

  it('with a rank missing are refused', async () => {
    const step = join(folder, 'lost-rank', '100');
    const model = modelOf('llama-tied');
    await writeNanotronCheckpoint(step, model, { tensorParallel: 2, names: 'new', interleaved: false });
    await copyTokenizer(model, step);
    const place = join(step, 'model/model/decoder/1/pp_block/attn/o_proj');
    await rm(join(place, 'model_weight_pp-rank-0-of-2_tp-rank-1-of-2.safetensors'));
    await expect(convert({ source: step, output: join(folder, 'x.gguf') })).rejects.toMatchObject({
      code: 'CORRUPT_FILE',
      message: '1 of 2 shards of a tensor are there',
    });
  });
});

describe('verification', () => {
  const engine = createChatEngine({
    appFolder: repositoryFolder,
    settings: async () => ({ llamaDevice: 'cpu', llamaThreads: 1 }),
  });
  afterAll(() => engine.dispose());
  const options = { engine, spawn: () => spawnChild(repositoryFolder, 'native-weights') };

  it.each(['llama-tied', 'llama-scaled', 'llama-wide-heads', 'llama-yarn', 'qwen2'])(
    'finds a converted model equal to its source, and says what a quantization loses: %s',
    async (name) => {
      const source = join(folder, `verify-${name}`);
      await writeHuggingFaceModel(source, modelOf(name));
      const exact = join(folder, `verify-${name}.gguf`);
      await convert({ source, output: exact, type: 'f16' });
      const report = await verifyModel({ source, model: exact, tokenizer: null }, options);
      expect(report).toMatchObject(
        name === 'qwen2'
          ? { verdict: 'lossy', reasons: [expect.stringContaining('combining marks')] }
          : { verdict: 'equal', reasons: [], tokenizer: { differences: [] } },
      );
      expect(report.logits).toMatchObject({ positions: 128 });
      expect(report.logits.top1).toBeGreaterThanOrEqual(0.99);
      expect(report.logits.largestGap).toBeLessThan(0.05);
      const rough = join(folder, `verify-${name}-q4.gguf`);
      await convert({ source, output: rough, type: 'q4_0' });
      const lossy = await verifyModel({ source, model: rough, tokenizer: null }, options);
      expect(lossy.logits.meanDivergence).toBeGreaterThan(report.logits.meanDivergence * 10);
    },
    180_000,
  );

  it('compares the chat template as text and as it renders, and finds weights that were changed', async () => {
    const source = join(folder, 'verify-template');
    const model = modelOf('llama-tied');
    await writeHuggingFaceModel(source, model);
    const template = await readFile(
      join(repositoryFolder, 'resources/sample-model/chat_template.jinja'),
      'utf8',
    );
    const settings = (chat_template: string) =>
      writeFile(
        join(source, 'tokenizer_config.json'),
        JSON.stringify({
          bos_token: '<|begin_of_text|>',
          eos_token: { content: '<|end_of_text|>' },
          chat_template,
        }),
      );
    await settings(template.trim());
    const gguf = join(folder, 'verify-template.gguf');
    await convert({ source, output: gguf, type: 'f16' });
    const same = await verifyModel({ source, model: gguf, tokenizer: null }, options);
    expect(same.template).toEqual({ kind: 'equal', conversations: 3 });
    expect(same.verdict).toBe('equal');

    await settings(`${template.trim()} `);
    const norm = randomWeights('another norm', [64]);
    const tensors = Object.entries(model.shapes).map(
      ([name, shape]) =>
        [name, { shape, values: name === 'model.norm.weight' ? norm : randomWeights(name, shape) }] as const,
    );
    await writeFile(join(source, 'model.safetensors'), safetensors(new Map(tensors)));
    const other = await verifyModel({ source, model: gguf, tokenizer: null }, options);
    expect(other.verdict).toBe('different');
    expect(other.reasons).toEqual([
      expect.stringContaining('The chat template is another one'),
      expect.stringContaining('99.0 % are expected of F16'),
    ]);
  }, 180_000);
});

describe('difference of two checkpoints', () => {
  it('says how far each tensor moved', async () => {
    const model = modelOf('llama-scaled');
    const [a, b] = [join(folder, 'diff-a'), join(folder, 'diff-b')];
    await writeHuggingFaceModel(a, model, { type: 'F32' });
    await mkdir(b);
    const moved = 'model.layers.1.mlp.up_proj.weight';
    const tensors = Object.entries(model.shapes).map(([name, shape]) => {
      const values = randomWeights(name, shape);
      return [name, { shape, values: name === moved ? values.map((value) => value * -2) : values }] as const;
    });
    await writeFile(join(b, 'model.safetensors'), safetensors(new Map(tensors)));
    await writeFile(join(b, 'config.json'), JSON.stringify(model.config));
    const { result } = await askWeights(
      { kind: 'diff', request: { a, b } },
      { spawn: () => spawnChild(repositoryFolder, 'native-weights') },
    );
    expect(result).toMatchObject({ onlyInA: [], onlyInB: [], otherShapes: [] });
    expect(result.tensors).toHaveLength(Object.keys(model.shapes).length);
    for (const tensor of result.tensors) {
      const values = [...randomWeights(tensor.name, tensor.shape)];
      const norm = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
      const largest = Math.max(...values.map(Math.abs));
      const changed = tensor.name === moved;
      expect(tensor.normA).toBeCloseTo(norm, 6);
      expect(tensor.difference).toBeCloseTo(changed ? 3 * norm : 0, 6);
      expect(tensor.cosine).toBeCloseTo(changed ? -1 : 1, 9);
      expect(tensor.largest).toBeCloseTo(changed ? 3 * largest : 0, 6);
    }
  });
});

describe('folders that cannot be converted', () => {
  async function fresh(name: string, options: Parameters<typeof writeHuggingFaceModel>[2] = {}) {
    const source = join(folder, name);
    await writeHuggingFaceModel(source, modelOf('llama-tied'), options);
    return source;
  }
  const refused = async (source: string, request: Partial<ConversionRequest> = {}) => {
    const output = join(folder, `${Math.random().toString(36).slice(2)}.gguf`);
    const failure: unknown = await convert({ source, output, ...request }).catch((error: unknown) => error);
    const left = (await readdir(folder)).filter((name) => name.endsWith('.tmp') || output.endsWith(name));
    expect(left).toEqual([]);
    return failure;
  };

  it('a shard that is cut short', async () => {
    const source = await fresh('cut');
    await truncate(join(source, 'model.safetensors'), 100_000);
    expect(await refused(source)).toMatchObject({
      code: 'CORRUPT_FILE',
      message: expect.stringContaining('cut short'),
    });
  });

  it('a shard that is missing, and an index that is', async () => {
    const source = await fresh('missing', { shards: 3 });
    await rm(join(source, 'model-00002-of-00003.safetensors'));
    expect(await refused(source)).toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('00002'),
    });
    const other = await fresh('no-index', { shards: 2 });
    await rm(join(other, 'model.safetensors.index.json'));
    expect(await refused(other)).toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('index'),
    });
  });

  it('weights and config of different models', async () => {
    const source = await fresh('mixed');
    const config = { ...modelOf('llama-tied').config, intermediate_size: 128 };
    await writeFile(join(source, 'config.json'), JSON.stringify(config));
    expect(await refused(source)).toMatchObject({
      code: 'CORRUPT_FILE',
      message: 'model.layers.0.mlp.gate_proj.weight is 96 × 64, its config says 128 × 64',
    });
  });

  it('an output matrix that should be there', async () => {
    const source = await fresh('untied');
    const config = { ...modelOf('llama-tied').config, tie_word_embeddings: false };
    await writeFile(join(source, 'config.json'), JSON.stringify(config));
    expect(await refused(source)).toMatchObject({
      code: 'CORRUPT_FILE',
      data: { hint: expect.stringContaining('tie_word_embeddings') },
    });
  });

  it('another architecture, another number type, and what is no model', async () => {
    const source = await fresh('mamba');
    await writeFile(
      join(source, 'config.json'),
      JSON.stringify({ ...modelOf('llama-tied').config, architectures: ['MambaForCausalLM'] }),
    );
    expect(await refused(source)).toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('Mamba'),
    });
    const empty = join(folder, 'empty');
    await mkdir(empty);
    expect(await refused(empty)).toMatchObject({ code: 'NOT_FOUND' });
    await writeFile(join(source, 'config.json'), '{"hidden_size": ');
    expect(await refused(source)).toMatchObject({
      code: 'CORRUPT_FILE',
      message: 'config.json is not valid JSON',
    });
  });

  it('a tokenizer with ids beyond the vocabulary, and one that cuts text in an unknown way', async () => {
    const source = await fresh('tokenizer');
    const path = join(source, 'tokenizer.json');
    const tokenizer = JSON.parse(await readFile(path, 'utf8'));
    tokenizer.pre_tokenizer.pretokenizers[0].pattern.Regex = String.raw`\w+`;
    await writeFile(path, JSON.stringify(tokenizer));
    expect(await refused(source)).toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining(String.raw`\w+`),
      data: { hint: expect.stringContaining('--pre') },
    });
    const output = join(folder, 'chosen.gguf');
    const chosen = await convert({ source, output, preTokenizer: 'gpt-2' });
    expect(chosen.warnings[0]).toContain('by your choice');
    tokenizer.added_tokens.push({ id: 9000, content: '<|late|>', special: true });
    await writeFile(path, JSON.stringify(tokenizer));
    expect(await refused(source, { preTokenizer: 'gpt-2' })).toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('9000'),
    });
  });

  it('weights that are no numbers are converted, with a warning that names the first', async () => {
    const source = join(folder, 'nan');
    const model = modelOf('llama-tied');
    await writeHuggingFaceModel(source, model);
    const tensors = new Map(
      Object.entries(model.shapes).map(([name, shape]) => [
        name,
        {
          shape,
          values: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(
            name === 'model.norm.weight' ? Number.NaN : 0.5,
          ),
        },
      ]),
    );
    await writeFile(join(source, 'model.safetensors'), safetensors(tensors));
    const converted = await convert({ source, output: join(folder, 'nan.gguf') });
    expect(converted.warnings).toEqual([
      expect.stringContaining('64 weights in 1 tensors are NaN or infinite, first in model.norm.weight'),
    ]);
  });

  it('an output that exists, unless it may be replaced', async () => {
    const source = await fresh('twice');
    const output = join(folder, 'twice.gguf');
    await convert({ source, output });
    await expect(convert({ source, output })).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    await convert({ source, output, replace: true, type: 'q8_0' });
    expect((await readModelFile(output)).header.tensors[0]?.type).toBe('Q8_0');
  });

  it('a conversion that is cancelled leaves nothing', async () => {
    const source = await fresh('cancelled');
    const own = join(folder, 'cancelled-output');
    await mkdir(own);
    const abort = new AbortController();
    const work = convert({ source, output: join(own, 'a.gguf') }, abort.signal);
    abort.abort();
    await expect(work).rejects.toThrow('aborted');
    await expect.poll(() => readdir(own)).toEqual([]);
  });
});
