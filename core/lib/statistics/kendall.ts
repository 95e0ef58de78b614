// Kendall's rank correlation with ties (τ-b), as scipy.stats.kendalltau computes it.

/** Pairs of equal values in a column that is sorted. */
function tiedPairs(length: number, same: (index: number) => boolean): number {
  let pairs = 0;
  let run = 1;
  for (let index = 1; index <= length; index += 1) {
    if (index < length && same(index)) run += 1;
    else {
      pairs += (run * (run - 1)) / 2;
      run = 1;
    }
  }
  return pairs;
}

/** Sorts ascending by merging and counts the swaps that takes: discordant pairs in O(n log n). */
function countInversions(values: Float64Array): number {
  let source: Float64Array = values;
  let target: Float64Array = new Float64Array(values.length);
  let inversions = 0;
  for (let width = 1; width < values.length; width *= 2) {
    for (let start = 0; start < values.length; start += 2 * width) {
      const middle = Math.min(start + width, values.length);
      const end = Math.min(start + 2 * width, values.length);
      let left = start;
      let right = middle;
      for (let place = start; place < end; place += 1) {
        const a = source[left] as number;
        const b = source[right] as number;
        if (left < middle && (right >= end || a <= b)) {
          target[place] = a;
          left += 1;
        } else {
          target[place] = b;
          right += 1;
          inversions += middle - left;
        }
      }
    }
    [source, target] = [target, source];
  }
  return inversions;
}

/** Pairs with NaN on either side are dropped. NaN below two pairs or for a constant side. */
export function kendallTauB(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new RangeError('Kendall needs two columns of equal length');
  const order: number[] = [];
  for (let index = 0; index < a.length; index += 1) {
    if (!Number.isNaN(a[index]) && !Number.isNaN(b[index])) order.push(index);
  }
  const x = (place: number): number => a[order[place] ?? -1] ?? 0;
  const y = (place: number): number => b[order[place] ?? -1] ?? 0;
  order.sort((i, j) => compare(a[i] ?? 0, a[j] ?? 0) || compare(b[i] ?? 0, b[j] ?? 0));
  const pairs = order.length;
  const all = (pairs * (pairs - 1)) / 2;
  const tiedX = tiedPairs(pairs, (place) => x(place) === x(place - 1));
  const tiedBoth = tiedPairs(pairs, (place) => x(place) === x(place - 1) && y(place) === y(place - 1));
  const column = Float64Array.from(order, (index) => b[index] ?? 0);
  const discordant = countInversions(column.slice());
  column.sort();
  const tiedY = tiedPairs(pairs, (place) => column[place] === column[place - 1]);
  if (all === 0 || tiedX === all || tiedY === all) return Number.NaN;
  const difference = all - tiedX - tiedY + tiedBoth - 2 * discordant;
  const tau = difference / Math.sqrt(all - tiedX) / Math.sqrt(all - tiedY);
  return Math.max(-1, Math.min(1, tau));
}

/** Infinity − Infinity would be NaN. */
function compare(left: number, right: number): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
