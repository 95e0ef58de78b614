import { expect, test } from 'vitest';
import { table } from '../../../cli/table.ts';

test('pads texts to the right and numbers to the left', () => {
  const rows = [
    ['lm_loss', '12'],
    ['lr', '3,000'],
  ];
  expect(table(['Series', 'Points'], rows)).toBe('Series   Points\nlm_loss      12\nlr        3,000');
});

test('a missing cell is empty and an empty table only its header', () => {
  expect(table(['A', 'B'], [['x']])).toBe('A  B\nx');
  expect(table(['A', 'B'], [])).toBe('A  B');
});
