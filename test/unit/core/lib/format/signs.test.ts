import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type FigureTable,
  shownText,
  toCsv,
  toMarkdown,
} from '../../../../../core/lib/figures/figure-table.ts';
import { formatFixed, formatSigned, trueMinus } from '../../../../../core/lib/format/signs.ts';

describe('negative numbers', () => {
  test('are shown with a true minus; the hyphen of an exponent stays', () => {
    expect(trueMinus('-1.67e-4')).toBe('−1.67e-4');
    expect(formatFixed(-0.522, 2)).toBe('−0.52');
    expect(formatSigned(-0.522, 2)).toBe('−0.52');
    expect(formatSigned(0.522, 2)).toBe('+0.52');
  });

  test('that round to zero have no sign', () => {
    expect([-0.004, -0, 0, 0.004].map((value) => formatFixed(value, 2))).toEqual(Array(4).fill('0.00'));
    expect([-0.004, 0, 0.004].map((value) => formatSigned(value, 2))).toEqual(Array(3).fill('0.00'));
  });

  test('are what they were when the sign is read as a hyphen', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e9, max: 1e9 }),
        fc.integer({ min: 0, max: 6 }),
        (thousandths, decimals) => {
          const value = thousandths / 1000;
          expect(Number(formatFixed(value, decimals).replace('−', '-'))).toBe(
            Number(value.toFixed(decimals)) + 0,
          );
        },
      ),
    );
  });

  test('leave as numbers that programs read', () => {
    const table: FigureTable = {
      header: ['Name', 'Value'],
      rows: [['x', -1.5]],
      format: (value) => formatFixed(value, 2),
    };
    expect(table.rows.map((row) => row.map((cell, column) => shownText(table, cell, column)))).toEqual([
      ['x', '−1.50'],
    ]);
    expect(toCsv(table)).toBe('Name,Value\nx,-1.5\n');
    expect(toMarkdown(table)).toContain('| x | -1.50 |');
  });
});
