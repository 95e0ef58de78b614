import { describe, expect, it } from 'vitest';
import { axisTicks } from '../../../../renderer/charts/axis-ticks.ts';
import { type LineChartPicture, lineChartSvg } from '../../../../renderer/charts/line-chart-svg.ts';

const colors = {
  ink: '#111111',
  faint: '#222222',
  line: '#333333',
  panel: '#ffffff',
  accent: '#444444',
  warn: '#555555',
  bad: '#666666',
  series: ['#0072b2', '#d55e00'],
};
const series = (label: string, color: number, values: readonly number[]) => ({
  id: label,
  label,
  color,
  steps: Float64Array.from(values.map((_, index) => index + 1)),
  values: Float64Array.from(values),
  smoothed: null,
});
const picture: LineChartPicture = {
  title: 'loss <train> & "test"',
  stepLabel: 'Step',
  note: 'raw',
  series: [series('a & b', 0, [1, 3, 2]), series('c', 1, [2, Number.NaN, 2])],
  axes: { logarithmicX: false, logarithmicY: false },
  x: { min: 1, max: 3 },
  y: { min: 0, max: 4 },
  pinned: 2,
  width: 640,
  height: 320,
  colors,
};
const pathsOf = (svg: string) => [...svg.matchAll(/<path d="([^"]+)"[^>]*stroke="([^"]+)"/g)];
const pointsOf = (path: string) =>
  [...path.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);

describe('lineChartSvg', () => {
  it('draws one path a series through its points, in proportion to the axes', () => {
    const paths = pathsOf(lineChartSvg(picture));
    expect(paths.map((path) => path[2])).toEqual(['#0072b2', '#d55e00']);
    const [one, three, two] = pointsOf(paths[0]?.[1] ?? '').map(([, y]) => y);
    // Values 1, 3, 2: the third lies half way between the others, and up is a smaller y.
    expect(three).toBeLessThan(one ?? 0);
    expect(two).toBeCloseTo(((one ?? 0) + (three ?? 0)) / 2, 1);
    // What is not a number is left out, not drawn as zero.
    expect(pointsOf(paths[1]?.[1] ?? '')).toHaveLength(2);
  });
  it('keeps text as text and escapes it', () => {
    const svg = lineChartSvg(picture);
    expect(svg).toContain('>loss &lt;train&gt; &amp; &quot;test&quot;</text>');
    expect(svg).toContain('>a &amp; b</text>');
    expect(svg).not.toMatch(/&(?!amp;|lt;|gt;|quot;)/);
  });
  it('keeps the highest and the lowest of a million points', () => {
    const values = Float64Array.from({ length: 1_000_000 }, (_, index) => Math.sin(index / 1e4));
    values[777_777] = 50;
    values[123_456] = -50;
    const steps = Float64Array.from(values, (_, index) => index);
    const spiky = { ...series('s', 0, []), steps, values };
    const svg = lineChartSvg({
      ...picture,
      series: [spiky],
      x: { min: 0, max: 999_999 },
      y: { min: -50, max: 50 },
    });
    // Bars side by side, each half a line beyond its least and its largest value.
    const bars = [...svg.matchAll(/M([\d.]+) ([\d.]+)h([\d.]+)v([\d.]+)h-/g)].map((bar) =>
      bar.slice(1).map(Number),
    );
    const half = 1.25 / 2;
    expect(svg.length).toBeLessThan(100_000);
    expect(Math.min(...bars.map(([, top = 0]) => top + half))).toBeCloseTo(34, 1);
    expect(Math.max(...bars.map(([, top = 0, , height = 0]) => top + height - half))).toBeCloseTo(
      320 - 44,
      1,
    );
    // No gap beside the next one, and each meets it.
    for (const [index, [x = 0, top = 0, width = 0, height = 0]] of bars.slice(0, -1).entries()) {
      const [nextX = 0, nextTop = 0, , nextHeight = 0] = bars[index + 1] ?? [];
      expect(nextX).toBeCloseTo(x + width, 1);
      expect(nextTop).toBeLessThanOrEqual(top + height + 0.02);
      expect(nextTop + nextHeight).toBeGreaterThanOrEqual(top - 0.02);
    }
  });
});

describe('axisTicks', () => {
  it('has decades on a logarithmic axis, and their fifths where there are few', () => {
    expect(axisTicks({ min: 1, max: 10_000 }, true, 8)).toEqual([1, 10, 100, 1000, 10_000]);
    expect(axisTicks({ min: 1.5, max: 30 }, true, 8)).toEqual([2, 5, 10, 20]);
    expect(axisTicks({ min: 0.3, max: 0.6 }, true, 8)).toEqual([0.5]);
    expect(axisTicks({ min: 0, max: 1 }, false, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  });
});
