import { describe, expect, it } from 'vitest';
import { scrollScale } from '../../../../renderer/ui/scroll-scale.ts';

describe('the scroll scale', () => {
  it('gives each row its pixels while a browser can lay them out', () => {
    const scale = scrollScale(1000, 26, 500);
    expect(scale.isScaled).toBe(false);
    expect(scale.heightPx).toBe(26_000);
    expect(scale.rowAt(260)).toBe(10);
    expect(scale.scrollOf(999)).toBe(25_500);
  });

  it('reaches the first and the last of ten million rows, and comes back to the same row', () => {
    const rows = 10_000_000;
    const scale = scrollScale(rows, 26, 520);
    expect(scale.isScaled).toBe(true);
    expect(scale.heightPx).toBeLessThan(33_000_000);
    expect(scale.rowAt(0)).toBe(0);
    expect(scale.rowAt(scale.heightPx - 520)).toBeCloseTo(rows - 20, 6);
    for (const row of [0, 1, 4_999_999, rows - 20]) {
      expect(scale.rowAt(scale.scrollOf(row))).toBeCloseTo(row, 3);
    }
    expect(scale.rowAt(scale.scrollOf(rows * 2))).toBeCloseTo(rows - 20, 3);
  });
});
