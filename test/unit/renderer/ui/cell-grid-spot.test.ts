// Where keys lead in a grid of cells, with and without a head that is walked to.
import { describe, expect, test } from 'vitest';
import { cellId, cellProps, movedBy } from '../../../../renderer/ui/cell-grid-spot.ts';

const press = (key: string, far = false) => ({ key, ctrlKey: far, metaKey: false });
const size = { first: -1, rows: 40, columns: 5 };

describe('a key in a grid', () => {
  test('moves by one, by a page and to the ends, and never out of it', () => {
    const from = { row: 20, column: 2 };
    expect(movedBy(press('ArrowUp'), from, size)).toEqual({ row: 19, column: 2 });
    expect(movedBy(press('ArrowLeft'), from, size)).toEqual({ row: 20, column: 1 });
    expect(movedBy(press('PageDown'), from, size)).toEqual({ row: 32, column: 2 });
    expect(movedBy(press('PageDown'), { row: 35, column: 2 }, size)).toEqual({ row: 39, column: 2 });
    expect(movedBy(press('Home'), from, size)).toEqual({ row: 20, column: 0 });
    expect(movedBy(press('End', true), from, size)).toEqual({ row: 39, column: 4 });
    expect(movedBy(press('ArrowRight'), { row: 0, column: 4 }, size)).toEqual({ row: 0, column: 4 });
    expect(movedBy(press('x'), from, size)).toBeNull();
  });

  test('reaches the head only where there is one to walk to', () => {
    expect(movedBy(press('ArrowUp'), { row: 0, column: 3 }, size)).toEqual({ row: -1, column: 3 });
    expect(movedBy(press('Home', true), { row: 9, column: 3 }, size)).toEqual({ row: -1, column: 0 });
    expect(movedBy(press('ArrowUp'), { row: 0, column: 3 }, { ...size, first: 0 })).toEqual({
      row: 0,
      column: 3,
    });
  });

  test('and the cell it leads to is marked', () => {
    const at = { row: -1, column: 3 };
    expect(cellProps('result', at, true)).toEqual({
      id: cellId('result', at),
      'data-cell': '-1 3',
      'data-spot': '',
    });
  });
});
