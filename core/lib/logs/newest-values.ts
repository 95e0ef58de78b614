// Where points of a log go when only the newest of each tag matters: it grows with the tags, not with the points.
import type { ColumnBuffer } from '../series/column-buffer.ts';
import { MAX_TAGS, type SeriesCollector } from './series-collector.ts';

export interface NewestValues extends SeriesCollector {
  /** By tag, in the order in which tags came; infinities and NaN as they were written. */
  readonly values: ReadonlyMap<string, number>;
}

/** A second value for the newest step of a tag is ignored, as in curves; an earlier step is that of a restart. */
export function createNewestValues(): NewestValues {
  const values = new Map<string, number>();
  const steps = new Map<string, number>();
  let newestStep: number | null = null;
  let droppedPoints = 0;
  const add = (tag: string, step: number, value: number): void => {
    const last = steps.get(tag);
    if (last === step) return;
    if (last === undefined && steps.size >= MAX_TAGS) {
      droppedPoints += 1;
      return;
    }
    steps.set(tag, step);
    values.set(tag, value);
    newestStep = step;
  };
  return {
    values,
    columns: new Map<string, ColumnBuffer>(),
    extra: new Map<string, ColumnBuffer>(),
    generation: 0,
    get droppedPoints() {
      return droppedPoints;
    },
    get newestStep() {
      return newestStep;
    },
    add,
    adderOf: (tag) => (step, value) => add(tag, step, value),
    addRow(names, step, row) {
      for (let index = 0; index < names.length; index += 1)
        add(names[index] as string, step, row[index] as number);
    },
    addTime() {},
  };
}
