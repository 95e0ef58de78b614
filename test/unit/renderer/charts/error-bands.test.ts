// Bands that say how sure points are, and levels beside them: where they stand, that the value axis holds them, and how they are saved.
import { expect, test } from 'vitest';
import type { ChartSeries } from '../../../../renderer/charts/chart-series.ts';
import { visibleY } from '../../../../renderer/charts/chart-view.ts';
import { errorBandPaths, errorBands } from '../../../../renderer/charts/error-bands.ts';
import { placeLevels } from '../../../../renderer/charts/level-lines.ts';
import { toCsv } from '../../../../renderer/charts/series-csv.ts';

const series = (values: number[], errors?: number[]): ChartSeries => ({
  id: 'a',
  label: 'a',
  color: 0,
  steps: Float64Array.from(values, (_, index) => index * 10),
  values: Float64Array.from(values),
  smoothed: null,
  ...(errors ? { errors: Float64Array.from(errors) } : {}),
});
const area = {
  left: 100,
  top: 0,
  width: 200,
  height: 100,
  from: 0,
  to: 40,
  logarithmicX: false,
  yOf: (value: number) => 100 - value * 100,
  lineWidth: 1,
};
const axes = { logarithmicX: false, logarithmicY: false };

test('a band goes around its points and ends where nothing is known', () => {
  const nan = Number.NaN;
  const bands = errorBands(series([0.5, 0.6, 0.7, nan, 0.4], [0.1, 0.1, nan, 0.1, 0.2]), area);
  expect(bands?.stretches).toEqual([
    [
      { x: 100, top: 40, bottom: 60 },
      { x: 150, top: expect.closeTo(30, 9), bottom: expect.closeTo(50, 9) },
    ],
    [{ x: 300, top: expect.closeTo(40, 9), bottom: expect.closeTo(80, 9) }],
  ]);
  expect(errorBands(series([0.5]), area)).toBeNull();
  const { band, whiskers } = errorBandPaths(bands ?? { stretches: [], hasWhiskers: false });
  expect(band).toBe('M100.0 40.0L150.0 30.0L150.0 50.0L100.0 60.0zM300.0 40.0L300.0 80.0z');
  expect(whiskers.match(/V/g)).toHaveLength(3);
});

test('the band goes to the edge of what is zoomed to', () => {
  const bands = errorBands(series([0.1, 0.2, 0.3, 0.4, 0.5], [0, 0, 0, 0, 0]), { ...area, from: 15, to: 25 });
  expect(bands?.stretches[0]?.map(({ x }) => x)).toEqual([0, 200, 400]);
});

test('the value axis holds bands and levels', () => {
  const levels = [{ id: 'chance', label: 'chance', value: 0.25, color: null }];
  const x = { min: 0, max: 40 };
  const plain = visibleY([series([0.5, 0.6])], axes, x, null);
  expect(plain.min).toBeGreaterThan(0.4);
  const banded = visibleY([series([0.5, 0.6], [0.1, 0.2])], axes, x, null);
  expect([banded.min < 0.4, banded.max > 0.8]).toEqual([true, true]);
  const levelled = visibleY([series([0.5, 0.6])], { ...axes, levels }, x, null);
  expect(levelled.min).toBeLessThan(0.25);
  expect(visibleY([], { ...axes, levels }, x, null)).toMatchObject({ outside: 0 });
});

test('names of levels do not stand on each other', () => {
  const at = (value: number, id: string) => ({ id, label: id, value, color: 1 });
  const placed = placeLevels(
    [at(0.5, 'b'), at(0.51, 'a'), at(0.9, 'c'), at(2, 'd')],
    (value) => 100 - value * 100,
    100,
  );
  expect(placed.map(({ level }) => level.id)).toEqual(['c', 'a', 'b']);
  const [, a, b] = placed;
  expect((b?.textY ?? 0) - (a?.textY ?? 0)).toBeGreaterThanOrEqual(12);
});

test('CSV has how sure a value is where a series says so', () => {
  expect(toCsv([series([1]), series([2, 3], [0.5, Number.NaN])], 'Step')).toBe(
    'series,step,value,half_width\na,0,1,\na,0,2,0.5\na,10,3,\n',
  );
  expect(toCsv([series([1])], 'Step')).toBe('series,step,value\na,0,1\n');
});
