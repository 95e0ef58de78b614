import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNumberCursor } from '../../../../../core/lib/logs/number-cursor.ts';

const cursor = createNumberCursor();
const encoder = new TextEncoder();
/** As in a file: a line feed comes behind it. */
const read = (text: string, from = 0): number => cursor.read(encoder.encode(`${text}\n`), from);
const readScaled = (text: string): number => cursor.readScaled(encoder.encode(`${text}\n`), 0);
const digits = (least: number, most: number) =>
  fc.string({
    unit: fc.constantFrom('0', '1', '2', '3', '4', '5', '6', '7', '8', '9'),
    minLength: least,
    maxLength: most,
  });

describe('a number in the middle of a line', () => {
  it('is what Number() gives, to the last bit, for every double as it is printed', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = String(value);
        expect(read(`: ${text},`, 2)).toBe(Number(text));
        expect(cursor.end).toBe(text.length + 2);
      }),
      { numRuns: 2000 },
    );
  });

  it('is that for any digits too, and near the middle between two doubles', () => {
    const near = fc.tuple(fc.double({ min: 1, max: 9, noNaN: true }), fc.nat(2)).map(([value, off]) => {
      const next = value + 2 ** (Math.floor(Math.log2(value)) - 52);
      // Exact to twenty digits: the middle, and one below and above it in the last digit.
      const middle = (BigInt(value * 2 ** 52) + BigInt(next * 2 ** 52)) * 10n ** 18n;
      return `${(middle / 2n ** 53n + BigInt(off - 1)).toString().replace(/^(\d)/, '$1.')}`;
    });
    const any = fc
      .tuple(digits(1, 12), digits(0, 20), fc.integer({ min: -30, max: 30 }))
      .map(([whole, part, e]) => `${whole}${part === '' ? '' : `.${part}`}${e === 0 ? '' : `e${e}`}`);
    fc.assert(
      fc.property(fc.oneof(near, any), (text) => {
        expect(read(text)).toBe(Number(text));
        expect(cursor.end).toBe(text.length);
      }),
      { numRuns: 4000 },
    );
  });

  it('knows the letters behind numbers, and what is none', () => {
    expect(readScaled('8.79K')).toBe(8790);
    expect(readScaled('480B |')).toBe(480e9);
    expect(readScaled('-3.5E')).toBe(-3.5e18);
    for (const text of ['', '-', '.5', '1.', '1.e5', '1e', 'nan', '--1']) {
      read(text);
      expect(cursor.end, text).toBe(-1);
    }
    read('1.2.3');
    expect(cursor.end).toBe(3);
  });
});
