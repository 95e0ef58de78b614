// Histogram edges and counting. Intervals are left-closed; the last one is closed on both sides (numpy.histogram).

/** `bins + 1` equally spaced edges from `low` to `high`; a single value gets a width of 1 around it, as NumPy does. */
export function histogramEdges(low: number, high: number, bins: number): readonly number[] {
  if (!Number.isInteger(bins) || bins < 1) throw new RangeError('A histogram needs at least one bin');
  if (!Number.isFinite(low) || !Number.isFinite(high) || low > high) {
    throw new RangeError('A histogram needs a finite range');
  }
  const first = low === high ? low - 0.5 : low;
  const last = low === high ? high + 0.5 : high;
  const span = last - first;
  const edges = Array.from({ length: bins }, (_, index) =>
    // A span beyond the largest double is shared out before it is added up.
    Number.isFinite(span)
      ? first + index * (span / bins)
      : first * (1 - index / bins) + last * (index / bins),
  );
  return [...edges, last];
}

/**
 * Bin of a value inside the range of `edges`, or -1 outside. The quotient only proposes a bin: rounding may miss by one,
 * so the edges themselves decide.
 */
export function binOf(value: number, edges: readonly number[]): number {
  const bins = edges.length - 1;
  const first = edges[0] ?? Number.NaN;
  const last = edges[bins] ?? Number.NaN;
  if (!(value >= first && value <= last)) return -1;
  const share = value / (last - first) - first / (last - first);
  let bin = Math.min(bins - 1, Math.max(0, Math.floor(share * bins)));
  while (bin > 0 && value < (edges[bin] ?? 0)) bin -= 1;
  while (bin < bins - 1 && value >= (edges[bin + 1] ?? 0)) bin += 1;
  return bin;
}

/** Counts per bin; values outside the edges and NaN are not counted. */
export function histogramCounts(values: ArrayLike<number>, edges: readonly number[]): readonly number[] {
  const counts = Array.from({ length: edges.length - 1 }, () => 0);
  for (let index = 0; index < values.length; index += 1) {
    const bin = binOf(values[index] ?? Number.NaN, edges);
    if (bin >= 0) counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}
