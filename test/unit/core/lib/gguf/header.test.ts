// The header check against files that are wrong in one place each, and against a right one.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkGgufHeader } from '../../../../../core/lib/gguf/check-header.ts';
import { describeGguf, formatGgufValue } from '../../../../../core/lib/gguf/describe.ts';
import { GgufFault, GgufNeedsMore } from '../../../../../core/lib/gguf/header.ts';
import { parseGgufHeader } from '../../../../../core/lib/gguf/parse-header.ts';
import { type GgufSpec, ggufBytes, smallModel, withKey, withTensor } from '../../../../support/gguf-bytes.ts';

function check(bytes: Uint8Array, sizeBytes = bytes.byteLength) {
  const header = parseGgufHeader(bytes, sizeBytes);
  checkGgufHeader(header);
  return header;
}

const spec = smallModel();

describe('a right header', () => {
  it('is read with metadata, tensors and where the data starts', () => {
    const bytes = ggufBytes(spec);
    const header = check(bytes);
    expect(header.version).toBe(3);
    expect(header.tensors).toEqual([
      { name: 'token_embd.weight', shape: [8, 2], type: 'F32', offsetBytes: 0, sizeBytes: 64 },
    ]);
    expect(header.dataStartBytes).toBe(bytes.byteLength - 64);
    expect(header.metadata.get('tokenizer.ggml.tokens')).toEqual({
      kind: 'list',
      length: 2,
      first: ['a', 'b'],
    });
    expect(describeGguf(header)).toEqual({
      architecture: 'llama',
      parameters: 16,
      quantization: 'F32',
      contextLength: 128,
      chatTemplate: null,
    });
  });

  it('asks for more bytes when only its start is in memory', () => {
    const bytes = ggufBytes(spec);
    for (const kept of [24, 60, 200, 400]) {
      expect(() => parseGgufHeader(bytes.subarray(0, kept), bytes.byteLength)).toThrow(GgufNeedsMore);
    }
  });

  it('counts long lists without keeping them', () => {
    const texts = Array.from({ length: 1000 }, (_, index) => `t${index}`);
    const long = withTensor(withKey(spec, 'tokenizer.ggml.tokens', { texts }), { shape: [8, 1000] });
    const header = check(ggufBytes({ ...long, dataBytes: 32_000 }));
    const value = header.metadata.get('tokenizer.ggml.tokens');
    expect(value).toMatchObject({ length: 1000, first: texts.slice(0, 8) });
    expect(value && formatGgufValue(value)).toMatch(/^1000 values: "t0", .*, …$/);
  });

  it('shows values as people write them', () => {
    const header = check(ggufBytes(spec));
    const shown = (key: string) => formatGgufValue(header.metadata.get(key) ?? { kind: 'text', value: '' });
    expect(shown('llama.attention.layer_norm_rms_epsilon')).toBe('0.00001');
    expect(shown('llama.context_length')).toBe('128');
    expect(shown('general.name')).toBe('Small');
    expect(formatGgufValue({ kind: 'text', value: 'x'.repeat(5000) })).toHaveLength(2001);
  });

  it('allows head count 0 where there is no attention', () => {
    const mamba: GgufSpec = {
      ...spec,
      metadata: spec.metadata.map(([key, value]) => [key.replace('llama.', 'mamba.'), value]),
    };
    const changed = withKey(
      withKey(mamba, 'general.architecture', { text: 'mamba' }),
      'mamba.attention.head_count',
      {
        u32: 0,
      },
    );
    expect(() => check(ggufBytes(changed))).not.toThrow();
  });
});

describe('a wrong header', () => {
  const cases: readonly (readonly [string, GgufSpec, RegExp])[] = [
    ['magic', { ...spec, magic: 'GGML' }, /does not start with/],
    ['byte order', { ...spec, magic: 'FUGG' }, /big-endian/],
    ['version', { ...spec, version: 1 }, /version 1/],
    ['tensor count', { ...spec, tensorCount: 5000n }, /claims 5000 tensors/],
    ['tensor count beyond 2^53', { ...spec, tensorCount: 2n ** 64n - 1n }, /impossible/],
    ['key count', { ...spec, keyCount: 9999n }, /claims 9999 keys/],
    ['one key more than there is', { ...spec, keyCount: 13n }, /impossible/],
    [
      'duplicate key',
      { ...spec, metadata: [...spec.metadata, ['general.name', { text: 'x' }]] },
      /appears twice/,
    ],
    ['value type', withKey(spec, 'x', { raw: { type: 99, bytes: [0, 0, 0, 0] } }), /unknown value type 99/],
    [
      'list length',
      withKey(spec, 'x', { raw: { type: 9, bytes: [4, 0, 0, 0, 255, 255, 255, 255, 255, 0, 0, 0] } }),
      /which cannot be/,
    ],
    [
      'text length',
      withKey(spec, 'x', { raw: { type: 8, bytes: [255, 255, 255, 127, 0, 0, 0, 0] } }),
      /length of x is impossible/,
    ],
    ['alignment', withKey(spec, 'general.alignment', { u32: 48 }), /power of two/],
    ['dimension 0', withTensor(spec, { shape: [8, 0] }), /impossible dimensions/],
    [
      'dimensions that overflow',
      withTensor(spec, { shape: [2n ** 40n, 2n ** 40n] }),
      /impossible dimensions/,
    ],
    ['no dimension', withTensor(spec, { shape: [] }), /0 dimensions/],
    ['five dimensions', withTensor(spec, { shape: [1, 1, 1, 1, 1] }), /5 dimensions/],
    ['tensor type', withTensor(spec, { type: 77 }), /unknown type 77/],
    ['blocks', withTensor(spec, { type: 8 }), /whole blocks of Q8_0/],
    ['offset beyond the end', withTensor(spec, { offset: 1_048_576 }), /beyond its end/],
    ['offset not aligned', withTensor(spec, { offset: 4 }), /not aligned/],
    ['no architecture', withKey(spec, 'general.architecture', undefined), /architecture/],
    ['an adapter', withKey(spec, 'general.type', { text: 'adapter' }), /adapter/],
    ['head count 0', withKey(spec, 'llama.attention.head_count', { u32: 0 }), /impossible value: 0/],
    ['head count missing', withKey(spec, 'llama.attention.head_count', undefined), /missing/],
    ['heads that do not divide', withKey(spec, 'llama.attention.head_count', { u32: 3 }), /do not divide/],
    [
      'kv heads that do not divide',
      withKey(spec, 'llama.attention.head_count_kv', { u32: 3 }),
      /do not divide/,
    ],
    ['too many layers', withKey(spec, 'llama.block_count', { u32: 513 }), /impossible value: 513/],
    ['context 0', withKey(spec, 'llama.context_length', { u32: 0 }), /impossible value/],
    [
      'epsilon',
      withKey(spec, 'llama.attention.layer_norm_rms_epsilon', { f32: Number.NaN }),
      /impossible value/,
    ],
    ['no vocabulary', withKey(spec, 'tokenizer.ggml.tokens', undefined), /no vocabulary/],
    ['end token outside', withKey(spec, 'tokenizer.ggml.eos_token_id', { u32: 2 }), /outside the vocabulary/],
    ['embedding shape', withTensor(spec, { shape: [4, 2] }), /width × vocabulary/],
    ['no weights', { ...spec, tensors: [], dataBytes: 0 }, /no weights/],
  ];

  it.each(cases)('is refused: %s', (_, wrong, reason) => {
    const bytes = ggufBytes(wrong);
    expect(() => check(bytes)).toThrow(GgufFault);
    expect(() => check(bytes)).toThrow(reason);
  });

  it('is refused when cut at any byte', () => {
    const bytes = ggufBytes(spec);
    for (let kept = 0; kept < bytes.byteLength; kept += 1) {
      expect(() => check(bytes.subarray(0, kept))).toThrow(GgufFault);
    }
  });

  it('never throws anything but a fault, whatever bytes change', () => {
    const bytes = ggufBytes(spec);
    const change = fc.tuple(fc.nat(bytes.byteLength - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const damaged = bytes.slice();
        for (const [at, value] of changes) damaged[at] = value;
        try {
          check(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(GgufFault);
        }
      }),
      { numRuns: 2000, seed: 5 },
    );
  });
});
