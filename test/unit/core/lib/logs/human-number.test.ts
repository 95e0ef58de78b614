// Reading the numbers of logs, and that they come back from Nanotron’s way of writing them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatThreeSignificant, humanFormat } from '../../../../support/human-format.ts';
import { parseHumanNumber } from '../../../../../core/lib/logs/human-number.ts';

const GOLDEN: readonly (readonly [number, string])[] = [
  [0, '0'],
  [0.5, '0.5'],
  [0.9999, '1'],
  [1, '1'],
  [9.996, '10'],
  [12.345, '12.3'],
  [99.95, '100'],
  [699.4, '699'],
  [999.4, '999'],
  [999.5, '1K'],
  [1001, '1K'],
  [8790, '8.79K'],
  [182_000, '182K'],
  [262_144, '262K'],
  [1_048_576, '1.05M'],
  [1_597_440, '1.6M'],
  [437_760_960, '438M'],
  [4.8e11, '480B'],
  [1e12, '1T'],
  [2.097152e12, '2.1T'],
  [9.999e14, '1P'],
  [-1234, '-1.23K'],
  [0.0001, '0.0001'],
  [4.37e-5, '4.37e-05'],
  [1e-7, '1e-07'],
  [2.0449, '2.04'],
  [Number.NaN, 'nan'],
  [Number.POSITIVE_INFINITY, 'infE'],
];

describe('humanFormat', () => {
  it.each(GOLDEN)('writes %d as %s', (value, text) => {
    expect(humanFormat(value)).toBe(text);
  });

  it('rounds ties to even as Python does', () => {
    // "{:.3g}".format(1005.0) is '1e+03' and of 1015.0 '1.02e+03' (Python 3.11).
    expect(humanFormat(1005)).toBe('1K');
    expect(humanFormat(1015)).toBe('1.02K');
    expect(formatThreeSignificant(0.0625)).toBe('0.0625');
    expect(formatThreeSignificant(12.25)).toBe('12.2');
    expect(formatThreeSignificant(12.75)).toBe('12.8');
  });

  it('keeps going after the last suffix', () => {
    expect(humanFormat(5e22)).toBe('50000E');
    expect(humanFormat(Number.NEGATIVE_INFINITY)).toBe('-infE');
  });
});

describe('parseHumanNumber', () => {
  it.each([
    ['0', 0],
    ['0.5', 0.5],
    ['8.79K', 8790],
    ['1.05M', 1_050_000],
    ['438M', 438_000_000],
    ['7.92G', 7_920_000_000],
    ['480B', 480_000_000_000],
    ['2.1T', 2.1e12],
    ['1P', 1e15],
    ['3.5E', 3.5e18],
    ['-1.23K', -1230],
    ['0.0001', 0.0001],
    ['4.37e-05', 4.37e-5],
    ['1e-07', 1e-7],
    ['nan', Number.NaN],
    ['infE', Number.POSITIVE_INFINITY],
    ['-infE', Number.NEGATIVE_INFINITY],
    ['inf', Number.POSITIVE_INFINITY],
  ])('%s', (text, value) => expect(parseHumanNumber(text)).toBe(value));

  it.each(['', 'K', '-', '1.2.3', '0x10', '12MiB', '131 days', 'Infinity', ' 1', '1 ', '1e', '--1'])(
    'is no number: %j',
    (text) => expect(parseHumanNumber(text)).toBeUndefined(),
  );

  it('reads back what the writer prints, within its three digits', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 9e17, noNaN: true }), (value) => {
        const back = parseHumanNumber(humanFormat(value));
        expect(Math.abs((back ?? Number.NaN) / value - 1)).toBeLessThan(0.0051);
      }),
    );
  });
});
