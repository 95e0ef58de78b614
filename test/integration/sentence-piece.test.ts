// SentencePiece tokenizers on their way into GGUF files: what llama.cpp makes of awkward texts, id for id against the C++
// library that trained them and against transformers; what cannot be carried is said, and is a choice.
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseSentencePiece } from '../../core/lib/conversion/sentence-piece.ts';
import { tokenizerFileOf } from '../../core/lib/conversion/sentence-piece-file.ts';
import { makeTokenizer } from '../../core/lib/tokenizers/text-tokenizer.ts';
import { createChatEngine } from '../../core/services/model-runtime/engine.ts';
import { verifyModel } from '../../core/services/conversion/verification/verify-model.ts';
import { askWeights } from '../../core/services/conversion/weights-child.ts';
import type { ConversionOrder } from '../../core/services/conversion/weights-protocol.ts';
import { spawnChild } from '../../core/services/native/spawn-child.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import {
  type RandomModel,
  readConversionExpectations,
  writeHuggingFaceModel,
} from '../support/random-model.ts';
import { repositoryFolder, temporaryFolder } from '../support/test-core.ts';

const fixtures = join(repositoryFolder, 'test', 'fixtures', 'sentence-piece');
const texts = z.array(z.object({ text: z.string(), ids: z.array(z.number()) }));
const expectedFile = z.record(
  z.string(),
  z.object({ vocabulary: z.number(), texts, transformers: texts.optional() }),
);

let expected: z.infer<typeof expectedFile>;
let base: RandomModel;
let folder: string;

beforeAll(async () => {
  ensureChildBuilt('native-weights', 'core/services/conversion');
  ensureChildBuilt('native-llama', 'native/llama');
  expected = expectedFile.parse(JSON.parse(await readFile(join(fixtures, 'expected.json'), 'utf8')));
  const found = (await readConversionExpectations()).cases['llama-tied'];
  if (!found) throw new Error('no such case');
  base = found;
  folder = (await temporaryFolder()).path;
}, 120_000);

const engine = createChatEngine({
  appFolder: repositoryFolder,
  settings: async () => ({ llamaDevice: 'cpu', llamaThreads: 1 }),
});
afterAll(() => engine.dispose());
const options = { spawn: () => spawnChild(repositoryFolder, 'native-weights') };

function facts(name: string) {
  const found = expected[name];
  if (!found) throw new Error(`no tokenizer ${name}`);
  return found;
}

/** A random Llama of the tokenizer's vocabulary, with one file of it beside the weights. */
async function sourceOf(name: string, file: 'tokenizer.model' | 'tokenizer.json'): Promise<string> {
  const source = join(folder, `${name}-${file}`);
  const size = facts(name).vocabulary;
  await writeHuggingFaceModel(source, {
    ...base,
    config: { ...base.config, vocab_size: size },
    shapes: { ...base.shapes, 'model.embed_tokens.weight': [size, base.config.hidden_size] },
  });
  await rm(join(source, 'tokenizer.json'));
  const kept = file === 'tokenizer.model' ? `${name}.model` : `${name}.json`;
  await cp(join(fixtures, kept), join(source, file));
  return source;
}

async function convert(source: string, more: Partial<ConversionOrder> = {}) {
  const output = `${source}.gguf`;
  const request: ConversionOrder = {
    source,
    output,
    format: 'gguf',
    type: 'f32',
    tokenizer: null,
    preTokenizer: null,
    name: null,
    replace: true,
    ...more,
  };
  return (await askWeights({ kind: 'convert', request }, options)).result;
}

/** Spaces beside symbols of its own are the one thing the runtime does otherwise: it says so when it converts. */
function plain(name: string) {
  const list = facts(name).texts;
  return name === 'unigram' ? list.filter(({ text }) => !text.includes('[turn]')) : list;
}

async function tokenized(model: string, list: readonly { readonly text: string }[]) {
  const { tokens } = await engine.ask(model, { kind: 'tokenize', texts: list.map(({ text }) => text) });
  return list.map(({ text }, index) => ({ text, ids: (tokens[index] ?? []).map(({ id }) => id) }));
}

describe('what llama.cpp makes of awkward texts', () => {
  it.each(['llama', 'unigram'])(
    'is what SentencePiece makes of them, out of tokenizer.model: %s',
    async (name) => {
      const { output, warnings } = await convert(await sourceOf(name, 'tokenizer.model'));
      expect(warnings).toEqual(name === 'llama' ? [] : [expect.stringContaining('([turn])')]);
      const wanted = plain(name);
      expect(wanted.length).toBeGreaterThan(35);
      expect(await tokenized(output, wanted)).toEqual(wanted);
    },
  );

  it.each(['llama', 'unigram'])(
    'is what transformers makes of them, out of tokenizer.json: %s',
    async (name) => {
      const { output, warnings } = await convert(await sourceOf(name, 'tokenizer.json'));
      expect(warnings).toEqual([]);
      const wanted = facts(name).transformers ?? [];
      expect(wanted.length).toBeGreaterThan(35);
      expect(await tokenized(output, wanted)).toEqual(wanted);
    },
  );
});

describe('a tokenizer.model in the words of tokenizer.json', () => {
  it.each(['llama', 'unigram', 'unigram-bytes', 'bpe-rules'])('gives the same ids: %s', async (name) => {
    const model = parseSentencePiece(await readFile(join(fixtures, `${name}.model`)));
    const tokenizer = makeTokenizer(tokenizerFileOf(model, { added: [], begins: false }), {});
    // A piece of a byte, written out in a text, is that byte to transformers.
    const wanted = plain(name).filter(({ text }) => name !== 'unigram-bytes' || !text.includes('<0x'));
    const got = wanted.map(({ text }) => ({ text, ids: [...tokenizer.encode(text)] }));
    expect(got).toEqual(wanted);
  });
});

describe('what a GGUF file cannot say', () => {
  it('is a choice: bytes of a unigram model, and a table of replacements beside BPE', async () => {
    for (const [name, sentence] of [
      ['unigram-bytes', 'one unknown token to the runtime'],
      ['bpe-rules', 'replaces characters by a table'],
    ] as const) {
      const source = await sourceOf(name, 'tokenizer.model');
      await expect(convert(source)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringContaining(sentence),
        data: { hint: expect.stringContaining('--pre sentencepiece') },
      });
      const { result } = await askWeights({ kind: 'inspect', path: source }, options);
      expect(result.tokenizer?.preTokenizer).toMatchObject({
        name: null,
        description: expect.stringContaining(sentence),
        choices: ['sentencepiece'],
      });
      const { output, warnings } = await convert(source, { preTokenizer: 'sentencepiece' });
      expect(warnings).toContainEqual(expect.stringContaining(sentence));
      if (name === 'bpe-rules') continue;
      // The verification finds the texts, with the ids the tokenizer itself gives them.
      const report = await verifyModel({ source, model: output, tokenizer: null }, { ...options, engine });
      expect(report.verdict).toBe('different');
      expect(report.tokenizer.differences.length).toBeGreaterThan(0);
      expect(report.tokenizer.differences.length).toBeLessThan(report.tokenizer.texts);
      expect(report.logits.top1).toBeGreaterThanOrEqual(0.99);
    }
  });

  it('is refused where the runtime would end: no bytes, spaces marked behind words', async () => {
    for (const [name, sentence] of [
      ['bpe-no-bytes', 'without tokens for bytes'],
      ['unigram-suffix', 'marks spaces behind words'],
    ] as const) {
      const source = await sourceOf(name, 'tokenizer.model');
      await expect(convert(source, { preTokenizer: 'sentencepiece' })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringContaining(sentence),
      });
    }
  });

  it('says what is wrong with a file that is no model of SentencePiece', async () => {
    const source = await sourceOf('llama', 'tokenizer.model');
    const path = join(source, 'tokenizer.model');
    const whole = await readFile(path);
    const bad: readonly (readonly [string | Uint8Array, string])[] = [
      [whole.subarray(0, 1000), 'no model of SentencePiece'],
      ['', 'no pieces'],
      [
        'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 499723\n',
        'no model of SentencePiece',
      ],
    ];
    for (const [content, sentence] of bad) {
      await writeFile(path, content);
      await expect(convert(source)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringContaining(sentence),
      });
    }
    await rm(path);
    await expect(convert(source)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('no tokenizer.model'),
    });
  });
});

describe('a converted SentencePiece model', () => {
  it('is found equal to its source, and goes into a published folder as it is', async () => {
    const source = await sourceOf('llama', 'tokenizer.model');
    const { output } = await convert(source);
    const report = await verifyModel({ source, model: output, tokenizer: null }, { ...options, engine });
    expect(report).toMatchObject({ verdict: 'equal', reasons: [], tokenizer: { differences: [] } });
    const published = join(folder, 'published');
    await convert(source, { output: published, format: 'huggingface', type: 'bf16' });
    expect(await readFile(join(published, 'tokenizer.model'))).toEqual(
      await readFile(join(fixtures, 'llama.model')),
    );
  });
});
