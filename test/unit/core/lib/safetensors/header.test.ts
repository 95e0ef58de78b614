// Headers of safetensors files: what is written is read again, and no number in a foreign one is believed.
import { describe, expect, it } from 'vitest';
import {
  headerLength,
  parseSafetensorsHeader,
  safetensorsHeader,
} from '../../../../../core/lib/safetensors/header.ts';

const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const tensor = (start: number, end: number, shape: readonly number[] = [(end - start) / 4]) => ({
  dtype: 'F32',
  shape,
  data_offsets: [start, end],
});

describe('safetensors headers', () => {
  it('are read as they were written', () => {
    const bytes = safetensorsHeader(
      [
        { name: 'b', type: 'BF16', shape: [3, 5] },
        { name: 'a', type: 'F32', shape: [2] },
      ],
      { format: 'pt' },
    );
    expect(bytes.length % 8).toBe(0);
    const size = bytes.length + 30 + 8;
    const header = parseSafetensorsHeader(
      bytes.subarray(8, 8 + headerLength(bytes.subarray(0, 8), size)),
      size,
    );
    expect(header.metadata).toEqual({ format: 'pt' });
    expect(header.tensors).toEqual([
      { name: 'b', type: 'BF16', shape: [3, 5], start: bytes.length, sizeBytes: 30 },
      { name: 'a', type: 'F32', shape: [2], start: bytes.length + 30, sizeBytes: 8 },
    ]);
  });

  it.each([
    ['a size that its shape does not need', { a: tensor(0, 8, [3]) }, 'does not have the size'],
    ['data beyond the end', { a: tensor(4000, 4008) }, 'beyond its end'],
    ['two tensors in one place', { a: tensor(0, 8), b: tensor(4, 12) }, 'overlap'],
    ['an unknown type', { a: { ...tensor(0, 8), dtype: 'Q9' } }, 'unknown type'],
    ['an entry that is none', { a: 5 }, 'is not one of a tensor'],
    ['a negative place', { a: tensor(-8, 0) }, 'is not one of a tensor'],
    ['a list', [1], 'not a list of tensors'],
  ])('are refused with %s', (_, value, message) => {
    expect(() => parseSafetensorsHeader(json(value), 1000)).toThrow(message);
  });

  it('are refused when they are no text, and when their length cannot be', () => {
    expect(() => parseSafetensorsHeader(Uint8Array.of(0x7b, 0xff, 0xfe), 100)).toThrow('not valid JSON');
    const length = (value: bigint) => {
      const bytes = new Uint8Array(8);
      new DataView(bytes.buffer).setBigUint64(0, value, true);
      return bytes;
    };
    expect(() => headerLength(length(2n ** 63n), 1000)).toThrow('does not start with the length');
    expect(() => headerLength(length(5000n), 1000)).toThrow('ends inside its header');
    expect(() => headerLength(new Uint8Array(3), 3)).toThrow('too short');
  });
});
