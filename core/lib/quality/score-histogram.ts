// Histograms of columns in memory: one column over all, kept and removed documents, and two columns against each other.
import { type BaseColumns, KEPT } from './score-columns.ts';

export interface PartCounts {
  documents: number;
  tokens: number;
  below: number;
  above: number;
  /** Sum of the finite values, for a mean. */
  sum: number;
  finite: number;
  readonly counts: Float64Array;
  readonly tokenCounts: Float64Array;
  tokensBelow: number;
  tokensAbove: number;
}

export interface HistogramResult {
  readonly removed: PartCounts;
  readonly kept: PartCounts;
  readonly unknown: PartCounts;
}

/** Bin of a value among edges of any spacing: left-closed, the last one closed on both sides; -1 outside. */
export function binAmong(value: number, edges: readonly number[]): number {
  const bins = edges.length - 1;
  if (!(value >= (edges[0] ?? 0) && value <= (edges[bins] ?? 0))) return -1;
  let low = 0;
  let high = bins - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (value >= (edges[middle] ?? 0)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Whether edges are near enough to equal steps to propose a bin by a product; a span beyond the largest double is not. */
function isEven(edges: readonly number[]): boolean {
  const first = edges[0] ?? 0;
  const step = (edges[1] ?? 0) - first;
  const last = edges[edges.length - 1] ?? 0;
  return (
    Number.isFinite(last - first) &&
    Math.abs(first + step * (edges.length - 1) - last) <= Math.abs(step) * 1e-6
  );
}

/** Counts of rows `start` to `end`; NaN is not counted at all, infinities are below or above. */
export function histogramOf(
  base: BaseColumns,
  values: ArrayLike<number>,
  [start, end]: readonly [number, number],
  edges: readonly number[],
): HistogramResult {
  const bins = edges.length - 1;
  // Three parts of `bins` with one place before for what is below and one behind for what is above.
  const width = bins + 2;
  const counts = new Float64Array(3 * width);
  const tokenCounts = new Float64Array(3 * width);
  const sums = new Float64Array(3);
  const infinite = new Float64Array(3);
  const find = isEven(edges) ? evenBins(edges) : (value: number) => binAmong(value, edges);
  const last = edges[bins] ?? 0;
  const { kept, tokens } = base;
  for (let row = start; row < end; row += 1) {
    const value = values[row] as number;
    const part = kept[row] as number;
    const bin = find(value);
    let place = part * width + 1 + bin;
    if (bin < 0) {
      if (value !== value) continue;
      if (value > last) place += width - 1;
      if (!Number.isFinite(value)) infinite[part] = (infinite[part] as number) + 1;
      else sums[part] = (sums[part] as number) + value;
    } else sums[part] = (sums[part] as number) + value;
    counts[place] = (counts[place] as number) + 1;
    tokenCounts[place] = (tokenCounts[place] as number) + (tokens[row] as number);
  }
  const partAt = (part: number): PartCounts => {
    const own = counts.slice(part * width, (part + 1) * width);
    const ownTokens = tokenCounts.slice(part * width, (part + 1) * width);
    const documents = own.reduce((sum, count) => sum + count, 0);
    return {
      documents,
      tokens: ownTokens.reduce((sum, count) => sum + count, 0),
      below: own[0] ?? 0,
      above: own[width - 1] ?? 0,
      sum: sums[part] ?? 0,
      finite: documents - (infinite[part] ?? 0),
      counts: own.slice(1, -1),
      tokenCounts: ownTokens.slice(1, -1),
      tokensBelow: ownTokens[0] ?? 0,
      tokensAbove: ownTokens[width - 1] ?? 0,
    };
  };
  return { removed: partAt(KEPT.removed), kept: partAt(KEPT.kept), unknown: partAt(KEPT.unknown) };
}

/** Finds bins of equal width: the product proposes one and the edges decide, because rounding may miss by one. -1 outside. */
function evenBins(edges: readonly number[]): (value: number) => number {
  const bounds = Float64Array.from(edges);
  const bins = bounds.length - 1;
  const first = bounds[0] as number;
  const last = bounds[bins] as number;
  const scale = bins / (last - first);
  return (value) => {
    if (!(value >= first && value <= last)) return -1;
    let bin = Math.min(bins - 1, ((value - first) * scale) | 0);
    while (bin > 0 && value < (bounds[bin] as number)) bin -= 1;
    while (bin < bins - 1 && value >= (bounds[bin + 1] as number)) bin += 1;
    return bin;
  };
}

/** All three parts together. */
export function addParts(first: PartCounts, ...others: readonly PartCounts[]): PartCounts {
  const total: PartCounts = {
    ...first,
    counts: first.counts.slice(),
    tokenCounts: first.tokenCounts.slice(),
  };
  for (const part of others) {
    total.documents += part.documents;
    total.tokens += part.tokens;
    total.below += part.below;
    total.above += part.above;
    total.sum += part.sum;
    total.finite += part.finite;
    total.tokensBelow += part.tokensBelow;
    total.tokensAbove += part.tokensAbove;
    for (let bin = 0; bin < total.counts.length; bin += 1) {
      total.counts[bin] = (total.counts[bin] as number) + (part.counts[bin] as number);
      total.tokenCounts[bin] = (total.tokenCounts[bin] as number) + (part.tokenCounts[bin] as number);
    }
  }
  return total;
}

/** `counts[y * bins + x]`; rows with either value outside the edges are left out. */
export function jointCounts(
  left: ArrayLike<number>,
  right: ArrayLike<number>,
  [start, end]: readonly [number, number],
  edges: readonly number[],
): Float64Array {
  const bins = edges.length - 1;
  const counts = new Float64Array(bins * bins);
  const find = isEven(edges) ? evenBins(edges) : (value: number) => binAmong(value, edges);
  for (let row = start; row < end; row += 1) {
    const x = find(left[row] as number);
    const y = find(right[row] as number);
    if (x < 0 || y < 0) continue;
    counts[y * bins + x] = (counts[y * bins + x] as number) + 1;
  }
  return counts;
}

/** Share of documents (or tokens) at or above each edge. `total` includes what lies below the first edge. */
export function rightShares(counts: Float64Array, above: number, total: number): readonly number[] {
  const shares = Array.from({ length: counts.length + 1 }, () => 0);
  let sum = above;
  for (let edge = counts.length; edge >= 0; edge -= 1) {
    if (edge < counts.length) sum += counts[edge] ?? 0;
    shares[edge] = total === 0 ? 0 : sum / total;
  }
  return shares;
}
