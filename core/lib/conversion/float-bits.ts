// Values of the three float types weights are stored in, turned into each other as bits, whole arrays at a time.
// Sixteen-bit types have 65,536 values: what they become is looked up. Rounding is to the nearest, ties to even.
import { halfOfBits, halfToNumber } from '../floats/half-floats.ts';
import type { FloatType } from './tensor-rows.ts';

const SIXTEEN_BITS = 65_536;

/** Bits of a float32 for each half. */
let halfAsFloat: Uint32Array | undefined;
/** Bits of the nearest half for each bfloat16. */
let brainAsHalf: Uint16Array | undefined;

function halfTable(): Uint32Array {
  if (halfAsFloat) return halfAsFloat;
  const floats = new Float32Array(SIXTEEN_BITS);
  for (let bits = 0; bits < SIXTEEN_BITS; bits += 1) floats[bits] = halfToNumber(bits);
  halfAsFloat = new Uint32Array(floats.buffer);
  return halfAsFloat;
}

function brainTable(): Uint16Array {
  if (brainAsHalf) return brainAsHalf;
  const table = new Uint16Array(SIXTEEN_BITS);
  for (let bits = 0; bits < SIXTEEN_BITS; bits += 1) table[bits] = halfOfBits((bits << 16) >>> 0);
  brainAsHalf = table;
  return table;
}

/** `bytes` starts where its values may be read, or is copied. */
function aligned(bytes: Uint8Array, size: number): Uint8Array {
  return bytes.byteOffset % size === 0 ? bytes : bytes.slice();
}

/** The bits of every value as 16- or 32-bit numbers. */
function bits16(bytes: Uint8Array): Uint16Array {
  const at = aligned(bytes, 2);
  return new Uint16Array(at.buffer, at.byteOffset, at.byteLength / 2);
}

function bits32(bytes: Uint8Array): Uint32Array {
  const at = aligned(bytes, 4);
  return new Uint32Array(at.buffer, at.byteOffset, at.byteLength / 4);
}

/** Every value as float32; exact from all three types. */
export function toFloats(bytes: Uint8Array, type: FloatType): Float32Array {
  if (type === 'F32') {
    const at = aligned(bytes, 4);
    return new Float32Array(at.buffer, at.byteOffset, at.byteLength / 4);
  }
  const from = bits16(bytes);
  const to = new Uint32Array(from.length);
  if (type === 'BF16') {
    for (let index = 0; index < from.length; index += 1) to[index] = (from[index] as number) << 16;
  } else {
    const table = halfTable();
    for (let index = 0; index < from.length; index += 1) to[index] = table[from[index] as number] as number;
  }
  return new Float32Array(to.buffer);
}

/** Every value as binary16. */
export function toHalves(bytes: Uint8Array, type: FloatType): Uint8Array {
  if (type === 'F16') return bytes;
  if (type === 'BF16') {
    const from = bits16(bytes);
    const table = brainTable();
    const to = new Uint16Array(from.length);
    for (let index = 0; index < from.length; index += 1) to[index] = table[from[index] as number] as number;
    return new Uint8Array(to.buffer);
  }
  const from = bits32(bytes);
  const to = new Uint16Array(from.length);
  for (let index = 0; index < from.length; index += 1) to[index] = halfOfBits(from[index] as number);
  return new Uint8Array(to.buffer);
}

/** Every value as bfloat16. */
export function toBrains(bytes: Uint8Array, type: FloatType): Uint8Array {
  if (type === 'BF16') return bytes;
  const floats = toFloats(bytes, type);
  const from = new Uint32Array(floats.buffer, floats.byteOffset, floats.length);
  const to = new Uint16Array(from.length);
  for (let index = 0; index < from.length; index += 1) {
    const bits = from[index] as number;
    const magnitude = bits & 0x7fffffff;
    to[index] = magnitude > 0x7f800000 ? (bits >>> 16) | 0x40 : (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
  }
  return new Uint8Array(to.buffer);
}
