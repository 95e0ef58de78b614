import { describe, expect, it } from 'vitest';
import { isFilled, markColor } from '../../../../renderer/charts/marks-svg.ts';
import { type ChartMark, markName, placeMarks, xAtStep } from '../../../../renderer/charts/chart-marks.ts';

const theme = {
  ink: 'ink',
  faint: 'faint',
  line: 'line',
  panel: 'panel',
  accent: 'accent',
  warn: 'warn',
  bad: 'bad',
};
const steps = Float64Array.of(0, 10, 20, 40);
const series = {
  id: 'a',
  label: 'a',
  color: 3,
  steps,
  x: steps.map((step) => step * 1000),
  values: Float64Array.of(4, 3, 2, 1),
  smoothed: null,
};
const place = {
  xToPixels: (x: number) => x / 100,
  yToPixels: (value: number) => 100 - value * 20,
  width: 400,
  height: 100,
};
const mark = (id: string, step: number, more: Partial<ChartMark> = {}): ChartMark => ({
  id,
  kind: 'checkpoint',
  step,
  label: `Checkpoint ${step}`,
  ...more,
});

describe('marks', () => {
  it('stand where their step stands on whatever the axis counts, checkpoints on the curve', () => {
    const placed = placeMarks(
      [mark('2', 30), mark('1', 10), mark('f', 20, { kind: 'finding' })],
      [series],
      place,
    );
    expect(placed.map(({ x }) => x)).toEqual([100, 200, 300]);
    expect(placed[0]).toMatchObject({ y: 40, color: 3 });
    expect(placed[1]?.y).toBeNull();
  });

  it('leaves out what lies outside, and keeps a range that reaches in', () => {
    const left = { ...place, xToPixels: (x: number) => x / 100 - 150 };
    const placed = placeMarks(
      [mark('gone', 10), mark('range', 0, { kind: 'stage', toStep: 20 })],
      [series],
      left,
    );
    expect(placed.map(({ marks }) => marks[0].id)).toEqual(['range']);
    expect(placed[0]).toMatchObject({ x: -150, toX: 50 });
  });

  it('makes one of marks that cannot be told apart, and says all their names', () => {
    const placed = placeMarks([mark('a', 10), mark('b', 10.5), mark('c', 30)], [series], place);
    expect(placed.map(({ marks }) => marks.length)).toEqual([2, 1]);
    expect(markName(placed[0] as (typeof placed)[number])).toBe('2 marks: Checkpoint 10, Checkpoint 10.5');
  });

  it('keeps values of a curve apart, in its colour, unless they lie on each other', () => {
    const other = { ...series, id: 'b', color: 3 };
    const points = [mark('a', 10), mark('b', 10.5), mark('c', 10.01), mark('d', 10, { seriesId: 'b' })].map(
      (one) => ({ ...one, kind: 'point' as const }),
    );
    const placed = placeMarks(points, [series, other], place);
    expect(placed.map(({ marks }) => marks.map(({ id }) => id))).toEqual([['a', 'c'], ['d'], ['b']]);
    const colors = { ...theme, series: ['s0', 's1', 's2', 's3'] };
    expect(placed.map((one) => markColor(one, colors))).toEqual(['s3', 's3', 's3']);
    expect(placed.map(isFilled)).toEqual([true, false, false]);
    const [chosen] = placeMarks([mark('a', 10, { kind: 'point', isChosen: true })], [series], place);
    expect(chosen === undefined ? null : isFilled(chosen)).toBe(true);
  });

  it('finds x between points in proportion, and nothing far beyond the end', () => {
    expect(xAtStep(series, 25)).toBe(25_000);
    expect(xAtStep(series, 41)).toBe(40_000);
    expect(xAtStep(series, 400)).toBeNull();
    expect(xAtStep(series, 400, true)).toBe(40_000);
    expect(xAtStep({ ...series, x: steps }, 400)).toBe(400);
  });
});
