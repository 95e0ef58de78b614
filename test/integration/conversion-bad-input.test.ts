// Bad weights on every door: what conversion, inspection and publishing say of them, and that nothing half-written stays.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askWeights } from '../../core/services/conversion/weights-child.ts';
import { readModelFile } from '../../core/services/models/read-header.ts';
import { spawnChild } from '../../core/services/native/spawn-child.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import {
  type RandomModel,
  readConversionExpectations,
  writeHuggingFaceModel,
} from '../support/random-model.ts';
import { mountSmallDisk } from '../support/small-disk.ts';
import { repositoryFolder, temporaryFolder, type TestFolder } from '../support/test-core.ts';

const options = { spawn: () => spawnChild(repositoryFolder, 'native-weights') };
let folder: TestFolder;
let model: RandomModel;

beforeAll(async () => {
  ensureChildBuilt('native-weights', 'core/services/conversion');
  folder = await temporaryFolder();
  model = (await readConversionExpectations()).cases['llama-tied'] as RandomModel;
}, 180_000);
afterAll(() => folder[Symbol.asyncDispose]());

async function fresh(name: string): Promise<string> {
  const source = join(folder.path, name);
  await writeHuggingFaceModel(source, model);
  return source;
}

function convert(source: string, output: string, type: 'f32' | 'bf16' | 'q4_k_m' | 'iq4_nl' = 'f32') {
  const format = output.endsWith('.gguf') ? 'gguf' : 'huggingface';
  const common = { tokenizer: null, preTokenizer: null, name: null, replace: false } as const;
  return askWeights({ kind: 'convert', request: { source, output, format, type, ...common } }, options);
}

const inspect = (path: string) => askWeights({ kind: 'inspect', path }, options);

describe('weights of a type that is none of a model', () => {
  it('are named when they are to be converted, and listed when they are looked at', async () => {
    const source = await fresh('integers');
    const path = join(source, 'model.safetensors');
    const bytes = await readFile(path);
    const text = bytes.toString('latin1').replaceAll('"BF16"', '"I16" ');
    await writeFile(path, Buffer.from(text, 'latin1'));
    await expect(convert(source, join(folder.path, 'x.gguf'))).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: 'The tensor model.embed_tokens.weight is of I16',
      data: { hint: expect.stringContaining('F32, F16 and BF16') },
    });
  });
});

describe('a tokenizer with holes', () => {
  it('has them filled with tokens that are never used, and every other id stays', async () => {
    const source = await fresh('holes');
    const path = join(source, 'tokenizer.json');
    const tokenizer = JSON.parse(await readFile(path, 'utf8'));
    const [gone] = Object.entries<number>(tokenizer.model.vocab).find(([, id]) => id === 300) ?? [''];
    delete tokenizer.model.vocab[gone];
    tokenizer.model.merges = tokenizer.model.merges.filter(
      (merge: string | string[]) =>
        (typeof merge === 'string' ? merge.replace(' ', '') : merge.join('')) !== gone,
    );
    await writeFile(path, JSON.stringify(tokenizer));
    const output = join(folder.path, 'holes.gguf');
    await convert(source, output);
    const { result } = await askWeights({ kind: 'vocabulary', path: output }, options);
    expect(result.texts[300]).toBe('[PAD300]');
    expect(result.kinds[300]).toBe('4');
    for (const [text, id] of Object.entries<number>(tokenizer.model.vocab))
      expect(result.texts[id]).toBe(text);
  });

  it('that is not a tokenizer at all is said to be none', async () => {
    const source = await fresh('no-tokenizer');
    for (const text of ['[]', '{}', '{"model":{"type":"BPE","vocab":{"a":-1}}}', '{"model":7', '']) {
      await writeFile(join(source, 'tokenizer.json'), text);
      await expect(convert(source, join(folder.path, 'x.gguf'))).rejects.toMatchObject({
        code: expect.stringMatching(/^(INVALID_INPUT|CORRUPT_FILE)$/),
      });
      const { result } = await inspect(source);
      expect(result.tokenizer).toBeNull();
      expect(result.tensors.length).toBeGreaterThan(10);
    }
  });
});

describe('a GGUF file with a hostile header', () => {
  it('is refused by every question about it, with the reason', async () => {
    const source = await fresh('hostile');
    const path = join(folder.path, 'hostile.gguf');
    await convert(source, path);
    const bytes = await readFile(path);
    const { header } = await readModelFile(path);
    const damage: readonly (readonly [string, (own: Buffer) => Buffer])[] = [
      ['empty', () => Buffer.alloc(0)],
      ['another file', () => Buffer.from('PK\u0003\u0004'.repeat(100))],
      ['cut in its header', (own) => own.subarray(0, 900)],
      ['cut in its data', (own) => own.subarray(0, own.length - 100)],
      ['a tensor count beyond the file', (own) => (own.writeBigUInt64LE(1n << 60n, 8), own)],
      ['a key count beyond the file', (own) => (own.writeBigUInt64LE(1n << 62n, 16), own)],
      ['a text longer than the file', (own) => (own.writeBigUInt64LE(1n << 50n, 24), own)],
      ['random bytes after its magic', (own) => (own.fill(0x5a, 4, 4096), own)],
    ];
    expect(header.tensors.length).toBeGreaterThan(10);
    for (const [name, change] of damage) {
      await writeFile(path, change(Buffer.from(bytes)));
      for (const kind of ['inspect', 'statistics', 'vocabulary'] as const) {
        const failure: unknown = await askWeights({ kind, path }, options).catch((error: unknown) => error);
        expect(failure, `${name}: ${kind}`).toMatchObject({ code: 'CORRUPT_FILE' });
      }
    }
  }, 180_000);
});

describe('a disk that is nearly full', () => {
  it('refuses what cannot fit before writing, and keeps nothing of what broke off', async () => {
    const source = await fresh('large');
    const disk = mountSmallDisk(join(folder.path, 'disk'), 512 * 1024);
    if (!disk) return;
    using mounted = disk;
    const output = (name: string) => join(mounted.path, name);
    for (const [name, type] of [
      ['a.gguf', 'f32'],
      ['folder', 'bf16'],
      ['b.gguf', 'q4_k_m'],
    ] as const) {
      await writeFile(output('filler'), Buffer.alloc(420 * 1024));
      await expect(convert(source, output(name), type), name).rejects.toMatchObject({ code: 'DISK_FULL' });
      expect((await readdir(mounted.path)).sort()).toEqual(['filler']);
    }
  });

  it('says so too when the file of the quantizer no longer fits beside the one it reads', async () => {
    const source = await fresh('both');
    const sizes: number[] = [];
    for (const type of ['bf16', 'iq4_nl'] as const) {
      const output = join(folder.path, `both-${type}.gguf`);
      sizes.push((await convert(source, output, type)).result.sizeBytes);
    }
    const [floats = 0, quantized = 0] = sizes;
    expect(quantized).toBeLessThan(floats);
    const disk = mountSmallDisk(join(folder.path, 'disk3'), Math.ceil(floats + quantized / 2));
    if (!disk) return;
    using mounted = disk;
    await expect(convert(source, join(mounted.path, 'a.gguf'), 'iq4_nl')).rejects.toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringContaining('no room for a.gguf'),
    });
    expect(await readdir(mounted.path)).toEqual([]);
  });

  it('an old model stays when the new one does not fit', async () => {
    const source = await fresh('again');
    const disk = mountSmallDisk(join(folder.path, 'disk2'), 700 * 1024);
    if (!disk) return;
    using mounted = disk;
    const output = join(mounted.path, 'a.gguf');
    await writeFile(output, 'an old model');
    await mkdir(join(mounted.path, 'more'));
    await writeFile(join(mounted.path, 'more', 'filler'), Buffer.alloc(620 * 1024));
    const request = { source, output, format: 'gguf', type: 'f32' } as const;
    const common = { tokenizer: null, preTokenizer: null, name: null, replace: true } as const;
    await expect(
      askWeights({ kind: 'convert', request: { ...request, ...common } }, options),
    ).rejects.toMatchObject({
      code: 'DISK_FULL',
    });
    expect(await readFile(output, 'utf8')).toBe('an old model');
    expect((await readdir(mounted.path)).sort()).toEqual(['a.gguf', 'more']);
  });
});
