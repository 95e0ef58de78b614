// Values of block types against what the gguf package makes of the same bytes (test/fixtures/gguf/make.py).
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dequantizer } from '../../../../../core/lib/gguf/dequantize.ts';
import { tensorTypes } from '../../../../../core/lib/gguf/tensor-types.ts';

const BLOCKS = 64;
const expected: Record<string, string> = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../../fixtures/gguf/dequantized.json'), 'utf8'),
);
const scales: Readonly<Record<string, readonly number[]>> = {
  Q4_0: [0],
  Q4_1: [0, 2],
  Q5_0: [0],
  Q5_1: [0, 2],
  Q8_0: [0],
  Q2_K: [80, 82],
  Q3_K: [108],
  Q4_K: [0, 2],
  Q5_K: [0, 2],
  Q6_K: [208],
  IQ4_NL: [0],
  IQ4_XS: [0],
};

function blocksOf(size: number, places: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(BLOCKS * size);
  for (let index = 0; index < bytes.length; index += 1) {
    let x = Math.imul(index + 1, 2_654_435_761) >>> 0;
    x ^= x >>> 15;
    x = Math.imul(x, 2_246_822_519);
    x ^= x >>> 13;
    bytes[index] = x & 0xff;
  }
  for (let block = 0; block < bytes.length; block += size) {
    for (const place of places) {
      bytes[block + place + 1] = ((bytes[block + place + 1] ?? 0) & 0x8f) | 0x10;
    }
  }
  return bytes;
}

describe('values of block types', () => {
  it.each(Object.keys(scales))('are those of the gguf package: %s', (name) => {
    const type = [...tensorTypes.values()].find((one) => one.name === name);
    const values = new Float32Array(BLOCKS * (type?.valuesPerBlock ?? 0));
    dequantizer(name)?.(blocksOf(type?.bytesPerBlock ?? 0, scales[name] ?? []), values);
    expect(createHash('sha256').update(new Uint8Array(values.buffer)).digest('hex')).toBe(expected[name]);
  });

  it('of a type that is not known are not guessed', () => {
    expect(dequantizer('IQ2_XXS')).toBeNull();
    expect(dequantizer('F32')).toBeNull();
  });
});
