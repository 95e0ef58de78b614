// A confidence interval of Spearman's correlation by drawing the documents again and again, with replacement.
// Percentile method. Ranks of a drawn set follow from how often each document was drawn: both columns are sorted once.
import { quantileOfSorted } from '../statistics/quantile.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface BootstrapOptions {
  readonly resamples: number;
  /** 0.95 for the 2.5 % and 97.5 % quantiles. */
  readonly level: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** Positions in ascending order with the ends of the groups of equal values. */
interface Order {
  readonly positions: Uint32Array;
  /** `groupEnds[g]` is one past the last place of group g. */
  readonly groupEnds: Uint32Array;
}

function orderOf(values: ArrayLike<number>): Order {
  const positions = Uint32Array.from({ length: values.length }, (_, index) => index);
  positions.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ends: number[] = [];
  for (let place = 1; place <= positions.length; place += 1) {
    const isLast = place === positions.length;
    if (isLast || values[positions[place] ?? 0] !== values[positions[place - 1] ?? 0]) ends.push(place);
  }
  return { positions, groupEnds: Uint32Array.from(ends) };
}

/** Average ranks of the set in which document i occurs `counts[i]` times; 0 where it does not occur. */
function weightedRanks(order: Order, counts: Uint32Array, ranks: Float64Array): void {
  let before = 0;
  let place = 0;
  for (let group = 0; group < order.groupEnds.length; group += 1) {
    const end = order.groupEnds[group] ?? 0;
    let own = 0;
    for (let at = place; at < end; at += 1) own += counts[order.positions[at] ?? 0] ?? 0;
    const rank = before + (own + 1) / 2;
    for (let at = place; at < end; at += 1) ranks[order.positions[at] ?? 0] = rank;
    before += own;
    place = end;
  }
}

/** Pearson's correlation of two columns of ranks with multiplicities; both means are (n + 1) / 2. */
function weightedCorrelation(a: Float64Array, b: Float64Array, counts: Uint32Array, total: number): number {
  const mean = (total + 1) / 2;
  let covariance = 0;
  let varianceA = 0;
  let varianceB = 0;
  for (let index = 0; index < counts.length; index += 1) {
    const count = counts[index] ?? 0;
    if (count === 0) continue;
    const x = (a[index] ?? 0) - mean;
    const y = (b[index] ?? 0) - mean;
    covariance += count * x * y;
    varianceA += count * x * x;
    varianceB += count * y * y;
  }
  return varianceA === 0 || varianceB === 0 ? Number.NaN : covariance / Math.sqrt(varianceA * varianceB);
}

/** Spearman of the set in which pair i occurs `counts[i]` times; NaN when one side is constant in it. */
export function resampledSpearman(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): (counts: Uint32Array) => number {
  const orderA = orderOf(a);
  const orderB = orderOf(b);
  const ranksA = new Float64Array(a.length);
  const ranksB = new Float64Array(a.length);
  return (counts) => {
    let total = 0;
    for (const count of counts) total += count;
    weightedRanks(orderA, counts, ranksA);
    weightedRanks(orderB, counts, ranksB);
    return weightedCorrelation(ranksA, ranksB, counts, total);
  };
}

/**
 * Columns of equal length without NaN. Draws in which one side is constant say nothing and are left out; null when fewer
 * than half of the draws are left, or below three documents.
 */
export function spearmanInterval(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { resamples, level, random }: BootstrapOptions,
): Interval | null {
  const n = a.length;
  if (n < 3) return null;
  const correlationOf = resampledSpearman(a, b);
  const counts = new Uint32Array(n);
  const drawn: number[] = [];
  for (let resample = 0; resample < resamples; resample += 1) {
    counts.fill(0);
    for (let draw = 0; draw < n; draw += 1) {
      const index = Math.floor(random() * n);
      counts[index] = (counts[index] ?? 0) + 1;
    }
    const correlation = correlationOf(counts);
    if (!Number.isNaN(correlation)) drawn.push(correlation);
  }
  if (drawn.length === 0 || drawn.length < resamples / 2) return null;
  const sorted = Float64Array.from(drawn).sort();
  return {
    low: quantileOfSorted(sorted, (1 - level) / 2),
    high: quantileOfSorted(sorted, (1 + level) / 2),
  };
}
