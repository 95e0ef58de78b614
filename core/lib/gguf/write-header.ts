// The bytes of a GGUF file (version 3, little-endian) up to its tensor data. The published serializer writes keys but no
// tensor list, and a buffer a token; this one writes both into one growing buffer.
import { tensorTypes } from './tensor-types.ts';

/** A metadata value with the type it has in the file. */
export type GgufEntry =
  | { readonly type: 'uint32' | 'int32' | 'float32' | 'bool'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'strings'; readonly value: readonly string[] }
  | { readonly type: 'float32s' | 'int32s'; readonly value: readonly number[] }
  | { readonly type: 'bytes'; readonly value: Uint8Array };

export interface GgufTensorEntry {
  readonly name: string;
  /** ggml order: the fastest dimension first. */
  readonly shape: readonly number[];
  /** Name of tensor-types.ts. */
  readonly type: string;
}

export interface WrittenHeader {
  readonly bytes: Uint8Array;
  /** Where each tensor starts, counted from the start of the file, in the order given. */
  readonly starts: readonly number[];
  readonly fileSizeBytes: number;
  /** Where the text of a `string` value starts, so that it may be filled in later. */
  readonly textStarts: ReadonlyMap<string, number>;
}

export const ALIGNMENT_BYTES = 32;
const VERSION = 3;
const STRING = 8;
const LIST = 9;
const BYTE = 0;
const types = { uint32: 4, int32: 5, float32: 6, bool: 7 } as const;

/** Bytes of a tensor: whole blocks of its type. RangeError when a row is no number of blocks. */
export function tensorSizeBytes(shape: readonly number[], typeName: string): number {
  const type = [...tensorTypes.values()].find(({ name }) => name === typeName);
  if (!type) throw new RangeError(`${typeName} is no tensor type`);
  if ((shape[0] ?? 1) % type.valuesPerBlock !== 0) {
    throw new RangeError(`Rows of ${shape[0]} values are no whole blocks of ${typeName}`);
  }
  const values = shape.reduce((product, size) => product * size, 1);
  return (values / type.valuesPerBlock) * type.bytesPerBlock;
}

/** The header, padded to where the data starts. Tensors follow each other, each aligned. */
export function ggufHeader(
  metadata: ReadonlyMap<string, GgufEntry>,
  tensors: readonly GgufTensorEntry[],
): WrittenHeader {
  const out = new GrowingBytes();
  out.raw(new TextEncoder().encode('GGUF'));
  out.uint32(VERSION);
  out.uint64(tensors.length);
  out.uint64(metadata.size);
  const textStarts = new Map<string, number>();
  for (const [key, entry] of metadata) {
    out.text(key);
    if (entry.type === 'string') textStarts.set(key, out.length + 12);
    writeEntry(out, entry);
  }
  let offset = 0;
  const offsets = tensors.map((tensor) => {
    const start = offset;
    out.text(tensor.name);
    out.uint32(tensor.shape.length);
    for (const size of tensor.shape) out.uint64(size);
    out.uint32(numberOfType(tensor.type));
    out.uint64(start);
    offset = aligned(start + tensorSizeBytes(tensor.shape, tensor.type));
    return start;
  });
  out.pad(ALIGNMENT_BYTES);
  const bytes = out.bytes();
  return {
    bytes,
    starts: offsets.map((start) => bytes.length + start),
    fileSizeBytes: bytes.length + offset,
    textStarts,
  };
}

export function aligned(position: number): number {
  return Math.ceil(position / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
}

function numberOfType(name: string): number {
  for (const [number, type] of tensorTypes) if (type.name === name) return number;
  throw new RangeError(`${name} is no tensor type`);
}

function writeEntry(out: GrowingBytes, entry: GgufEntry): void {
  switch (entry.type) {
    case 'string':
      out.uint32(STRING);
      out.text(entry.value);
      return;
    case 'strings':
      out.uint32(LIST);
      out.uint32(STRING);
      out.uint64(entry.value.length);
      for (const item of entry.value) out.text(item);
      return;
    case 'bytes':
      out.uint32(LIST);
      out.uint32(BYTE);
      out.uint64(entry.value.length);
      out.raw(entry.value);
      return;
    case 'float32s':
    case 'int32s': {
      const type = entry.type === 'float32s' ? 'float32' : 'int32';
      out.uint32(LIST);
      out.uint32(types[type]);
      out.uint64(entry.value.length);
      for (const item of entry.value) out.scalar(type, item);
      return;
    }
    case 'uint32':
    case 'int32':
    case 'float32':
    case 'bool':
      out.uint32(types[entry.type]);
      out.scalar(entry.type, entry.value);
  }
}

class GrowingBytes {
  #bytes = new Uint8Array(1024 * 1024);
  #view = new DataView(this.#bytes.buffer);
  #encoder = new TextEncoder();
  length = 0;

  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.length);
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  uint32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.length, value, true);
    this.length += 4;
  }

  uint64(value: number): void {
    this.#reserve(8);
    this.#view.setBigUint64(this.length, BigInt(value), true);
    this.length += 8;
  }

  text(text: string): void {
    const bytes = this.#encoder.encode(text);
    this.uint64(bytes.length);
    this.raw(bytes);
  }

  scalar(type: keyof typeof types, value: number): void {
    if (type === 'bool') {
      this.raw(Uint8Array.of(value === 0 ? 0 : 1));
      return;
    }
    this.#reserve(4);
    if (type === 'float32') this.#view.setFloat32(this.length, value, true);
    else if (type === 'int32') this.#view.setInt32(this.length, value, true);
    else this.#view.setUint32(this.length, value, true);
    this.length += 4;
  }

  pad(alignment: number): void {
    this.raw(new Uint8Array((alignment - (this.length % alignment)) % alignment));
  }

  #reserve(count: number): void {
    if (this.length + count <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.length + count));
    larger.set(this.#bytes.subarray(0, this.length));
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}
