// How the window writes numbers.
import { describe, expect, it } from 'vitest';
import {
  formatCount,
  formatDiskSize,
  formatHours,
  formatInteger,
  formatMemorySize,
  formatRate,
  formatShare,
} from '../../../../../core/lib/format/numbers.ts';

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
