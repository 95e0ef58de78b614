import { describe, expect, test } from 'vitest';
import {
  inColumn,
  inRow,
  MARK_PAGE,
  markAfter,
  type MarkPlace,
} from '../../../../renderer/charts/mark-steps.ts';

const grid: readonly MarkPlace[] = [0, 1, 2].flatMap((row) =>
  [0, 1, 2, 3].map((column) => ({ row, column })),
);

describe('keys between the marks of a chart', () => {
  test('go along a row and stop at its ends', () => {
    const bars = inRow(5);
    expect(markAfter(bars, 1, 'ArrowRight')).toBe(2);
    expect(markAfter(bars, 1, 'ArrowLeft')).toBe(0);
    expect(markAfter(bars, 4, 'ArrowRight')).toBeNull();
    expect(markAfter(bars, 2, 'ArrowUp')).toBeNull();
    expect(markAfter(bars, 2, 'Home')).toBe(0);
    expect(markAfter(bars, 2, 'End')).toBe(4);
  });

  test('go along a column, whose ends are those of Home and End', () => {
    const list = inColumn(4);
    expect(markAfter(list, 0, 'ArrowDown')).toBe(1);
    expect(markAfter(list, 1, 'ArrowRight')).toBeNull();
    expect(markAfter(list, 1, 'End')).toBe(3);
    expect(markAfter(list, 3, 'Home')).toBe(0);
  });

  test('go both ways in a grid; Home and End stay in the row unless Ctrl is held', () => {
    expect(markAfter(grid, 5, 'ArrowDown')).toBe(9);
    expect(markAfter(grid, 5, 'ArrowUp')).toBe(1);
    expect(markAfter(grid, 5, 'Home')).toBe(4);
    expect(markAfter(grid, 5, 'End')).toBe(7);
    expect(markAfter(grid, 5, 'Home', true)).toBe(0);
    expect(markAfter(grid, 5, 'End', true)).toBe(11);
  });

  test('pages skip, and end at the first and the last', () => {
    const bars = inRow(2 * MARK_PAGE + 5);
    expect(markAfter(bars, 3, 'PageDown')).toBe(3 + MARK_PAGE);
    expect(markAfter(bars, 3, 'PageUp')).toBe(0);
    expect(markAfter(bars, 2 * MARK_PAGE, 'PageDown')).toBe(2 * MARK_PAGE + 4);
    expect(markAfter(bars, 0, 'PageUp')).toBeNull();
  });

  test('straight ahead comes before what is nearer but aside', () => {
    const places = [
      { row: 0, column: 0 },
      { row: 0, column: 9 },
      { row: 1, column: 1 },
    ];
    expect(markAfter(places, 0, 'ArrowRight')).toBe(1);
    expect(markAfter(places, 0, 'ArrowDown')).toBe(2);
  });

  test('every cell of a grid with holes can be reached by arrows', () => {
    // A diagonal and a cell far away: no two in one row or column.
    const islands = [
      { row: 0, column: 0 },
      { row: -3, column: 2 },
      { row: -5, column: 7 },
      { row: 4, column: 30 },
    ];
    const reached = new Set([0]);
    const waiting = [0];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      for (const key of ['ArrowRight', 'ArrowLeft', 'ArrowUp', 'ArrowDown']) {
        const next = markAfter(islands, at, key);
        if (next === null || reached.has(next)) continue;
        reached.add(next);
        waiting.push(next);
      }
    }
    expect([...reached].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3]);
  });

  test('other keys, and a chart without marks, lead nowhere', () => {
    expect(markAfter(grid, 0, 'e')).toBeNull();
    expect(markAfter([], 0, 'ArrowRight')).toBeNull();
    expect(markAfter(grid, 99, 'ArrowRight')).toBeNull();
  });
});
