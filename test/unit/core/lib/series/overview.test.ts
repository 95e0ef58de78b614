// The few points of an overview draw what all points draw: the envelope of every pixel column, the same to the last bit.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chartOverview } from '../../../../../core/lib/series/chart-overview.ts';
import { columnBorders } from '../../../../../core/lib/series/column-borders.ts';
import { type CurveColumns, curveColumns } from '../../../../../core/lib/series/curve-columns.ts';
import { createColumnBuffer } from '../../../../../core/lib/series/column-buffer.ts';
import { type Envelope, envelopeOf } from '../../../../../core/lib/series/envelope.ts';
import { countOutside } from '../../../../../core/lib/series/robust-range.ts';
import { rangeOfColumns, shownRange } from '../../../../../core/lib/series/shown-range.ts';
import { smooth } from '../../../../../core/lib/series/smoothing.ts';

const lines = ({ min, max, first, last, broken }: Envelope) => ({
  min,
  max,
  first,
  last,
  broken: Array.from(broken, (count) => count > 0),
});

const value = fc.oneof(
  fc.double({ min: -10, max: 10, noNaN: true }),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1e300),
);
const curve = fc
  .record({
    points: fc.array(fc.record({ gap: fc.double({ min: 0, max: 3, noNaN: true }), value }), {
      minLength: 1,
      maxLength: 400,
    }),
    start: fc.double({ min: 0, max: 50, noNaN: true }),
    isSmoothed: fc.boolean(),
  })
  .map(({ points, start, isSmoothed }): CurveColumns => {
    let at = start;
    const x = Float64Array.from(points, ({ gap }) => (at += gap));
    const values = Float64Array.from(points, (point) => point.value);
    return { steps: x, x, values, smoothed: isSmoothed ? smooth(x, values, 5) : null, replaced: [] };
  });

describe('an overview', () => {
  it('has the envelope of all points, on every axis and at every width', () => {
    fc.assert(
      fc.property(
        fc.array(curve, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 60 }),
        fc.boolean(),
        (curves, columns, logarithmicX) => {
          const axes = { logarithmicX, logarithmicY: false, y: 'all', columns } as const;
          const { curves: kept } = chartOverview(curves, axes);
          const all = shownRange(rangeOfColumns(curves.map(({ x }) => x)), logarithmicX);
          const own = shownRange(
            rangeOfColumns(kept.map((one) => one?.x ?? new Float64Array())),
            logarithmicX,
          );
          expect(own).toEqual(all);
          const range = { from: all.min, to: all.max, columns, logarithmic: logarithmicX };
          curves.forEach(({ x, values, smoothed }, place) => {
            const few = kept[place];
            if (!few) throw new Error('a curve is missing');
            const whole = envelopeOf(x, values, range);
            const drawn = envelopeOf(few.x, few.values, range);
            expect(lines(drawn)).toEqual(lines(whole));
            // Whether a column has one point or several decides how it is drawn.
            expect(Array.from(drawn.count, (count) => Math.min(2, count))).toEqual(
              Array.from(whole.count, (count) => Math.min(2, count)),
            );
            expect([few.points, few.notFinite]).toEqual([whole.points, whole.notFinite]);
            expect([few.values.at(-1), few.steps.at(-1)]).toEqual([values.at(-1), x.at(-1)]);
            if (smoothed && few.smoothed)
              expect(lines(envelopeOf(few.x, few.smoothed, range))).toEqual(
                lines(envelopeOf(x, smoothed, range)),
              );
          });
        },
      ),
      { numRuns: 100 },
    );
  });

  it('zoomed is made of true points, and loses no extreme that is one of a column', () => {
    fc.assert(
      fc.property(
        curve,
        fc.integer({ min: 2, max: 60 }),
        fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
        (whole, columns, [a, b]) => {
          const { curves } = chartOverview([whole], {
            logarithmicX: false,
            logarithmicY: false,
            y: 'all',
            columns,
          });
          const few = curves[0];
          if (!few) throw new Error('the curve is missing');
          const points = new Set(Array.from(whole.x, (x, index) => `${x} ${whole.values[index]}`));
          few.x.forEach((x, index) => expect(points.has(`${x} ${few.values[index]}`)).toBe(true));
          // A range whose edges are borders of columns: what lies inside of it is drawn as high and as low as it is.
          const all = shownRange(rangeOfColumns([whole.x]), false);
          const ends = [
            0,
            ...columnBorders(whole.x, whole.x.length, { from: all.min, to: all.max, columns }).ends,
          ];
          const [from, to] = [Math.floor(Math.min(a, b) * columns), Math.ceil(Math.max(a, b) * columns)];
          const inside = whole.values.subarray(ends[from], ends[to]).filter(Number.isFinite);
          const [first, last] = [whole.x[ends[from] ?? 0], whole.x[(ends[to] ?? 1) - 1]];
          if (inside.length === 0 || first === undefined || last === undefined) return;
          const kept = few.values.filter(
            (one, index) => Number.isFinite(one) && few.x[index]! >= first && few.x[index]! <= last,
          );
          expect(Math.max(...kept)).toBeGreaterThanOrEqual(Math.max(...inside));
          expect(Math.min(...kept)).toBeLessThanOrEqual(Math.min(...inside));
        },
      ),
    );
  });

  it('says how many points of all curves lie outside of a robust axis', () => {
    const x = Float64Array.from({ length: 100_000 }, (_, index) => index);
    const values = x.map((step) => Math.sin(step));
    values[5] = 1e6;
    values[77_000] = -1e6;
    const own = { steps: x, x, values, smoothed: null, replaced: [] };
    const axes = { logarithmicX: false, logarithmicY: false, y: 'robust', columns: 300 } as const;
    const { curves, middle } = chartOverview([own, null, own], axes);
    if (!middle) throw new Error('no range');
    expect(middle.max).toBeLessThan(2);
    const piece = { values, start: 0, end: values.length, summary: null };
    expect(curves.map((one) => one?.outside)).toEqual([
      countOutside(piece, middle.min, middle.max),
      undefined,
      countOutside(piece, middle.min, middle.max),
    ]);
    expect(curves[0]?.outside).toBe(2);
    expect(curves[0]?.values.length).toBeLessThan(300 * 6);
  });

  it('keeps the least value above 0, at which a logarithmic axis begins', () => {
    const x = Float64Array.from({ length: 1000 }, (_, index) => index);
    const values = x.map((step) => (step === 431 ? 1e-7 : step % 3 === 0 ? -5 : 4));
    const { curves } = chartOverview([{ steps: x, x, values, smoothed: null, replaced: [] }], {
      logarithmicX: false,
      logarithmicY: true,
      y: 'all',
      columns: 20,
    });
    expect(Math.min(...(curves[0]?.values.filter((one) => one > 0) ?? []))).toBe(1e-7);
  });

  it('stands on tokens and clocks as the whole curve does, and has no curve where the run does not say', () => {
    const loss = createColumnBuffer();
    const times = createColumnBuffer();
    for (let step = 0; step < 50; step += 1) {
      loss.push(step * 10, 5 - step / 20);
      times.push(step * 10, 1000 * step * step);
    }
    const columns = new Map([
      ['loss', loss],
      ['@time', times],
    ]);
    const order = { tag: 'loss', span: { unit: 'tokens', amount: 4000 }, tokensPerStep: 128 } as const;
    const tokens = curveColumns(columns, { ...order, look: { x: 'tokens', withoutWaits: false } });
    expect(tokens?.x.at(-1)).toBe(490 * 128);
    expect(tokens?.smoothed).toEqual(
      smooth(tokens?.x ?? new Float64Array(), tokens?.values ?? new Float64Array(), 4000),
    );
    const clock = curveColumns(columns, { ...order, look: { x: 'relative', withoutWaits: false } });
    expect(clock?.x.at(-1)).toBe(49 * 49);
    columns.delete('@time');
    expect(curveColumns(columns, { ...order, look: { x: 'time', withoutWaits: false } })).toBeNull();
    expect(
      curveColumns(columns, { ...order, tag: 'other', look: { x: 'steps', withoutWaits: false } }),
    ).toBeNull();
  });
});
