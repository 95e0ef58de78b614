// Heads found by the shapes of their tensors, and safetensors with other names and formats than our own.
import { describe, expect, it } from 'vitest';
import { decodeHeadFile, encodeHead } from '../../../../../core/lib/jql/head-file.ts';
import { headFromTensors } from '../../../../../core/lib/jql/head-tensors.ts';
import { randomHead } from '../../../../../core/lib/jql/head.ts';
import { seededRandom } from '../../../../../core/lib/jql/random.ts';

const tensor = (name: string, shape: readonly number[], fill = 0.5) => ({
  name,
  shape,
  values: () => new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(fill),
});
const reasonOf = (...tensors: Parameters<typeof headFromTensors>[0]): string => {
  const found = headFromTensors(tensors);
  return found.kind === 'none' ? found.reason : 'a head';
};

describe('a head by its shapes', () => {
  it('is found in any order and under any names, counters left out', () => {
    const found = headFromTensors([
      tensor('z', [1, 3], 1),
      tensor('steps', []),
      tensor('y', [1], 2),
      tensor('x', [3], 3),
      tensor('w', [3, 5], 4),
    ]);
    expect(found).toMatchObject({ kind: 'head', head: { inputs: 5, hidden: 3 } });
    if (found.kind !== 'head') return;
    const { layer1Weight, layer1Bias, layer2Weight, layer2Bias } = found.head;
    expect(
      [layer1Weight, layer1Bias, layer2Weight, layer2Bias].map((part) => [part[0], part.length]),
    ).toEqual([
      [4, 15],
      [3, 3],
      [1, 3],
      [2, 1],
    ]);
  });

  it('tells the biases of a single unit by their names', () => {
    const found = headFromTensors([
      tensor('b.weight', [1, 1], 1),
      tensor('b.bias', [1], 2),
      tensor('a.bias', [1], 3),
      tensor('a.weight', [1, 5], 4),
    ]);
    expect(found).toMatchObject({ kind: 'head', head: { layer1Bias: { 0: 3 }, layer2Bias: { 0: 2 } } });
  });

  it('is refused when it is something else, with the shapes', () => {
    const three = [tensor('a', [8, 5]), tensor('b', [4, 8]), tensor('c', [1, 4])];
    expect(reasonOf(...three, tensor('d', [4]), tensor('e', [1]))).toMatch(/two matrices.*\[8, 5\] \[4, 8\]/);
    expect(reasonOf()).toMatch(/no tensors/);
    expect(reasonOf(tensor('a', [8, 5]), tensor('b', [1, 7]), tensor('c', [8]), tensor('d', [1]))).toMatch(
      /do not fit/,
    );
    expect(reasonOf(tensor('a', [8, 5]), tensor('b', [6, 8]), tensor('c', [8]), tensor('d', [6]))).toMatch(
      /gives 6 scores/,
    );
    expect(reasonOf(tensor('a', [0, 5]), tensor('b', [1, 0]), tensor('c', [0]), tensor('d', [1]))).toMatch(
      /empty/,
    );
    const wide = 2 ** 20;
    expect(
      reasonOf(tensor('a', [wide, wide]), tensor('b', [1, wide]), tensor('c', [wide]), tensor('d', [1])),
    ).toMatch(/far larger/);
    const numbers = [
      tensor('a', [8, 5], Number.NaN),
      tensor('b', [1, 8]),
      tensor('c', [8]),
      tensor('d', [1]),
    ];
    expect(reasonOf(...numbers)).toMatch(/not a finite number/);
  });
});

/** Safetensors by hand: name, dtype, shape and 16-bit words. */
function safetensors(tensors: readonly (readonly [string, string, readonly number[], readonly number[]])[]) {
  let offset = 0;
  const header = Object.fromEntries(
    tensors.map(([name, dtype, shape, words]) => {
      const entry = { dtype, shape, data_offsets: [offset, offset + 2 * words.length] };
      offset += 2 * words.length;
      return [name, entry];
    }),
  );
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + offset);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  for (const [index, word] of tensors.flatMap((own) => own[3]).entries()) {
    view.setUint16(8 + text.length + 2 * index, word, true);
  }
  return bytes;
}

describe('safetensors of other programs', () => {
  const rest = [
    ['head.mlp.0.bias', 'F16', [2], [0x3c00, 0x0001]],
    ['head.mlp.2.weight', 'BF16', [1, 2], [0x3f80, 0xc049]],
    ['head.mlp.2.bias', 'BF16', [1], [0x7f7f]],
  ] as const;

  it('are read with the newer names, in float16 and bfloat16', () => {
    const bytes = safetensors([['head.mlp.0.weight', 'F16', [2, 1], [0xc000, 0x7bff]], ...rest]);
    const { head } = decodeHeadFile(bytes);
    expect([...head.layer1Weight]).toEqual([-2, 65_504]);
    expect([...head.layer1Bias]).toEqual([1, 2 ** -24]);
    expect([...head.layer2Weight]).toEqual([1, -3.140625]);
    expect(head.layer2Bias[0]).toBeCloseTo(3.3895313892515355e38, -30);
  });

  it('keep their metadata, and are refused in other formats', () => {
    const head = randomHead(4, 2, seededRandom(1));
    expect(decodeHeadFile(encodeHead(head, { features: 'x' }))).toEqual({
      head,
      metadata: { features: 'x' },
    });
    const wrong = safetensors([['head.mlp.0.weight', 'I16', [2, 1], [1, 2]], ...rest]);
    expect(() => decodeHeadFile(wrong)).toThrow(/head.mlp.0.weight is not of float32/);
    const infinite = safetensors([['head.mlp.0.weight', 'F16', [2, 1], [0x7c00, 0]], ...rest]);
    expect(() => decodeHeadFile(infinite)).toThrow(/not a finite number/);
    const junk = new Uint8Array(16).fill(0x20);
    new DataView(junk.buffer).setBigUint64(0, 8n, true);
    expect(() => decodeHeadFile(junk)).toThrow(/not valid JSON/);
  });
});
