// Golden vectors of Nanotron's number format, and the window's own number style.
import { describe, expect, it } from 'vitest';
import { formatThreeSignificant, humanFormat } from '../../../../../core/lib/format/human-format.ts';
import {
  formatCount,
  formatDiskSize,
  formatHours,
  formatInteger,
  formatMemorySize,
  formatRate,
  formatShare,
} from '../../../../../core/lib/format/numbers.ts';

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

describe('numbers of the window', () => {
  it('writes counts, sizes, durations and shares', () => {
    expect(formatInteger(1_048_576)).toBe('1,048,576');
    expect(formatCount(437_760_960)).toBe('437.8M');
    expect(formatCount(2.097152e12)).toBe('2.1T');
    expect(formatCount(4790.3)).toBe('4790.3');
    expect(formatCount(999_950_000)).toBe('1B');
    expect(formatDiskSize(6.12865e9)).toBe('6.13 GB');
    expect(formatDiskSize(2.4514e12)).toBe('2.45 TB');
    expect(formatMemorySize(45.05 * 1024 ** 3)).toBe('45.0 GiB');
    expect(formatHours(0.5)).toBe('30 min');
    expect(formatHours(402.4)).toBe('16.8 d');
    expect(formatShare(0.7)).toBe('70 %');
    expect(formatShare(0.015)).toBe('1.5 %');
    expect(formatRate(0.003)).toBe('0.003');
    expect(formatRate(1e-7)).toBe('1e-7');
  });
});
