// A trained head as bytes: safetensors with the parameter names of the published JQL heads.
// Format: u64 header length (little-endian), JSON header padded with spaces to 8 bytes, raw little-endian float32.
import type { Head } from './head.ts';

/** A head's header is a few hundred bytes; anything far larger is not a head. */
const MAX_HEADER_BYTES = 1_048_576;

function tensorsOf(head: Head): readonly (readonly [string, readonly number[], Float32Array])[] {
  return [
    ['layer1.bias', [head.hidden], head.layer1Bias],
    ['layer1.weight', [head.hidden, head.inputs], head.layer1Weight],
    ['layer2.bias', [1], head.layer2Bias],
    ['layer2.weight', [1, head.hidden], head.layer2Weight],
  ];
}

/** The file's bytes. `metadata` values are strings, as the format demands. */
export function encodeHead(head: Head, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const tensors = tensorsOf(head);
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, shape, values] of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + values.length * 4] };
    offset += values.length * 4;
  }
  const text = JSON.stringify(header);
  const unpadded = new TextEncoder().encode(text);
  const headerBytes = Math.ceil(unpadded.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerBytes + offset).fill(0x20, 8, 8 + headerBytes);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(headerBytes), true);
  bytes.set(unpadded, 8);
  let position = 8 + headerBytes;
  for (const [, , values] of tensors) {
    for (const value of values) {
      view.setFloat32(position, value, true);
      position += 4;
    }
  }
  return bytes;
}

/** Reads what `encodeHead` writes. Throws RangeError with the reason when the bytes are not a head. */
export function decodeHead(bytes: Uint8Array): Head {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8) throw new RangeError('The file is too short for a safetensors header');
  const headerBytes = Number(view.getBigUint64(0, true));
  if (headerBytes > MAX_HEADER_BYTES || 8 + headerBytes > bytes.length) {
    throw new RangeError('The safetensors header is longer than the file or than a head ever has');
  }
  const header: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerBytes)));
  const read = (name: string, dimensions: number) =>
    readTensor({ header, name, dimensions, view, dataStart: 8 + headerBytes });
  const layer1 = read('layer1.weight', 2);
  const [hidden = 0, inputs = 0] = layer1.shape;
  const head: Head = {
    inputs,
    hidden,
    layer1Weight: layer1.values,
    layer1Bias: read('layer1.bias', 1).values,
    layer2Weight: read('layer2.weight', 2).values,
    layer2Bias: read('layer2.bias', 1).values,
  };
  const fits =
    head.layer1Bias.length === hidden && head.layer2Weight.length === hidden && head.layer2Bias.length === 1;
  if (!fits) throw new RangeError('The shapes of the two layers do not fit together');
  return head;
}

interface TensorSource {
  readonly header: unknown;
  readonly name: string;
  readonly dimensions: number;
  readonly view: DataView;
  readonly dataStart: number;
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

function readTensor(source: TensorSource): { shape: readonly number[]; values: Float32Array } {
  const { header, name, view, dataStart } = source;
  const entry: unknown =
    typeof header === 'object' && header !== null ? Reflect.get(header, name) : undefined;
  if (typeof entry !== 'object' || entry === null) throw new RangeError(`The tensor ${name} is missing`);
  const shape: unknown = Reflect.get(entry, 'shape');
  const offsets: unknown = Reflect.get(entry, 'data_offsets');
  const dtype: unknown = Reflect.get(entry, 'dtype');
  if (dtype !== 'F32' || !isNumbers(shape) || !isNumbers(offsets) || shape.length !== source.dimensions) {
    throw new RangeError(`The tensor ${name} is not a float32 tensor of ${source.dimensions} dimensions`);
  }
  const length = shape.reduce((product, size) => product * size, 1);
  const start = dataStart + (offsets[0] ?? 0);
  if ((offsets[1] ?? 0) - (offsets[0] ?? 0) !== length * 4 || start + length * 4 > view.byteLength) {
    throw new RangeError(`The data of tensor ${name} is not in the file`);
  }
  const values = Float32Array.from({ length }, (_, index) => view.getFloat32(start + index * 4, true));
  return { shape, values };
}
