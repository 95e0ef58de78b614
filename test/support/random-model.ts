// Small random models by a formula that test/fixtures/conversion/make.py shares, written as transformers or as Nanotron
// would save them.
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const fixtures = join(import.meta.dirname, '..', 'fixtures');

const expectedFile = z.object({
  text: z.string(),
  cases: z.record(
    z.string(),
    z.object({
      tokenizer: z.string(),
      config: z.looseObject({
        hidden_size: z.number(),
        num_hidden_layers: z.number(),
        num_attention_heads: z.number(),
        num_key_value_heads: z.number(),
        intermediate_size: z.number(),
        head_dim: z.number().optional(),
        tie_word_embeddings: z.boolean(),
      }),
      shapes: z.record(z.string(), z.array(z.number())),
      ids: z.array(z.number()),
      logProbabilities: z.array(z.number()),
    }),
  ),
  blocks: z.record(z.string(), z.string()),
});
export type ConversionExpectations = z.infer<typeof expectedFile>;
export type RandomModel = ConversionExpectations['cases'][string];

export async function readConversionExpectations(): Promise<ConversionExpectations> {
  return expectedFile.parse(
    JSON.parse(await readFile(join(fixtures, 'conversion', 'expected.json'), 'utf8')),
  );
}

function seedOf(name: string): number {
  let value = 2_166_136_261;
  for (const byte of new TextEncoder().encode(name)) value = Math.imul(value ^ byte, 16_777_619) >>> 0;
  return value;
}

/** Every value is exactly a bfloat16. */
export function randomWeights(name: string, shape: readonly number[]): Float32Array {
  const count = shape.reduce((product, size) => product * size, 1);
  const values = new Float32Array(count);
  const bits = new Uint32Array(values.buffer);
  const seed = seedOf(name);
  for (let index = 0; index < count; index += 1) {
    let x = (Math.imul(index + 1, 2_654_435_761) + seed) >>> 0;
    x ^= x >>> 15;
    x = Math.imul(x, 2_246_822_519);
    x ^= x >>> 13;
    x = Math.imul(x, 3_266_489_917);
    x ^= x >>> 16;
    const unit = (x >>> 0) / 4_294_967_296 - 0.5;
    values[index] = scaled(name, shape, unit);
    bits[index] = (bits[index] ?? 0) & 0xffff0000;
  }
  return values;
}

function scaled(name: string, shape: readonly number[], unit: number): number {
  if (name.includes('norm')) return 1 + unit * 0.5;
  if (shape.length === 1) return unit * 0.5;
  return unit * (name.includes('embed_tokens') ? 2 : 4 / Math.sqrt(shape[1] ?? 1));
}

export type SavedType = 'F32' | 'F16' | 'BF16';

function bytesIn(values: Float32Array, type: SavedType): Uint8Array {
  if (type === 'F32') return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  if (type === 'BF16') {
    const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
    return new Uint8Array(Uint16Array.from(bits, (one) => one >>> 16).buffer);
  }
  throw new Error('Not needed');
}

/** Bytes of a safetensors file, built apart from the code under test. */
export function safetensors(
  tensors: ReadonlyMap<string, { readonly values: Float32Array; readonly shape: readonly number[] }>,
  { type = 'BF16', metadata = {} }: { type?: SavedType; metadata?: Readonly<Record<string, string>> } = {},
): Uint8Array {
  let end = 0;
  const header: Record<string, unknown> = { __metadata__: metadata };
  const parts: Uint8Array[] = [];
  for (const [name, { values, shape }] of tensors) {
    const bytes = bytesIn(values, type);
    header[name] = { dtype: type, shape, data_offsets: [end, end + bytes.length] };
    end += bytes.length;
    parts.push(bytes);
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, ...parts]);
}

/** A folder as transformers saves it, in `shards` files. */
export async function writeHuggingFaceModel(
  folder: string,
  model: RandomModel,
  { type = 'BF16', shards = 1 }: { type?: SavedType; shards?: number } = {},
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const tensors = Object.entries(model.shapes).map(
    ([name, shape]) => [name, { values: randomWeights(name, shape), shape }] as const,
  );
  const weightMap: Record<string, string> = {};
  for (let shard = 0; shard < shards; shard += 1) {
    const file =
      shards === 1
        ? 'model.safetensors'
        : `model-${String(shard + 1).padStart(5, '0')}-of-${String(shards).padStart(5, '0')}.safetensors`;
    const own = tensors.filter((_, index) => index % shards === shard);
    for (const [name] of own) weightMap[name] = file;
    await writeFile(join(folder, file), safetensors(new Map(own), { type }));
  }
  if (shards > 1) {
    await writeFile(join(folder, 'model.safetensors.index.json'), JSON.stringify({ weight_map: weightMap }));
  }
  await writeFile(join(folder, 'config.json'), JSON.stringify(model.config));
  await copyTokenizer(model, folder);
}

export async function copyTokenizer(model: RandomModel, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await cp(join(fixtures, 'tokenizers', model.tokenizer, 'tokenizer.json'), join(folder, 'tokenizer.json'));
}
