// Number types and blocks against ggml's reference (test/fixtures/conversion/make.py) and against every sixteen-bit value.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  countBroken,
  encodeRows,
  type StoredType,
  storedType,
} from '../../../../../core/lib/conversion/encode-rows.ts';
import { toFloats } from '../../../../../core/lib/conversion/float-bits.ts';
import { randomWeights, readConversionExpectations } from '../../../../support/random-model.ts';

/** The numbers of `blocks()` in make.py. */
function numbers(): Float32Array {
  const values = randomWeights('blocks', [64, 256]);
  values.fill(0, 0, 32);
  values.fill(1e-30, 256, 288);
  for (let index = 0; index < 32; index += 1) {
    values[512 + index] = index - 16;
    values[1024 + index] = index % 2 === 0 ? 0.5 : -0.5;
  }
  values[768] = 3e4;
  for (let index = 0; index < 16; index += 1) values[1280 + index] = -(values[1296 + index] ?? 0);
  return values.map((value) => value * 1.0009765);
}

describe('encoding', () => {
  it.each(['Q8_0', 'Q4_0', 'F16', 'BF16'] as const)('writes %s bit for bit as ggml does', async (type) => {
    const { blocks } = await readConversionExpectations();
    const bytes = encodeRows(new Uint8Array(numbers().buffer), 'F32', type);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(blocks[type]);
  });

  it('keeps every bfloat16 and every half through float32', () => {
    const all = Uint16Array.from({ length: 65_536 }, (_, bits) => bits);
    for (const type of ['BF16', 'F16'] as const) {
      const floats = toFloats(new Uint8Array(all.buffer), type);
      const again = encodeRows(new Uint8Array(floats.buffer), 'F32', type);
      const bits = new Uint16Array(again.buffer);
      const lost = [...all].filter((value, index) => !Number.isNaN(floats[index]) && bits[index] !== value);
      expect(lost).toEqual([]);
    }
  });

  it('takes the same way from bfloat16 as over float32, and from bytes at odd places', () => {
    const values = randomWeights('x', [1000]);
    const brains = encodeRows(new Uint8Array(values.buffer), 'F32', 'BF16');
    for (const type of ['F16', 'Q8_0', 'F32'] satisfies StoredType[]) {
      const count = type === 'Q8_0' ? 992 : 1000;
      const odd = new Uint8Array(count * 2 + 1);
      odd.set(brains.subarray(0, count * 2), 1);
      expect(encodeRows(odd.subarray(1), 'BF16', type)).toEqual(
        encodeRows(new Uint8Array(values.buffer, 0, count * 4), 'F32', type),
      );
    }
  });
});

describe('what is stored', () => {
  it.each([
    ['model.norm.weight', [64], 'q8_0', 'F32'],
    ['model.layers.0.mlp.down_proj.weight', [64, 100], 'q8_0', 'F16'],
    ['model.layers.0.mlp.up_proj.weight', [100, 64], 'q4_0', 'Q4_0'],
    ['model.embed_tokens.weight', [700, 64], 'q4_0', 'Q8_0'],
    ['lm_head.weight', [700, 64], 'bf16', 'BF16'],
  ] as const)('%s of %j in %s is %s', (name, shape, wanted, stored) => {
    expect(storedType({ name, shape }, wanted)).toBe(stored);
  });

  it('counts what is no number', () => {
    const values = Float32Array.from([1, Number.NaN, Number.POSITIVE_INFINITY, -3e38, 0]);
    expect(countBroken(new Uint8Array(values.buffer), 'F32')).toBe(2);
    expect(countBroken(encodeRows(new Uint8Array(values.buffer), 'F32', 'F16'), 'F16')).toBe(3);
    expect(countBroken(encodeRows(new Uint8Array(values.buffer), 'F32', 'BF16'), 'BF16')).toBe(2);
  });
});
