// The table of quantizations as people read it: units, shares in percent, and what was not measured.
import { expect, it } from 'vitest';
import type { QuantizationRow, QuantizationTable } from '../../../../../core/api/quantizations.ts';
import { quantizationFigures } from '../../../../../core/lib/quantizations/quantization-table.ts';

const row = (path: string, change: Partial<QuantizationRow>): QuantizationRow =>
  ({
    path,
    name: path,
    quantization: path,
    sizeBytes: 12_340_000,
    modelKey: path,
    loadMs: 250,
    promptTokensPerSecond: 1000,
    tokensPerSecond: 50.25,
    timeToFirstTokenMs: 12,
    memoryBytes: 99_500_000,
    bitsPerByte: [{ text: 'italian', value: 1.25 }],
    loss: null,
    problem: null,
    ...change,
  }) as QuantizationRow;

const table = {
  reference: 'f16',
  texts: [{ text: 'italian' }],
  rows: [
    row('f16', {}),
    row('q4', { loss: { bitsPerByte: 0.0123, standardError: 0.001, agreement: 0.9375, positions: 100 } }),
    row('other', { memoryBytes: null, bitsPerByte: [] }),
  ],
} as unknown as QuantizationTable;

it('has a column a measure, and says nothing where nothing was measured', () => {
  const { header, rows, format } = quantizationFigures(table);
  const column = (name: string) => {
    const at = header.indexOf(name);
    return rows.map((cells) => {
      const cell = cells[at];
      return typeof cell === 'number' ? format?.(cell, at) : (cell ?? null);
    });
  };
  expect(column('Size (MB)')).toEqual(['12.3', '12.3', '12.3']);
  expect(column('Memory (MB)')).toEqual(['100', '100', null]);
  expect(column('Italian (bits/byte)')).toEqual(['1.2500', '1.2500', null]);
  // The largest loses nothing against itself; one whose tokens differ has no loss at all.
  expect(column('Loss (bits/byte)')).toEqual(['0.0000', '0.0123', null]);
  expect(column('± standard error')).toEqual([null, '0.0010', null]);
  expect(column('Top-1 as the largest (%)')).toEqual([null, '93.75', null]);
});
