// Average ranks: what Spearman's correlation is computed on. Knows nothing about where the values come from.

/**
 * Ranks from 1 to n; tied values share the mean of the positions they occupy (scipy.stats.rankdata, 'average').
 * Values must not be NaN: drop pairs first, then rank (JQL compares only documents valid on both sides).
 */
export function averageRanks(values: ArrayLike<number>): Float64Array {
  const order = Uint32Array.from({ length: values.length }, (_, index) => index);
  order.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranks = new Float64Array(values.length);
  let first = 0;
  while (first < order.length) {
    const value = values[order[first] ?? 0];
    let last = first;
    while (last + 1 < order.length && values[order[last + 1] ?? 0] === value) last += 1;
    const rank = (first + last) / 2 + 1;
    for (let position = first; position <= last; position += 1) ranks[order[position] ?? 0] = rank;
    first = last + 1;
  }
  return ranks;
}
