// A growing pair of float64 columns (step, value): appended to by a tail, read by charts without copying.
// Knows nothing about where points come from.

/** A file may have thousands of tags with a point or two each. */
const INITIAL_CAPACITY = 64;

export interface ColumnView {
  readonly steps: Float64Array;
  readonly values: Float64Array;
}

export interface ColumnBuffer {
  readonly length: number;
  /** Grows whenever points were forgotten: what was derived from them is void. */
  readonly epoch: number;
  /** Step of the last point; NaN when there is none. */
  readonly lastStep: number;
  push(step: number, value: number): void;
  /** `push` if the step comes after the last one of a column that has any; returns whether. */
  pushLater(step: number, value: number): boolean;
  append(steps: Float64Array, values: Float64Array): void;
  /** Views of what is there now; valid until the next append that has to grow. */
  view(): ColumnView;
  /** Copies of the points from index `first` on. */
  slice(first: number): ColumnView;
  /** Forgets the points from index `newLength` on. */
  truncate(newLength: number): void;
  clear(): void;
}

export function createColumnBuffer(): ColumnBuffer {
  let steps = new Float64Array(INITIAL_CAPACITY);
  let values = new Float64Array(INITIAL_CAPACITY);
  let length = 0;
  let epoch = 0;

  const reserve = (needed: number) => {
    if (needed <= steps.length) return;
    const capacity = Math.max(needed, steps.length * 2);
    steps = grown(steps, capacity);
    values = grown(values, capacity);
  };

  return {
    get length() {
      return length;
    },
    get epoch() {
      return epoch;
    },
    get lastStep() {
      return length === 0 ? Number.NaN : (steps[length - 1] as number);
    },
    push(step, value) {
      reserve(length + 1);
      steps[length] = step;
      values[length] = value;
      length += 1;
    },
    pushLater(step, value) {
      if (length === 0 || !(step > (steps[length - 1] as number))) return false;
      if (length === steps.length) reserve(length + 1);
      steps[length] = step;
      values[length] = value;
      length += 1;
      return true;
    },
    append(moreSteps, moreValues) {
      reserve(length + moreSteps.length);
      steps.set(moreSteps, length);
      values.set(moreValues, length);
      length += moreSteps.length;
    },
    view: () => ({ steps: steps.subarray(0, length), values: values.subarray(0, length) }),
    slice: (first) => ({ steps: steps.slice(first, length), values: values.slice(first, length) }),
    truncate(newLength) {
      length = Math.min(length, Math.max(0, newLength));
      epoch += 1;
    },
    clear() {
      length = 0;
      epoch += 1;
    },
  };
}

function grown(column: Float64Array, capacity: number): Float64Array<ArrayBuffer> {
  const next = new Float64Array(capacity);
  next.set(column);
  return next;
}
