// Shapes of a score histogram: percent of the subset a bin, a smoothed density, the share at or above each edge.
// Pure; knows bins, not where they come from or how they are drawn.

export type ShapeKind = 'density' | 'histogram' | 'right-cdf';

/** Bins of equal width; `counts[i]` is of [from + i·width, from + (i+1)·width). */
export interface Bins {
  readonly from: number;
  readonly width: number;
  readonly counts: ArrayLike<number>;
}

export interface Point {
  readonly x: number;
  /** Percent, 0–100. */
  readonly y: number;
}

/** Standard deviation of the smoothing kernel, in score points. Said beside the chart. */
export const SMOOTHING_SIGMA = 0.18;

export function totalOf(counts: ArrayLike<number>): number {
  let total = 0;
  for (let index = 0; index < counts.length; index += 1) total += counts[index] ?? 0;
  return total;
}

/** Percent of the subset's documents per bin (JQL Fig. 4), as the outline of steps. */
export function histogramOutline(bins: Bins): readonly Point[] {
  const total = totalOf(bins.counts);
  const points: Point[] = [];
  for (let index = 0; index < bins.counts.length; index += 1) {
    const y = total === 0 ? 0 : (100 * (bins.counts[index] ?? 0)) / total;
    const x = bins.from + index * bins.width;
    points.push({ x, y }, { x: x + bins.width, y });
  }
  return points;
}

/** The same percentages, a Gaussian kernel of `sigma` score points laid over them; the total stays 100 %. */
export function densityOutline(bins: Bins, sigma: number = SMOOTHING_SIGMA): readonly Point[] {
  const { counts, from, width } = bins;
  const total = totalOf(counts);
  const reach = Math.ceil((3 * sigma) / width);
  const kernel = Array.from({ length: 2 * reach + 1 }, (_, index) =>
    Math.exp(-0.5 * (((index - reach) * width) / sigma) ** 2),
  );
  const weight = kernel.reduce((sum, value) => sum + value, 0);
  const points: Point[] = [];
  for (let index = -reach; index < counts.length + reach; index += 1) {
    let sum = 0;
    for (let step = -reach; step <= reach; step += 1) {
      sum += (counts[index + step] ?? 0) * (kernel[step + reach] ?? 0);
    }
    points.push({ x: from + (index + 0.5) * width, y: total === 0 ? 0 : (100 * sum) / weight / total });
  }
  return points;
}

/** Percent of documents at or above each bin edge: right-CDF of JQL Fig. 15. */
export function rightCdfOutline(bins: Bins): readonly Point[] {
  const total = totalOf(bins.counts);
  let left = total;
  const points: Point[] = [{ x: bins.from, y: total === 0 ? 0 : 100 }];
  for (let index = 0; index < bins.counts.length; index += 1) {
    left -= bins.counts[index] ?? 0;
    points.push({ x: bins.from + (index + 1) * bins.width, y: total === 0 ? 0 : (100 * left) / total });
  }
  return points;
}

export function outlineOf(kind: ShapeKind, bins: Bins): readonly Point[] {
  switch (kind) {
    case 'density':
      return densityOutline(bins);
    case 'histogram':
      return histogramOutline(bins);
    case 'right-cdf':
      return rightCdfOutline(bins);
  }
}

export interface Summary {
  readonly total: number;
  /** Median from the bins, to the width of one. */
  readonly median: number | null;
}

export function summaryOf(bins: Bins): Summary {
  const total = totalOf(bins.counts);
  let seen = 0;
  for (let index = 0; index < bins.counts.length; index += 1) {
    const count = bins.counts[index] ?? 0;
    if (count > 0 && seen + count >= total / 2) {
      return { total, median: bins.from + (index + (total / 2 - seen) / count) * bins.width };
    }
    seen += count;
  }
  return { total, median: null };
}
