import { describe, expect, it } from 'vitest';
import { encodeHead } from '../../../../../core/lib/jql/head-file.ts';
import { randomHead } from '../../../../../core/lib/jql/head.ts';
import { seededRandom } from '../../../../../core/lib/jql/random.ts';
import { decodeHead } from '../../../../support/plain-head.ts';

const head = randomHead(5, 3, seededRandom(9));

describe('head file', () => {
  it('reads back what it wrote', () => {
    const bytes = encodeHead(head, { features: 'hashed n-grams' });
    expect(decodeHead(bytes)).toEqual(head);
    const headerBytes = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(headerBytes % 8).toBe(0);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerBytes))) as object;
    expect(header).toMatchObject({
      __metadata__: { features: 'hashed n-grams' },
      'layer1.weight': { dtype: 'F32', shape: [3, 5] },
      'layer2.weight': { dtype: 'F32', shape: [1, 3] },
    });
    expect(bytes.length).toBe(8 + headerBytes + 4 * (15 + 3 + 3 + 1));
  });

  it('refuses truncated and foreign bytes', () => {
    const bytes = encodeHead(head);
    expect(() => decodeHead(bytes.subarray(0, bytes.length - 4))).toThrow(RangeError);
    expect(() => decodeHead(new Uint8Array(4))).toThrow(/too short/);
    expect(() => decodeHead(new Uint8Array(64).fill(255))).toThrow(/length of a safetensors header/);
  });
});
