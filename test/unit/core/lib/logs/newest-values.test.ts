// The newest value of each tag, against the columns of all points.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createNewestValues } from '../../../../../core/lib/logs/newest-values.ts';
import { createSeriesCollector } from '../../../../../core/lib/logs/series-collector.ts';

const row = fc.record({
  step: fc.nat({ max: 9 }),
  names: fc.uniqueArray(fc.constantFrom('loss', 'lr', 'eval'), { minLength: 1 }),
  value: fc.double(),
});

test('they are the last points of the columns, with restarts and steps written twice', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 60 }), (rows) => {
      const newest = createNewestValues();
      const all = createSeriesCollector(() => {});
      for (const { step, names, value } of rows) {
        newest.addRow(
          names,
          step,
          names.map(() => value),
        );
        all.addRow(
          names,
          step,
          names.map(() => value),
        );
      }
      expect(newest.newestStep).toBe(all.newestStep);
      expect([...newest.values]).toEqual(
        [...all.columns].map(([tag, column]) => [tag, column.view().values.at(-1)]),
      );
    }),
  );
});
