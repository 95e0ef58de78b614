// What a log has beside its metrics, as columns that travel like them: when each step was logged, and the points of earlier attempts
// that were done again. Their names begin with a sign that no tag has.
import { type ColumnBuffer, createColumnBuffer } from './column-buffer.ts';

export const EXTRA_SIGN = '@';
/** Unix ms of every step that has a time. */
export const TIME_COLUMN = '@time';

export function isExtra(name: string): boolean {
  return name.startsWith(EXTRA_SIGN);
}

/** `@replaced:2:lm_loss`: what was logged of lm_loss after the step at which its second restart went on. */
export function replacedColumn(tag: string, restart: number): string {
  return `@replaced:${restart}:${tag}`;
}

/** The tag a replaced column belongs to; null for other names. */
export function replacedTag(name: string): string | null {
  const match = /^@replaced:\d+:/.exec(name);
  return match ? name.slice(match[0].length) : null;
}

/** Points of earlier attempts that are kept: a fourth of what a window may hold of one run. */
const MAX_REPLACED_POINTS = 4_000_000;
/** More pieces than this of one tag cannot be told apart on a chart. */
const MAX_PIECES = 50;

export interface ExtraColumns {
  readonly columns: ReadonlyMap<string, ColumnBuffer>;
  /** The time of a step; of several for one step the first counts. `generation` is that of the points. */
  addTime(step: number, ms: number, generation: number): void;
  /** Points that are about to be replaced. */
  keep(tag: string, steps: Float64Array, values: Float64Array): void;
}

export function createExtraColumns(): ExtraColumns {
  const columns = new Map<string, ColumnBuffer>();
  const pieces = new Map<string, number>();
  const times = createColumnBuffer();
  let keptPoints = 0;
  let generationOfTimes = 0;
  return {
    columns,
    addTime(step, ms, generation) {
      if (step <= times.lastStep) {
        // Only points that were replaced take their times along: lines of one step may come late.
        if (generation === generationOfTimes) return;
        const { steps } = times.view();
        let length = times.length;
        while (length > 0 && (steps[length - 1] as number) >= step) length -= 1;
        times.truncate(length);
      }
      generationOfTimes = generation;
      if (times.length === 0) columns.set(TIME_COLUMN, times);
      times.push(step, ms);
    },
    keep(tag, steps, values) {
      const count = (pieces.get(tag) ?? 0) + 1;
      if (steps.length === 0 || count > MAX_PIECES || keptPoints + steps.length > MAX_REPLACED_POINTS) return;
      keptPoints += steps.length;
      pieces.set(tag, count);
      const column = createColumnBuffer();
      column.append(steps, values);
      columns.set(replacedColumn(tag, count), column);
    },
  };
}
