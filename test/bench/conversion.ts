// Conversion of a random model of some 0.12B parameters: to F16 and Q8_0 against a plain copy of its file, and against llama.cpp's
// own converter where NESSO_PYTHON names a Python and NESSO_LLAMA_CONVERTER its script; the difference of two checkpoints against
// reading both files. NESSO_BENCH_WEIGHTS names a folder that is taken instead. The other side does the same work on the same disk.
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  cpSync,
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { convertModel } from '../../core/services/conversion/convert-model.ts';
import { diffWeights } from '../../core/services/conversion/diff-weights.ts';
import { findAppFolder } from '../../core/services/host/app-folder.ts';
import type { Measurement } from './measurement.ts';

const HIDDEN = 768;
const INTERMEDIATE = 2048;
const LAYERS = 14;
const HEADS = 12;
const VOCABULARY = 32_000;
const ROUNDS = 5;
const PIECE_BYTES = 8 * 1024 * 1024;

export async function bench(): Promise<readonly Measurement[]> {
  const work = mkdtempSync(join(process.env['NESSO_BENCH_DISK'] ?? tmpdir(), 'nesso-bench-conversion-'));
  try {
    const source = process.env['NESSO_BENCH_WEIGHTS'] ?? join(work, 'hf');
    if (process.env['NESSO_BENCH_WEIGHTS'] === undefined) writeRandomModel(source);
    const weights = join(source, 'model.safetensors');
    const output = join(work, 'out.gguf');
    const request = {
      source,
      output,
      format: 'gguf',
      tokenizer: null,
      preTokenizer: 'llama-bpe',
      name: 'bench',
      replace: true,
    } as const;
    const convert = (type: 'f16' | 'q8_0') => convertModel({ ...request, type }, () => undefined);
    const copy = () => copyFile(weights, join(work, 'copy'));
    const other = join(work, 'other');
    cpSync(source, other, { recursive: true });
    const difference = () => diffWeights({ a: source, b: other }, () => undefined);
    const readBoth = () => {
      readFile(weights);
      readFile(join(other, 'model.safetensors'));
    };
    const f16 = await fastest(() => convert('f16'), copy);
    const q8 = await fastest(() => convert('q8_0'), copy);
    const diff = await fastest(difference, readBoth);
    const size = `${(statSync(weights).size / 1e6).toFixed(0)} MB`;
    return [
      { name: `Weights of ${size} to F16`, ...f16, anchor: 'a plain copy of the file', limit: 2 },
      { name: `Weights of ${size} to Q8_0`, ...q8, anchor: 'a plain copy of the file', limit: 4 },
      { name: `Difference of two checkpoints of ${size}`, ...diff, anchor: 'reading both files', limit: 3 },
      ...(await againstConverter(source, work, convert)),
    ];
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Both in turn; the fastest of each, which others who use the machine disturb least. */
async function fastest(ours: () => unknown, anchor: () => unknown) {
  let oursMs = Number.POSITIVE_INFINITY;
  let anchorMs = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    anchorMs = Math.min(anchorMs, await timeOf(anchor));
    oursMs = Math.min(oursMs, await timeOf(ours));
  }
  return { oursMs, anchorMs };
}

async function timeOf(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** As a conversion writes: in pieces, synced at the end. */
function copyFile(from: string, to: string): void {
  const source = openSync(from, 'r');
  const target = openSync(to, 'w');
  const piece = new Uint8Array(PIECE_BYTES);
  for (;;) {
    const count = readSync(source, piece);
    if (count === 0) break;
    writeSync(target, piece, 0, count);
  }
  fsyncSync(target);
  closeSync(source);
  closeSync(target);
}

function readFile(path: string): void {
  const handle = openSync(path, 'r');
  const piece = new Uint8Array(PIECE_BYTES);
  while (readSync(handle, piece) > 0);
  closeSync(handle);
}

async function againstConverter(
  source: string,
  work: string,
  convert: (type: 'f16' | 'q8_0') => unknown,
): Promise<readonly Measurement[]> {
  const python = process.env['NESSO_PYTHON'];
  const script = process.env['NESSO_LLAMA_CONVERTER'];
  if (python === undefined || script === undefined || !existsSync(script)) {
    console.log("conversion: llama.cpp's converter is not compared, NESSO_LLAMA_CONVERTER names none");
    return [];
  }
  const measurements: Measurement[] = [];
  for (const type of ['f16', 'q8_0'] as const) {
    const words = [script, source, '--outtype', type, '--outfile', join(work, 'theirs.gguf')];
    const theirs = () => execFileSync(python, words, { stdio: 'ignore' });
    const ours: number[] = [];
    const anchor: number[] = [];
    try {
      theirs();
    } catch {
      console.log(
        'conversion: llama.cpp’s converter refuses this model; NESSO_BENCH_WEIGHTS may name another',
      );
      return [];
    }
    for (let round = 0; round < 2; round += 1) {
      anchor.push(await timeOf(theirs));
      ours.push(await timeOf(() => convert(type)));
    }
    measurements.push({
      name: `Conversion to ${type.toUpperCase()}`,
      oursMs: Math.min(...ours),
      anchorMs: Math.min(...anchor),
      anchor: "llama.cpp's Python converter",
      limit: 0.34,
    });
  }
  return measurements;
}

/** A Llama of random bfloat16 weights with the tokenizer of the tests. */
function writeRandomModel(folder: string): void {
  const appFolder = findAppFolder(import.meta.dirname);
  cpSync(join(appFolder, 'test', 'fixtures', 'tokenizers', 'byte-level'), folder, { recursive: true });
  const config = {
    architectures: ['LlamaForCausalLM'],
    hidden_size: HIDDEN,
    intermediate_size: INTERMEDIATE,
    num_hidden_layers: LAYERS,
    num_attention_heads: HEADS,
    num_key_value_heads: HEADS / 3,
    vocab_size: VOCABULARY,
    max_position_embeddings: 2048,
    tie_word_embeddings: true,
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  const keys = (HIDDEN / HEADS) * (HEADS / 3);
  const shapes = new Map<string, readonly number[]>([['model.embed_tokens.weight', [VOCABULARY, HIDDEN]]]);
  for (let layer = 0; layer < LAYERS; layer += 1) {
    const own = `model.layers.${layer}`;
    for (const [name, shape] of [
      ['input_layernorm', [HIDDEN]],
      ['self_attn.q_proj', [HIDDEN, HIDDEN]],
      ['self_attn.k_proj', [keys, HIDDEN]],
      ['self_attn.v_proj', [keys, HIDDEN]],
      ['self_attn.o_proj', [HIDDEN, HIDDEN]],
      ['post_attention_layernorm', [HIDDEN]],
      ['mlp.gate_proj', [INTERMEDIATE, HIDDEN]],
      ['mlp.up_proj', [INTERMEDIATE, HIDDEN]],
      ['mlp.down_proj', [HIDDEN, INTERMEDIATE]],
    ] as const) {
      shapes.set(`${own}.${name}.weight`, shape);
    }
  }
  shapes.set('model.norm.weight', [HIDDEN]);
  let end = 0;
  const header: Record<string, unknown> = {};
  for (const [name, shape] of shapes) {
    const start = end;
    end += shape.reduce((product, size) => product * size, 2);
    header[name] = { dtype: 'BF16', shape, data_offsets: [start, end] };
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const handle = openSync(join(folder, 'model.safetensors'), 'w');
  writeSync(handle, Buffer.concat([length, json]));
  let state = 1;
  for (let left = end; left > 0; left -= PIECE_BYTES) {
    const values = new Uint16Array(Math.min(left, PIECE_BYTES) / 2);
    for (let index = 0; index < values.length; index += 1) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      // A sign, an exponent about 2^-5, seven random bits.
      values[index] =
        ((state >>> 31) << 15) | (0x3d00 - ((state >>> 27) & 3) * 0x80) | ((state >>> 16) & 0x7f);
    }
    writeSync(handle, values);
  }
  closeSync(handle);
}
