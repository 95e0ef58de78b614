// A trained head as bytes: safetensors, written with the parameter names of the published JQL heads, read with any names.
// Format: u64 header length (little-endian), JSON header padded with spaces to 8 bytes, raw little-endian float32.
import { brainToNumber, halfToNumber } from '../floats/half-floats.ts';
import { headFromTensors, type NamedTensor } from './head-tensors.ts';
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

/** A head, and what its file says about it. */
export interface HeadFile {
  readonly head: Head;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Reads what `encodeHead` writes. Throws RangeError with the reason when the bytes are not a head. */
export function decodeHead(bytes: Uint8Array): Head {
  return decodeHeadFile(bytes).head;
}

/** Float32, float16 or bfloat16 tensors, mapped by shape. Throws RangeError with the reason when the bytes are not a head. */
export function decodeHeadFile(bytes: Uint8Array): HeadFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8) throw new RangeError('The file is too short for a safetensors header');
  const headerBytes = Number(view.getBigUint64(0, true));
  if (headerBytes > MAX_HEADER_BYTES || 8 + headerBytes > bytes.length) {
    throw new RangeError('The safetensors header is longer than the file or than a head ever has');
  }
  const header = parseHeader(new TextDecoder().decode(bytes.subarray(8, 8 + headerBytes)));
  const { __metadata__: own, ...entries } = header;
  const tensors = Object.entries(entries).map(([name, entry]) =>
    tensorOf(
      name,
      entry,
      new DataView(bytes.buffer, bytes.byteOffset + 8 + headerBytes, bytes.length - 8 - headerBytes),
    ),
  );
  const found = headFromTensors(tensors);
  if (found.kind === 'none') throw new RangeError(`The tensors are not those of a head: ${found.reason}`);
  const texts = Object.entries(typeof own === 'object' && own !== null ? own : {});
  const metadata = texts.flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[key, value]] : [],
  );
  return { head: found.head, metadata: Object.fromEntries(metadata) };
}

function parseHeader(text: string): Readonly<Record<string, unknown>> {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch {
    throw new RangeError('The safetensors header is not valid JSON');
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) {
    throw new RangeError('The safetensors header is not a list of tensors');
  }
  return Object.fromEntries(Object.entries(header));
}

const formats: ReadonlyMap<
  unknown,
  { readonly size: number; readonly read: (view: DataView, at: number) => number }
> = new Map([
  ['F32', { size: 4, read: (view: DataView, at: number) => view.getFloat32(at, true) }],
  ['F16', { size: 2, read: (view: DataView, at: number) => halfToNumber(view.getUint16(at, true)) }],
  ['BF16', { size: 2, read: (view: DataView, at: number) => brainToNumber(view.getUint16(at, true)) }],
]);

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

/** `data` is what follows the header. */
function tensorOf(name: string, entry: unknown, data: DataView): NamedTensor {
  const shown = name.slice(0, 80);
  const field = (key: string): unknown =>
    typeof entry === 'object' && entry !== null ? Reflect.get(entry, key) : undefined;
  const shape = field('shape');
  const offsets = field('data_offsets');
  const format = formats.get(field('dtype'));
  if (!format || !isNumbers(shape) || !isNumbers(offsets)) {
    throw new RangeError(`The tensor ${shown} is not of float32, float16 or bfloat16`);
  }
  const [start = 0, end = 0] = offsets;
  const length = shape.reduce((product, size) => product * size, 1);
  if (end - start !== length * format.size || end > data.byteLength) {
    throw new RangeError(`The data of tensor ${shown} is not in the file`);
  }
  return {
    name,
    shape,
    values: () => Float32Array.from({ length }, (_, index) => format.read(data, start + index * format.size)),
  };
}
