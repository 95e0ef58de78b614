import fc from 'fast-check';
import { expect, it } from 'vitest';
import { columnBorders, placeOf } from '../../../../../core/lib/series/column-borders.ts';

const gaps = fc.array(
  fc.oneof(fc.constant(0), fc.constant(1), fc.double({ min: 0, max: 1e6, noNaN: true })),
  {
    maxLength: 400,
  },
);

it('ends each column where the place of a step says, however steps are spread', () => {
  fc.assert(
    fc.property(
      gaps,
      fc.integer({ min: 1, max: 60 }),
      fc.record({
        left: fc.double({ min: 0, max: 0.8, noNaN: true }),
        width: fc.double({ min: 0, max: 1.2, noNaN: true }),
      }),
      fc.boolean(),
      (list, columns, { left, width }, logarithmic) => {
        let step = 1;
        const steps = Float64Array.from(list, (gap) => (step += gap));
        const last = steps.at(-1) ?? 1;
        const from = 1 + left * (last - 1);
        const range = { from, to: from + width * (last - from), columns, logarithmic };
        const { start, end, ends } = columnBorders(steps, steps.length, range);
        const place = placeOf(range);
        const inside = [...steps.keys()].filter((index) => {
          const at = steps[index] as number;
          return at >= range.from && at <= range.to;
        });
        expect([start, end - start]).toEqual([inside[0] ?? start, inside.length]);
        const columnOf = (index: number) =>
          Math.min(columns - 1, Math.max(0, Math.floor(place(steps[index] as number))));
        const counted = new Uint32Array(columns);
        for (const index of inside) counted[columnOf(index)] = (counted[columnOf(index)] as number) + 1;
        const found = [...ends].map(
          (after, column) => after - (column === 0 ? start : (ends[column - 1] as number)),
        );
        expect(found).toEqual([...counted]);
      },
    ),
    { numRuns: 400 },
  );
});
