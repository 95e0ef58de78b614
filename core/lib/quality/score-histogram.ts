// Histograms of columns in memory: one column over all, kept and removed documents, and two columns against each other.
import { binOf } from '../statistics/histogram.ts';
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

function emptyPart(bins: number): PartCounts {
  return {
    documents: 0,
    tokens: 0,
    below: 0,
    above: 0,
    sum: 0,
    finite: 0,
    counts: new Float64Array(bins),
    tokenCounts: new Float64Array(bins),
    tokensBelow: 0,
    tokensAbove: 0,
  };
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

/** Whether edges are near enough to equal steps for `binOf` to propose a bin by division. */
function isEven(edges: readonly number[]): boolean {
  const first = edges[0] ?? 0;
  const step = (edges[1] ?? 0) - first;
  const last = edges[edges.length - 1] ?? 0;
  return Math.abs(first + step * (edges.length - 1) - last) <= Math.abs(step) * 1e-6;
}

/** Counts of rows `start` to `end`; NaN is not counted at all, infinities are below or above. */
export function histogramOf(
  base: BaseColumns,
  values: ArrayLike<number>,
  [start, end]: readonly [number, number],
  edges: readonly number[],
): HistogramResult {
  const bins = edges.length - 1;
  const parts = [emptyPart(bins), emptyPart(bins), emptyPart(bins)] as const;
  const last = edges[bins] ?? 0;
  const find = isEven(edges) ? binOf : binAmong;
  for (let row = start; row < end; row += 1) {
    const value = values[row] as number;
    if (Number.isNaN(value)) continue;
    const part = parts[base.kept[row] as 0 | 1 | 2];
    const tokens = base.tokens[row] as number;
    part.documents += 1;
    part.tokens += tokens;
    if (Number.isFinite(value)) {
      part.sum += value;
      part.finite += 1;
    }
    const bin = find(value, edges);
    if (bin >= 0) {
      part.counts[bin] = (part.counts[bin] as number) + 1;
      part.tokenCounts[bin] = (part.tokenCounts[bin] as number) + tokens;
    } else if (value > last) {
      part.above += 1;
      part.tokensAbove += tokens;
    } else {
      part.below += 1;
      part.tokensBelow += tokens;
    }
  }
  return { removed: parts[KEPT.removed], kept: parts[KEPT.kept], unknown: parts[KEPT.unknown] };
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
  for (let row = start; row < end; row += 1) {
    const x = binOf(left[row] as number, edges);
    const y = binOf(right[row] as number, edges);
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
