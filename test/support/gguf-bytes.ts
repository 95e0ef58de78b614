// Builds small GGUF files byte by byte, so that tests can make each number wrong on purpose.

export type Value =
  | { readonly u32: number }
  | { readonly f32: number }
  | { readonly text: string }
  | { readonly texts: readonly string[] }
  | { readonly raw: { readonly type: number; readonly bytes: readonly number[] } };

export interface TensorEntry {
  readonly name: string;
  readonly shape: readonly (number | bigint)[];
  readonly type: number;
  readonly offset: number | bigint;
}

export interface GgufSpec {
  readonly magic: string;
  readonly version: number;
  readonly tensorCount?: bigint;
  readonly keyCount?: bigint;
  readonly metadata: readonly (readonly [string, Value])[];
  readonly tensors: readonly TensorEntry[];
  readonly dataBytes: number;
}

const encoder = new TextEncoder();

class Writer {
  readonly bytes: number[] = [];

  u32(value: number): void {
    const view = new DataView(new ArrayBuffer(4));
    view.setUint32(0, value, true);
    this.bytes.push(...new Uint8Array(view.buffer));
  }

  u64(value: number | bigint): void {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, BigInt(value), true);
    this.bytes.push(...new Uint8Array(view.buffer));
  }

  text(value: string): void {
    const bytes = encoder.encode(value);
    this.u64(bytes.length);
    this.bytes.push(...bytes);
  }

  value(value: Value): void {
    if ('u32' in value) {
      this.u32(4);
      this.u32(value.u32);
    } else if ('f32' in value) {
      this.u32(6);
      this.bytes.push(...new Uint8Array(new Float32Array([value.f32]).buffer));
    } else if ('text' in value) {
      this.u32(8);
      this.text(value.text);
    } else if ('texts' in value) {
      this.u32(9);
      this.u32(8);
      this.u64(value.texts.length);
      for (const text of value.texts) this.text(text);
    } else {
      this.u32(value.raw.type);
      this.bytes.push(...value.raw.bytes);
    }
  }
}

export function ggufBytes(spec: GgufSpec): Uint8Array {
  const writer = new Writer();
  writer.bytes.push(...encoder.encode(spec.magic));
  writer.u32(spec.version);
  writer.u64(spec.tensorCount ?? spec.tensors.length);
  writer.u64(spec.keyCount ?? spec.metadata.length);
  for (const [key, value] of spec.metadata) {
    writer.text(key);
    writer.value(value);
  }
  for (const tensor of spec.tensors) {
    writer.text(tensor.name);
    writer.u32(tensor.shape.length);
    for (const size of tensor.shape) writer.u64(size);
    writer.u32(tensor.type);
    writer.u64(tensor.offset);
  }
  while (writer.bytes.length % 32 !== 0) writer.bytes.push(0);
  return new Uint8Array([...writer.bytes, ...new Uint8Array(spec.dataBytes)]);
}

/** A header that passes every check: width 8, two tokens, one F32 tensor. */
export function smallModel(): GgufSpec {
  return {
    magic: 'GGUF',
    version: 3,
    metadata: [
      ['general.architecture', { text: 'llama' }],
      ['general.name', { text: 'Small' }],
      ['general.file_type', { u32: 0 }],
      ['llama.block_count', { u32: 1 }],
      ['llama.context_length', { u32: 128 }],
      ['llama.embedding_length', { u32: 8 }],
      ['llama.attention.head_count', { u32: 2 }],
      ['llama.attention.head_count_kv', { u32: 1 }],
      ['llama.attention.layer_norm_rms_epsilon', { f32: 1e-5 }],
      ['tokenizer.ggml.model', { text: 'gpt2' }],
      ['tokenizer.ggml.tokens', { texts: ['a', 'b'] }],
      ['tokenizer.ggml.eos_token_id', { u32: 1 }],
    ],
    tensors: [{ name: 'token_embd.weight', shape: [8, 2], type: 0, offset: 0 }],
    dataBytes: 64,
  };
}

/** The spec with one key changed, added, or (undefined) removed. */
export function withKey(spec: GgufSpec, key: string, value: Value | undefined): GgufSpec {
  const others = spec.metadata.filter(([name]) => name !== key);
  return { ...spec, metadata: value === undefined ? others : [...others, [key, value]] };
}

export function withTensor(spec: GgufSpec, change: Partial<TensorEntry>): GgufSpec {
  const [first, ...others] = spec.tensors;
  if (first === undefined) throw new Error('the spec has no tensor');
  return { ...spec, tensors: [{ ...first, ...change }, ...others] };
}
