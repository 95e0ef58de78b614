// Reading numbers and durations of logs; the inverse of the golden vectors of the writer.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { humanFormat } from '../../../../../core/lib/format/human-format.ts';
import { parseHumanNumber } from '../../../../../core/lib/logs/human-number.ts';

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
