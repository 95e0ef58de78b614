// Checkpoints of the sample model as a training would have saved them: its weights taken back out of the GGUF file, mixed with
// noise so that earlier steps answer worse, and its tokenizer as a tokenizer.json. Reads GGUF apart from the code under test.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CheckpointLayout, writeNanotronCheckpoint } from './nanotron-checkpoint.ts';
import { randomWeights, type RandomModel } from './random-model.ts';

const FILE = join(
  import.meta.dirname,
  '../../resources/sample-workspace/models/nesso-tiny/nesso-tiny-f16.gguf',
);
/** As resources/sample-model/tokenizer.py cuts text. */
const CUT =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const CONTROL = 3;

type Value = string | number | boolean | readonly Value[];

interface Tensor {
  readonly rows: number;
  readonly columns: number;
  readonly type: number;
  readonly offset: number;
}

export interface SampleModel {
  readonly model: RandomModel;
  /** Rows as Hugging Face has them. */
  weights(name: string): Float32Array;
  readonly tokenizer: Readonly<Record<string, string>>;
}

/** Once trained: answers short questions in Italian and English. */
export async function readSampleModel(): Promise<SampleModel> {
  const bytes = await readFile(FILE);
  const { values, tensors, start } = readGguf(bytes);
  const size = (key: string) => Number(values.get(`llama.${key}`));
  const heads = size('attention.head_count');
  const keyHeads = size('attention.head_count_kv');
  const layers = size('block_count');
  const tokens = values.get('tokenizer.ggml.tokens') as readonly string[];
  const config = {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    vocab_size: tokens.length,
    hidden_size: size('embedding_length'),
    intermediate_size: size('feed_forward_length'),
    num_hidden_layers: layers,
    num_attention_heads: heads,
    num_key_value_heads: keyHeads,
    head_dim: size('attention.key_length'),
    max_position_embeddings: size('context_length'),
    rms_norm_eps: 1e-5,
    rope_theta: size('rope.freq_base'),
    hidden_act: 'silu',
    tie_word_embeddings: true,
    torch_dtype: 'float32',
    bos_token_id: Number(values.get('tokenizer.ggml.bos_token_id')),
    eos_token_id: [
      Number(values.get('tokenizer.ggml.eos_token_id')),
      Number(values.get('tokenizer.ggml.eot_token_id')),
    ],
  };
  const places = namesOf(layers);
  const shapes: Record<string, number[]> = {};
  for (const [name, place] of places) {
    const tensor = tensors.get(place);
    if (tensor === undefined) throw new Error(`The sample model has no ${place}`);
    shapes[name] = tensor.rows === 1 ? [tensor.columns] : [tensor.rows, tensor.columns];
  }
  return {
    model: { tokenizer: '', config, shapes, ids: [], logProbabilities: [] },
    weights(name) {
      const tensor = tensors.get(places.get(name) ?? '');
      if (tensor === undefined) throw new Error(`The sample model has no ${name}`);
      const plain = numbers(bytes, start, tensor);
      if (name.includes('q_proj')) return inHalves(plain, tensor, heads);
      return name.includes('k_proj') ? inHalves(plain, tensor, keyHeads) : plain;
    },
    tokenizer: tokenizerFiles(values, tokens),
  };
}

export interface SampleStep {
  /** 1 is the trained model, 0 random weights. */
  readonly trained: number;
  readonly layout?: CheckpointLayout;
}

/** As Nanotron saves a step, without the tokenizer. */
export async function writeSampleCheckpoint(
  folder: string,
  { trained, layout = { tensorParallel: 2, names: 'new', interleaved: false } }: SampleStep,
): Promise<void> {
  const sample = await readSampleModel();
  await mkdir(folder, { recursive: true });
  await writeNanotronCheckpoint(folder, sample.model, layout, (name, shape) => {
    const final = sample.weights(name);
    const noise = randomWeights(name, shape);
    return final.map((value, index) => trained * value + (1 - trained) * (noise[index] ?? 0));
  });
}

/** tokenizer.json, its settings and the chat template. */
export async function writeSampleTokenizer(folder: string): Promise<void> {
  const { tokenizer } = await readSampleModel();
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(tokenizer)) await writeFile(join(folder, name), text);
}

function namesOf(layers: number): Map<string, string> {
  const names = new Map([
    ['model.embed_tokens.weight', 'token_embd.weight'],
    ['model.norm.weight', 'output_norm.weight'],
  ]);
  const parts = {
    'self_attn.q_proj': 'attn_q',
    'self_attn.k_proj': 'attn_k',
    'self_attn.v_proj': 'attn_v',
    'self_attn.o_proj': 'attn_output',
    'mlp.gate_proj': 'ffn_gate',
    'mlp.up_proj': 'ffn_up',
    'mlp.down_proj': 'ffn_down',
    input_layernorm: 'attn_norm',
    post_attention_layernorm: 'ffn_norm',
  };
  for (let layer = 0; layer < layers; layer += 1) {
    for (const [from, to] of Object.entries(parts))
      names.set(`model.layers.${layer}.${from}.weight`, `blk.${layer}.${to}.weight`);
  }
  return names;
}

function tokenizerFiles(
  values: ReadonlyMap<string, Value>,
  tokens: readonly string[],
): Readonly<Record<string, string>> {
  const types = values.get('tokenizer.ggml.token_type') as readonly number[];
  const special = tokens.flatMap((content, id) => (types[id] === CONTROL ? [{ content, id }] : []));
  const textAt = (key: string) => tokens[Number(values.get(`tokenizer.ggml.${key}`))];
  return {
    'tokenizer.json': JSON.stringify({
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: special.map(({ content, id }) => ({
        id,
        content,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true,
      })),
      normalizer: null,
      pre_tokenizer: {
        type: 'Sequence',
        pretokenizers: [
          { type: 'Split', pattern: { Regex: CUT }, behavior: 'Isolated', invert: false },
          { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
        ],
      },
      post_processor: null,
      decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
      model: {
        type: 'BPE',
        dropout: null,
        unk_token: null,
        continuing_subword_prefix: null,
        end_of_word_suffix: null,
        fuse_unk: false,
        byte_fallback: false,
        ignore_merges: true,
        vocab: Object.fromEntries(tokens.map((text, id) => [text, id])),
        merges: (values.get('tokenizer.ggml.merges') as readonly string[]).map((merge) => merge.split(' ')),
      },
    }),
    'tokenizer_config.json': JSON.stringify({
      tokenizer_class: 'PreTrainedTokenizerFast',
      add_bos_token: true,
      bos_token: textAt('bos_token_id'),
      eos_token: textAt('eos_token_id'),
      chat_template: values.get('tokenizer.chat_template'),
    }),
  };
}

/** Rows of each head from neighbours back to halves. */
function inHalves(values: Float32Array, { rows, columns }: Tensor, heads: number): Float32Array {
  const perHead = rows / heads;
  const dealt = new Float32Array(values.length);
  for (let row = 0; row < rows; row += 1) {
    const inHead = row % perHead;
    const to = row - inHead + (inHead % 2) * (perHead / 2) + Math.floor(inHead / 2);
    dealt.set(values.subarray(row * columns, (row + 1) * columns), to * columns);
  }
  return dealt;
}

function numbers(bytes: Buffer, start: number, { rows, columns, type, offset }: Tensor): Float32Array {
  const result = new Float32Array(rows * columns);
  for (let index = 0; index < result.length; index += 1) {
    const at = start + offset + index * (type === 0 ? 4 : 2);
    result[index] = type === 0 ? bytes.readFloatLE(at) : half(bytes.readUInt16LE(at));
  }
  return result;
}

function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

/** Version 3; types of values as llama.cpp numbers them. */
function readGguf(bytes: Buffer) {
  let at = 8;
  const whole = () => Number(bytes.readBigUInt64LE((at += 8) - 8));
  const text = () => {
    const length = whole();
    return bytes.toString('utf8', at, (at += length));
  };
  const read: Readonly<Record<number, () => Value>> = {
    0: () => bytes.readUInt8((at += 1) - 1),
    4: () => bytes.readUInt32LE((at += 4) - 4),
    5: () => bytes.readInt32LE((at += 4) - 4),
    6: () => bytes.readFloatLE((at += 4) - 4),
    7: () => bytes.readUInt8((at += 1) - 1) === 1,
    8: text,
    9: () => {
      const type = bytes.readUInt32LE((at += 4) - 4);
      return Array.from({ length: whole() }, () => value(type));
    },
    10: whole,
  };
  const value = (type: number): Value => {
    const reader = read[type];
    if (reader === undefined) throw new Error(`The sample model has a value of type ${type}`);
    return reader();
  };
  const tensorCount = whole();
  const keyCount = whole();
  const values = new Map<string, Value>();
  for (let index = 0; index < keyCount; index += 1) {
    const key = text();
    const type = bytes.readUInt32LE((at += 4) - 4);
    values.set(key, value(type));
  }
  const tensors = new Map<string, Tensor>();
  for (let index = 0; index < tensorCount; index += 1) {
    const name = text();
    const dimensions = bytes.readUInt32LE((at += 4) - 4);
    const sizes = Array.from({ length: dimensions }, whole);
    const type = bytes.readUInt32LE((at += 4) - 4);
    tensors.set(name, { columns: sizes[0] ?? 0, rows: sizes[1] ?? 1, type, offset: whole() });
  }
  return { values, tensors, start: Math.ceil(at / 32) * 32 };
}
