// The pure parts of the lab's charts: shapes of a distribution, axes, bars, and a score's quantile and back.
import { describe, expect, test } from 'vitest';
import { barLimitOf } from '../../../../../../../renderer/features/data/quality/charts/bar-limit.ts';
import {
  densityOutline,
  histogramOutline,
  rightCdfOutline,
  summaryOf,
} from '../../../../../../../renderer/features/data/quality/charts/densities.ts';
import { ticksOf, toPixels, toValue } from '../../../../../../../renderer/charts/linear-scale.ts';
import { areaPath } from '../../../../../../../renderer/charts/paths.ts';
import {
  quantileAtScore,
  scoreAtQuantile,
} from '../../../../../../../renderer/features/data/quality/lab/quantile-map.ts';

const bins = { from: -0.5, width: 0.5, counts: [0, 2, 6, 2, 0] };

describe('shapes of a distribution', () => {
  test('a histogram is percent of the subset a bin', () => {
    const outline = histogramOutline(bins);
    expect(outline).toHaveLength(10);
    expect(outline[4]).toEqual({ x: 0.5, y: 60 });
    expect(outline.reduce((sum, { y }) => sum + y, 0) / 2).toBeCloseTo(100, 10);
  });

  test('smoothing keeps the total and the middle', () => {
    const fine = {
      from: 0,
      width: 0.05,
      counts: Array.from({ length: 100 }, (_, index) => (index === 50 ? 7 : 0)),
    };
    const outline = densityOutline(fine);
    expect(outline.reduce((sum, { y }) => sum + y, 0)).toBeCloseTo(100, 8);
    const highest = outline.reduce((best, point) => (point.y > best.y ? point : best));
    expect(highest.x).toBeCloseTo(2.525, 10);
  });

  test('the right-CDF falls from 100 to 0 percent', () => {
    expect(rightCdfOutline(bins).map(({ y }) => y)).toEqual([100, 100, 80, 20, 0, 0]);
  });

  test('nothing is drawn as nothing, not as NaN', () => {
    const empty = { from: 0, width: 1, counts: [0, 0] };
    for (const outline of [histogramOutline(empty), densityOutline(empty), rightCdfOutline(empty)])
      for (const { y } of outline) expect(y).toBe(0);
    expect(summaryOf(empty)).toEqual({ total: 0, median: null });
    expect(areaPath([], 10)).toBe('');
  });

  test('the median is found inside its bin', () => {
    expect(summaryOf(bins)).toEqual({ total: 10, median: 0.75 });
  });
});

describe('axes', () => {
  test('pixels go there and back', () => {
    const scale = { from: -0.5, to: 5.5, start: 8, end: 248 };
    expect(toPixels(scale, 2.5)).toBe(128);
    expect(toValue(scale, toPixels(scale, 1.234))).toBeCloseTo(1.234, 12);
  });

  test('ticks are round', () => {
    expect(ticksOf(-0.5, 5.5, 6)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(ticksOf(0, 0.35, 4)).toEqual([0, 0.1, 0.2, 0.3]);
    expect(ticksOf(3, 3, 4)).toEqual([3]);
  });

  test('the end of the diverging axis is round and holds every value', () => {
    expect(barLimitOf([])).toBe(10);
    expect(barLimitOf([4.8, null, -15.8])).toBe(20);
    expect(barLimitOf([-47.6, 10])).toBe(50);
    expect(barLimitOf([230, Number.NaN])).toBe(500);
  });
});

describe('quantiles from bins', () => {
  const part = { documents: 10, tokens: 0, below: 0, above: 0, mean: null, counts: bins.counts };
  const distribution = { edges: [-0.5, 0, 0.5, 1, 1.5, 2], all: part };

  test('a score and its quantile are each other’s inverse where documents are', () => {
    for (const quantile of [0.05, 0.2, 0.5, 0.8, 0.95]) {
      const score = scoreAtQuantile(distribution, quantile);
      expect(quantileAtScore(distribution, score ?? Number.NaN)).toBeCloseTo(quantile, 10);
    }
  });

  test('ends are 0 and 1, and what lies below the first edge counts', () => {
    expect(quantileAtScore(distribution, -9)).toBe(0);
    expect(quantileAtScore(distribution, 9)).toBe(1);
    const shifted = { ...distribution, all: { ...part, documents: 20, below: 10 } };
    expect(quantileAtScore(shifted, 0)).toBe(0.5);
    expect(scoreAtQuantile({ ...distribution, all: { ...part, documents: 0 } }, 0.5)).toBeNull();
  });
});
