// Checkpoints that are written: read by the studio's own reader, and byte by byte where PyTorch is particular. That PyTorch and
// Lightning load them is checked by test/fixtures/head-training/check_checkpoint.py.
import { describe, expect, it } from 'vitest';
import { pickle } from '../../../../../core/lib/jql/head-checkpoint/pickle-writer.ts';
import { readHeadCheckpoint } from '../../../../../core/lib/jql/head-checkpoint/read-head-checkpoint.ts';
import { unpickle } from '../../../../../core/lib/jql/head-checkpoint/unpickle.ts';
import { writeHeadCheckpoint } from '../../../../../core/lib/jql/head-checkpoint/write-head-checkpoint.ts';
import { readZipEntries } from '../../../../../core/lib/jql/head-checkpoint/zip-entries.ts';
import { halfToNumber, toHalf } from '../../../../../core/lib/floats/half-floats.ts';
import { randomHead } from '../../../../../core/lib/jql/head.ts';
import { seededRandom } from '../../../../../core/lib/jql/random.ts';

const head = randomHead(24, 7, seededRandom(2));
const bytes = writeHeadCheckpoint(head, {
  epoch: 3,
  steps: 120,
  hyperParameters: { learning_rate: 5e-4, embedder: 'è una prova' },
});

describe('a written checkpoint', () => {
  it('reads back as the same head', () => {
    expect(readHeadCheckpoint(bytes)).toEqual(head);
  });

  it('has the keys Lightning and the annotator look for', () => {
    const entries = readZipEntries(bytes);
    expect([...entries.keys()]).toEqual([
      'head/data.pkl',
      'head/byteorder',
      ...[0, 1, 2, 3].map((key) => `head/data/${key}`),
      'head/version',
    ]);
    const content = unpickle(entries.get('head/data.pkl')?.read() ?? new Uint8Array());
    const of = (value: unknown, key: string): unknown =>
      (value as { readonly entries: ReadonlyMap<string, unknown> }).entries.get(key);
    expect(of(content, 'pytorch-lightning_version')).toBe('2.5.0');
    expect([of(content, 'epoch'), of(content, 'global_step')]).toEqual([3, 120]);
    expect(of(content, 'state_dict')).toMatchObject({ ordered: true });
    expect([...(of(content, 'state_dict') as { entries: Map<string, unknown> }).entries.keys()]).toEqual([
      'layer1.weight',
      'layer1.bias',
      'layer2.weight',
      'layer2.bias',
    ]);
    const settings = of(content, 'hyper_parameters');
    expect([of(settings, 'input_dim'), of(settings, 'hidden_dim')]).toEqual([24, 7]);
    expect([of(settings, 'learning_rate'), of(settings, 'embedder')]).toEqual([5e-4, 'è una prova']);
  });

  it('starts every file at a multiple of 64 bytes, so that it can be mapped', () => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let files = 0;
    for (let at = 0; view.getUint32(at, true) === 0x04034b50; files += 1) {
      const start = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
      expect(start % 64).toBe(0);
      at = start + view.getUint32(at + 18, true);
    }
    expect(files).toBe(7);
  });

  it('is the same bytes for the same head', () => {
    const again = writeHeadCheckpoint(head, {
      epoch: 3,
      steps: 120,
      hyperParameters: { learning_rate: 5e-4, embedder: 'è una prova' },
    });
    expect(again).toEqual(bytes);
  });
});

describe('pickles', () => {
  it('are those of Python, opcode by opcode', () => {
    // Python's pickle.loads gives {'a': 1, 'b': [True, None, 0.5]}.
    expect(Buffer.from(pickle({ a: 1, b: [true, null, 0.5] })).toString('hex')).toBe(
      '80027d285801000000614a010000005801000000625d28884e473fe000000000000065752e',
    );
  });

  it('keep numbers: 32 bits as int, all others as float', () => {
    const numbers = [0, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 1e300, -0.125, Number.NaN];
    const read = unpickle(pickle(numbers)) as unknown as { readonly items: readonly number[] };
    expect(read.items).toEqual(numbers);
  });
});

describe('half precision', () => {
  it('rounds to the nearest, ties to even, as IEEE 754 says', () => {
    const cases: readonly (readonly [number, number])[] = [
      [0, 0x0000],
      [-0, 0x8000],
      [1, 0x3c00],
      [-2, 0xc000],
      [65_504, 0x7bff],
      [65_519.99, 0x7bff],
      [65_520, 0x7c00],
      [Number.NEGATIVE_INFINITY, 0xfc00],
      [2 ** -24, 0x0001],
      [2 ** -25, 0x0000],
      [1.5 * 2 ** -24, 0x0002],
      [2 ** -14, 0x0400],
      [2 ** -14 - 2 ** -25, 0x0400],
      [1 + 2 ** -11, 0x3c00],
      [1 + 3 * 2 ** -11, 0x3c02],
      [0.1, 0x2e66],
    ];
    for (const [value, bits] of cases) expect([value, toHalf(value)]).toEqual([value, bits]);
    expect(toHalf(Number.NaN) & 0x7fff).toBeGreaterThan(0x7c00);
  });

  it('gives every half back', () => {
    for (let bits = 0; bits < 65_536; bits += 1) {
      const value = halfToNumber(bits);
      if (!Number.isNaN(value)) expect(toHalf(value)).toBe(bits);
    }
  });
});
