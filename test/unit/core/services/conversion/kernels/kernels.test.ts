// The compiled loops against the plain TypeScript, which is held to ggml's own bytes: the same bits for every sixteen-bit value and
// for random float32, at any length and place.
import { describe, expect, it } from 'vitest';
import { ComparedValues } from '../../../../../../core/lib/conversion/compare-values.ts';
import { countBroken, encodeRows } from '../../../../../../core/lib/conversion/encode-rows.ts';
import { toFloats } from '../../../../../../core/lib/conversion/float-bits.ts';
import { kernels } from '../../../../../../core/services/conversion/kernels/kernels.ts';

const everyHalf = new Uint8Array(Uint16Array.from({ length: 65_536 }, (_, bits) => bits).buffer);

/** Bits of every size, NaN and infinities among them. */
function randomFloats(count: number): Uint8Array {
  let state = 7;
  const bits = Uint32Array.from({ length: count }, (_, index) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return index % 5 === 0 ? (state & 0x807fffff) | 0x38000000 : state;
  });
  return new Uint8Array(bits.buffer);
}

/** Weights as they are: no NaN, of many magnitudes, with ties of rounding. */
function weights(count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => {
    const value = Math.sin(index * 12.9898) * 10 ** ((index % 9) - 6);
    return index % 7 === 0 ? Math.round(value * 8) / 8 : value;
  });
}

describe('compiled loops', () => {
  it.each(['BF16', 'F16'] as const)('take every %s where TypeScript takes it', (from) => {
    for (const to of ['F16', 'F32', 'BF16'] as const) {
      const ours = Buffer.from(kernels().encode(everyHalf, from, to));
      const plain = Buffer.from(encodeRows(everyHalf, from, to));
      if (to === 'F32') expectSameFloats(ours, plain);
      else expect(ours.equals(plain)).toBe(true);
    }
    expect(kernels().countBroken(everyHalf, from)).toBe(countBroken(everyHalf, from));
  });

  it.each([1, 7, 8, 9, 31, 1000, 100_003])('round %i float32 to halves as TypeScript does', (count) => {
    const bytes = randomFloats(count);
    const ours = Buffer.from(kernels().encode(bytes, 'F32', 'F16'));
    expect(ours.equals(Buffer.from(encodeRows(bytes, 'F32', 'F16')))).toBe(true);
    expect(kernels().countBroken(bytes, 'F32')).toBe(countBroken(bytes, 'F32'));
  });

  it('write blocks of Q8_0 as TypeScript does, also where a value lies between two', () => {
    const values = weights(32 * 4001);
    for (let block = 0; block < 64; block += 1) {
      // A largest of 127 makes the scale 1, so that every half is a tie.
      for (let index = 0; index < 32; index += 1)
        values[block * 32 + index] = (index - 16) * (block / 2 + 0.5);
      values[block * 32] = 127;
    }
    const bytes = new Uint8Array(values.buffer);
    const ours = Buffer.from(kernels().encode(bytes, 'F32', 'Q8_0'));
    expect(ours.equals(Buffer.from(encodeRows(bytes, 'F32', 'Q8_0')))).toBe(true);
    const brains = new Uint8Array(encodeRows(bytes, 'F32', 'BF16'));
    const same = Buffer.from(kernels().encode(brains, 'BF16', 'Q8_0'));
    expect(same.equals(Buffer.from(encodeRows(brains, 'BF16', 'Q8_0')))).toBe(true);
  });

  it.each([1, 3, 4, 5, 4096, 99_999])('sum %i values of two tensors', (count) => {
    const a = weights(count);
    const b = a.map((value, index) => (index % 3 === 0 ? value : value * 1.01));
    const plain = new ComparedValues();
    plain.add(a, b);
    const expected = plain.sums();
    const bytes = (values: Float32Array) => new Uint8Array(values.buffer);
    const sums = kernels().compare(bytes(a), 'F32', bytes(b), 'F32');
    for (const key of ['squaresA', 'squaresB', 'product', 'squaresApart', 'largest'] as const) {
      expect(Math.abs(sums[key] - expected[key])).toBeLessThanOrEqual(Math.abs(expected[key]) * 1e-6);
    }
    expect(sums.changed).toBe(expected.changed);
    const [brainsA, brainsB] = [a, b].map((one) => new Uint8Array(encodeRows(bytes(one), 'F32', 'BF16')));
    const brains = new ComparedValues();
    brains.add(toFloats(brainsA ?? bytes(a), 'BF16'), toFloats(brainsB ?? bytes(b), 'BF16'));
    const ofBrains = kernels().compare(brainsA ?? bytes(a), 'BF16', brainsB ?? bytes(b), 'BF16');
    expect(ofBrains.changed).toBe(brains.sums().changed);
    expect(Math.abs(ofBrains.squaresApart - brains.sums().squaresApart)).toBeLessThanOrEqual(
      brains.sums().squaresApart * 1e-6,
    );
    const halves = new Uint8Array(encodeRows(bytes(b), 'F32', 'F16'));
    const mixed = new ComparedValues();
    mixed.add(a, toFloats(halves, 'F16'));
    const other = kernels().compare(bytes(a), 'F32', halves, 'F16');
    expect(Math.abs(other.squaresApart - mixed.sums().squaresApart)).toBeLessThanOrEqual(
      mixed.sums().squaresApart * 1e-6,
    );
  });

  it('sums that float32 cannot hold are taken in doubles, and NaN is told', () => {
    const large = new Uint8Array(new Float32Array(64).fill(1e25).buffer);
    const larger = new Uint8Array(new Float32Array(64).fill(3e25).buffer);
    const sums = kernels().compare(large, 'F32', larger, 'F32');
    expect(sums.squaresA / 6.4e51).toBeCloseTo(1, 6);
    expect(sums.squaresApart / 2.56e52).toBeCloseTo(1, 6);
    const tiny = new Uint8Array(new Float32Array(64).fill(1e-30).buffer);
    expect(kernels().compare(tiny, 'F32', new Uint8Array(256), 'F32').squaresApart / 6.4e-59).toBeCloseTo(
      1,
      6,
    );
    const broken = new Uint8Array(new Float32Array(64).fill(Number.NaN).buffer);
    expect(kernels().compare(large, 'F32', broken, 'F32').squaresApart).toBeNaN();
  });

  it('what does not fit into their memory goes through TypeScript', () => {
    const bytes = new Uint8Array(8 * 1024 * 1024).fill(0x3c);
    expect(
      Buffer.from(kernels().encode(bytes, 'BF16', 'F16')).equals(
        Buffer.from(encodeRows(bytes, 'BF16', 'F16')),
      ),
    ).toBe(true);
    expect(kernels().compare(bytes, 'BF16', bytes, 'BF16')).toMatchObject({ changed: 0, values: 4_194_304 });
  });
});

/** NaN may carry other bits. */
function expectSameFloats(ours: Buffer, plain: Buffer): void {
  const [a, b] = [ours, plain].map((one) => new Float32Array(new Uint8Array(one).buffer));
  expect(a?.length).toBe(b?.length);
  expect(a?.findIndex((value, index) => !Object.is(value, b?.[index]))).toBe(-1);
}
