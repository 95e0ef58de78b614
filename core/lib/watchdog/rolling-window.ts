// The newest values of a series, kept in order too: median and spread of a window while it moves, without sorting again.

export interface RollingWindow {
  readonly length: number;
  readonly capacity: number;
  push(value: number): void;
  /** NaN while it is empty. */
  median(): number;
  /** Robust standard deviation: 1.4826 × the median distance to the median. Walks the window once. */
  deviation(): number;
  max(): number;
  /** The value that `share` of the window lies below; NaN while it is empty. */
  quantile(share: number): number;
  clear(): void;
}

/** Makes the median distance of normal noise its standard deviation. */
const NORMAL = 1.4826;

/** Values must be finite. A push costs O(log n) comparisons and moves at most `capacity` numbers. */
export function createRollingWindow(capacity: number): RollingWindow {
  const arrived = new Float64Array(capacity);
  const sorted = new Float64Array(capacity);
  let length = 0;
  let next = 0;

  const placeOf = (value: number): number => {
    let low = 0;
    let high = length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sorted[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    capacity,
    get length() {
      return length;
    },
    push(value) {
      if (length === capacity) {
        const place = placeOf(arrived[next] as number);
        sorted.copyWithin(place, place + 1, length);
        length -= 1;
      }
      const place = placeOf(value);
      sorted.copyWithin(place + 1, place, length);
      sorted[place] = value;
      length += 1;
      arrived[next] = value;
      next = (next + 1) % capacity;
    },
    median: () => middleOf(sorted, length),
    deviation() {
      return NORMAL * medianDistance(sorted, length);
    },
    max: () => (length === 0 ? Number.NaN : (sorted[length - 1] as number)),
    quantile: (share) =>
      length === 0 ? Number.NaN : (sorted[Math.min(length - 1, Math.floor(share * length))] as number),
    clear() {
      length = 0;
      next = 0;
    },
  };
}

function middleOf(sorted: Float64Array, length: number): number {
  if (length === 0) return Number.NaN;
  const upper = length >>> 1;
  const high = sorted[upper] as number;
  return length % 2 === 1 ? high : (high + (sorted[upper - 1] as number)) / 2;
}

/** The distances left and right of the median ascend outwards: the middle of both is found by walking them together. */
function medianDistance(sorted: Float64Array, length: number): number {
  if (length === 0) return Number.NaN;
  const median = middleOf(sorted, length);
  let right = 0;
  while (right < length && (sorted[right] as number) < median) right += 1;
  let left = right - 1;
  const wanted = length >>> 1;
  let before = 0;
  let current = 0;
  for (let taken = 0; taken <= wanted; taken += 1) {
    const leftDistance = left >= 0 ? median - (sorted[left] as number) : Number.POSITIVE_INFINITY;
    const rightDistance = right < length ? (sorted[right] as number) - median : Number.POSITIVE_INFINITY;
    before = current;
    if (leftDistance < rightDistance) {
      current = leftDistance;
      left -= 1;
    } else {
      current = rightDistance;
      right += 1;
    }
  }
  return length % 2 === 1 ? current : (before + current) / 2;
}
