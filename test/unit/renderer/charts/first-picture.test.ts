// The first picture of a long curve is its final picture: the same ranges of both axes, and the same strokes in every pixel column,
// whether it is drawn from all points or from the few that an overview keeps.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chartOverview } from '../../../../core/lib/series/chart-overview.ts';
import { rangeOfColumns, shownRange } from '../../../../core/lib/series/shown-range.ts';
import { smooth } from '../../../../core/lib/series/smoothing.ts';
import { createValueSummary } from '../../../../core/lib/series/value-summary.ts';
import type { ChartAxes, ChartSeries } from '../../../../renderer/charts/chart-series.ts';
import { visibleX, visibleY } from '../../../../renderer/charts/chart-view.ts';
import { type PlotArea, strokeEnvelopes } from '../../../../renderer/charts/envelope-lines.ts';

const HEIGHT = 200;

/** A noisy curve with spikes and what is no number; `seed` decides all of it. */
function curveOf(points: number, seed: number, isSmoothed: boolean): ChartSeries {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  let at = Math.floor(random() * 3);
  const steps = Float64Array.from({ length: points }, () => {
    at += random() < 0.1 ? 7 : 1;
    return at;
  });
  const values = steps.map((step) => {
    const dice = random();
    if (dice < 0.002) return Number.NaN;
    if (dice < 0.003) return Number.POSITIVE_INFINITY;
    return 2 + 5 * Math.exp(-step / 900) + (dice - 0.5) * 0.4 + (dice > 0.998 ? 40 * random() - 12 : 0);
  });
  const smoothed = isSmoothed ? smooth(steps, values, 20) : null;
  const summary = createValueSummary();
  summary.update(values);
  const smoothedSummary = createValueSummary();
  if (smoothed) smoothedSummary.update(smoothed);
  return {
    id: String(seed),
    label: '',
    color: 0,
    steps,
    values,
    smoothed,
    summary,
    smoothedSummary: smoothed ? smoothedSummary : null,
  };
}

/** As the window makes it from the answer of core (renderer/features/runs/curves/overview-feed.ts). */
function pictureOf(all: readonly ChartSeries[], axes: ChartAxes, columns: number): readonly ChartSeries[] {
  const { logarithmicX, logarithmicY, y = 'all' } = axes;
  const { curves, middle } = chartOverview(
    all.map(({ steps, values, smoothed }) => ({ steps, x: steps, values, smoothed, replaced: [] })),
    { logarithmicX, logarithmicY, y, columns },
  );
  const x = shownRange(rangeOfColumns(curves.map((one) => one?.x ?? new Float64Array())), logarithmicX);
  return curves.flatMap((one, place) => {
    const series = all[place];
    if (!one || !series) return [];
    const { points, notFinite, outside } = one;
    const total = series.values.length;
    return [
      {
        id: series.id,
        label: '',
        color: 0,
        steps: one.steps,
        x: one.x,
        values: one.values,
        smoothed: one.smoothed,
        standsFor: { total, x, points, notFinite, outside, middle },
      },
    ];
  });
}

/** Everything that is painted of some series, as numbers. */
function painted(series: readonly ChartSeries[], axes: ChartAxes, columns: number) {
  const x = visibleX(series, axes, null);
  const y = visibleY(series, axes, x, null);
  const yOf = (value: number): number => {
    if (!axes.logarithmicY) return ((y.max - value) / (y.max - y.min)) * HEIGHT;
    const place = Math.log10(value > 0 ? value : y.min / 10);
    return ((Math.log10(y.max) - place) / (Math.log10(y.max) - Math.log10(y.min))) * HEIGHT;
  };
  const area: PlotArea = {
    left: 0,
    top: 0,
    width: columns,
    height: HEIGHT,
    from: x.min,
    to: x.max,
    logarithmicX: axes.logarithmicX,
    yOf,
    lineWidth: 1.25,
  };
  const strokes: unknown[] = [];
  const counts = series.map((one) =>
    strokeEnvelopes(one, area, (stroke) => {
      if (stroke.kind === 'band') strokes.push([stroke.opacity, stroke.tops, stroke.bottoms]);
      else {
        const path: (readonly [string, number, number])[] = [];
        stroke.draw({
          moveTo: (left, top) => path.push(['M', left, top]),
          lineTo: (left, top) => path.push(['L', left, top]),
        });
        strokes.push([stroke.opacity, stroke.lineWidth, stroke.travel, path, stroke.asBand()]);
      }
    }),
  );
  return { x, y, strokes, counts };
}

describe('the first picture of long curves', () => {
  it('is painted with the same strokes as all of their points', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ points: fc.integer({ min: 1, max: 6000 }), seed: fc.integer({ min: 1, max: 1e9 }) }),
          { minLength: 1, maxLength: 3 },
        ),
        fc.record({ logarithmicX: fc.boolean(), logarithmicY: fc.boolean(), isRobust: fc.boolean() }),
        fc.boolean(),
        fc.integer({ min: 1, max: 300 }),
        (orders, { isRobust, ...scales }, isSmoothed, columns) => {
          const axes: ChartAxes = { ...scales, y: isRobust ? 'robust' : 'all' };
          const all = orders.map(({ points, seed }) => curveOf(points, seed, isSmoothed));
          const picture = pictureOf(all, axes, columns);
          expect(painted(picture, axes, columns)).toEqual(painted(all, axes, columns));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('zoomed says that points are missing, instead of a number that is not true', () => {
    const axes: ChartAxes = { logarithmicX: false, logarithmicY: false, y: 'robust' };
    const picture = pictureOf([curveOf(5000, 3, true)], axes, 100);
    const zoom = { min: 1000, max: 2000 };
    expect(visibleY(picture, axes, zoom, null).outside).toBeNaN();
    const area: PlotArea = {
      left: 0,
      top: 0,
      width: 100,
      height: HEIGHT,
      from: zoom.min,
      to: zoom.max,
      logarithmicX: false,
      yOf: (value) => value,
      lineWidth: 1,
    };
    expect(picture.map((one) => strokeEnvelopes(one, area, () => {}).points)).toEqual([Number.NaN]);
  });
});
