// Points by tag while they arrive. Steps ascend within a tag: when a restarted job begins again at an earlier step,
// the points after it are replaced and `generation` tells readers to start over.
import { type ColumnBuffer, createColumnBuffer } from '../series/column-buffer.ts';
import { lowerBound } from '../series/search.ts';
import { createExtraColumns } from '../series/extra-columns.ts';

/** A run with per-layer statistics has some thousand tags; more is a file of something else. */
export const MAX_TAGS = 5000;
/** 256 MB of columns: a million steps of sixteen tags. Later points are left out and counted. */
export const MAX_POINTS = 16_000_000;
/** More than this is no restarted job: the numbers are no steps, and every point would replace the others. */
const MAX_RESTARTS = 1000;

export interface SeriesCollector {
  readonly columns: ReadonlyMap<string, ColumnBuffer>;
  /** Grows whenever points were replaced. */
  readonly generation: number;
  /** Points left out: over the limits of tags and points, or out of order without end. */
  readonly droppedPoints: number;
  readonly newestStep: number | null;
  /** Times of steps, and what was replaced: by their own names. */
  readonly extra: ReadonlyMap<string, ColumnBuffer>;
  add(tag: string, step: number, value: number): void;
  /** `add` for one metric, which is looked up once. */
  adderOf(tag: string): (step: number, value: number) => void;
  /** Several metrics of one step. Rows with the very same `names` are quicker. */
  addRow(names: readonly string[], step: number, values: readonly number[]): void;
  /** When a step was logged, Unix ms. After the step's points. */
  addTime(step: number, ms: number): void;
}

/** `onRestart` hears of steps that began again. A second value for the newest step is ignored. */
export function createSeriesCollector(
  onRestart: (tag: string, toStep: number, dropped: number) => void,
): SeriesCollector {
  const columns = new Map<string, ColumnBuffer>();
  const extra = createExtraColumns();
  let generation = 0;
  let restarts = 0;
  let droppedPoints = 0;
  let points = 0;
  let newestStep: number | null = null;

  /** Returns whether the point may be appended now. */
  const rewind = (tag: string, column: ColumnBuffer, step: number): boolean => {
    if (restarts >= MAX_RESTARTS) return false;
    const { steps, values } = column.view();
    const keep = lowerBound(steps, step);
    const dropped = column.length - keep;
    extra.keep(tag, steps.subarray(keep), values.subarray(keep));
    column.truncate(keep);
    points -= dropped;
    restarts += 1;
    generation += 1;
    onRestart(tag, step, dropped);
    return true;
  };

  const add = (tag: string, step: number, value: number): void => {
    let column = columns.get(tag);
    if (!column) {
      if (columns.size >= MAX_TAGS) {
        droppedPoints += 1;
        return;
      }
      column = createColumnBuffer();
      columns.set(tag, column);
    }
    const last = column.length === 0 ? Number.NEGATIVE_INFINITY : column.lastStep;
    if (step <= last) {
      if (step === last) return;
      if (!rewind(tag, column, step)) {
        droppedPoints += 1;
        return;
      }
    }
    if (points >= MAX_POINTS) {
      droppedPoints += 1;
      return;
    }
    column.push(step, value);
    points += 1;
    newestStep = step;
  };
  let rowNames: readonly string[] = [];
  let rowColumns: (ColumnBuffer | undefined)[] = [];

  return {
    columns,
    extra: extra.columns,
    addTime: (step, ms) => extra.addTime(step, ms, generation),
    get generation() {
      return generation;
    },
    get droppedPoints() {
      return droppedPoints;
    },
    get newestStep() {
      return newestStep;
    },
    add,
    adderOf(tag) {
      let column = columns.get(tag);
      return (step, value) => {
        if (column !== undefined && points < MAX_POINTS && column.pushLater(step, value)) {
          points += 1;
          newestStep = step;
        } else {
          add(tag, step, value);
          column = columns.get(tag);
        }
      };
    },
    addRow(names, step, values) {
      if (names !== rowNames) {
        rowNames = names;
        rowColumns = names.map((name) => columns.get(name));
      }
      for (let index = 0; index < names.length; index += 1) {
        const column = rowColumns[index];
        const value = values[index] as number;
        // A step after the last one of a known metric: nearly every point.
        if (column !== undefined && points < MAX_POINTS && column.pushLater(step, value)) {
          points += 1;
          newestStep = step;
        } else {
          const name = names[index] as string;
          add(name, step, value);
          rowColumns[index] = columns.get(name);
        }
      }
    },
  };
}
