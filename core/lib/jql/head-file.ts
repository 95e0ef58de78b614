// A trained head as bytes: safetensors, written with the parameter names of the published JQL heads, read with any names.
// Format: u64 header length (little-endian), JSON header padded with spaces to 8 bytes, raw little-endian float32.
import { brainToNumber, halfToNumber } from '../floats/half-floats.ts';
import { headFromTensors, type NamedTensor } from './head-tensors.ts';
import type { Head } from './head.ts';
import {
  headerLength,
  LENGTH_BYTES,
  parseSafetensorsHeader,
  type SafeTensor,
  SafetensorsFault,
  safetensorsHeader,
  type SafetensorsHeader,
} from '../safetensors/header.ts';

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
  const header = safetensorsHeader(
    tensors.map(([name, shape]) => ({ name, shape, type: 'F32' })),
    metadata,
  );
  const values = tensors.reduce((sum, [, , own]) => sum + own.length, 0);
  const bytes = new Uint8Array(header.length + values * 4);
  bytes.set(header);
  const view = new DataView(bytes.buffer);
  let position = header.length;
  for (const [, , own] of tensors) {
    for (const value of own) {
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

/** Float32, float16 or bfloat16 tensors, mapped by shape. Throws RangeError with the reason when the bytes are not a head. */
export function decodeHeadFile(bytes: Uint8Array): HeadFile {
  const { metadata, tensors } = readHeader(bytes);
  const found = headFromTensors(tensors.map((tensor) => tensorOf(tensor, bytes)));
  if (found.kind === 'none') throw new RangeError(`The tensors are not those of a head: ${found.reason}`);
  return { head: found.head, metadata };
}

function readHeader(bytes: Uint8Array): SafetensorsHeader {
  try {
    const length = headerLength(bytes, bytes.length);
    return parseSafetensorsHeader(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length), bytes.length);
  } catch (error) {
    throw error instanceof SafetensorsFault ? new RangeError(error.message, { cause: error }) : error;
  }
}

const readers: ReadonlyMap<string, (view: DataView, at: number) => number> = new Map([
  ['F32', (view: DataView, at: number) => view.getFloat32(at * 4, true)],
  ['F16', (view: DataView, at: number) => halfToNumber(view.getUint16(at * 2, true))],
  ['BF16', (view: DataView, at: number) => brainToNumber(view.getUint16(at * 2, true))],
]);

function tensorOf({ name, shape, type, start, sizeBytes }: SafeTensor, bytes: Uint8Array): NamedTensor {
  const read = readers.get(type);
  if (!read) {
    throw new RangeError(`The tensor ${name.slice(0, 80)} is not of float32, float16 or bfloat16`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, sizeBytes);
  const length = shape.reduce((product, size) => product * size, 1);
  return { name, shape, values: () => Float32Array.from({ length }, (_, index) => read(view, index)) };
}
