// Where every so many lines of a file begin, and when they were written: finds any line by reading a little. The distance doubles
// when there are too many, so memory is bounded whatever the size of the file.

const FIRST_STRIDE = 64;
/** 16 bytes each: 1 MB a log. */
const MAX_CHECKPOINTS = 65_536;

export interface Place {
  /** Number of a line, from 0. */
  readonly line: number;
  /** Where it begins. */
  readonly offset: number;
}

export interface Checkpoints {
  /** The next line, in order. True when its time is wanted. */
  line(offset: number): boolean;
  /** The time of one of the lines since the last place; the first one given counts. */
  time(ms: number): void;
  /** The last known place at or before a line. */
  beforeLine(line: number): Place;
  beforeOffset(offset: number): Place;
  /** The last known place whose time is at or before this; null when no line of the log has a time. */
  beforeTime(ms: number): Place | null;
}

/** Lines after a place that are asked for their time. */
const TRIES = 16;

export function createCheckpoints(): Checkpoints {
  const offsets = new Float64Array(MAX_CHECKPOINTS);
  const times = new Float64Array(MAX_CHECKPOINTS);
  let stride = FIRST_STRIDE;
  let count = 0;
  let lines = 0;
  let tries = 0;

  const halve = (): void => {
    for (let index = 0; index < count; index += 2) {
      offsets[index / 2] = offsets[index] as number;
      times[index / 2] = times[index] as number;
    }
    count = Math.ceil(count / 2);
    stride *= 2;
  };
  /** The last index for which `value` is at most `wanted`; 0 when none is. */
  const lastAtMost = (value: (index: number) => number, wanted: number): number => {
    let low = 0;
    let high = Math.max(0, count - 1);
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (value(middle) <= wanted) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const at = (index: number): Place => ({ line: index * stride, offset: offsets[index] ?? 0 });

  return {
    line(offset) {
      if (lines % stride === 0) {
        if (count === MAX_CHECKPOINTS) halve();
        if (lines % stride === 0) {
          offsets[count] = offset;
          // Times never run backwards here: what has none, or an earlier one, stands for the one before.
          times[count] = count === 0 ? Number.NEGATIVE_INFINITY : (times[count - 1] as number);
          count += 1;
          tries = TRIES;
        }
      }
      lines += 1;
      if (tries === 0) return false;
      tries -= 1;
      return true;
    },
    time(ms) {
      tries = 0;
      times[count - 1] = Math.max(times[count - 1] as number, ms);
    },
    beforeLine: (line) => at(Math.max(0, Math.min(count - 1, Math.floor(line / stride)))),
    beforeOffset: (offset) => at(lastAtMost((index) => offsets[index] as number, offset)),
    beforeTime(ms) {
      if (count === 0 || times[count - 1] === Number.NEGATIVE_INFINITY) return null;
      return at(lastAtMost((index) => times[index] as number, ms));
    },
  };
}
