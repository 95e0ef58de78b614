// From a score to its quantile and back, by the bins of one head's distribution: what a dragged handle needs at once.
// Good to a fraction of a bin; the exact threshold comes from core. Pure.
import type { Distribution } from '../../../../../core/api/quality-distributions.ts';

/** Share of documents below the score. */
export function quantileAtScore({ edges, all }: Pick<Distribution, 'edges' | 'all'>, score: number): number {
  if (all.documents === 0) return 0;
  let seen = all.below;
  for (let index = 0; index < all.counts.length; index += 1) {
    const from = edges[index] ?? 0;
    const to = edges[index + 1] ?? from;
    const count = all.counts[index] ?? 0;
    if (score < to) {
      const part = to > from ? Math.max(0, (score - from) / (to - from)) : 0;
      return Math.min(1, (seen + count * part) / all.documents);
    }
    seen += count;
  }
  return 1;
}

/** The score below which the share lies; null without documents. */
export function scoreAtQuantile(
  { edges, all }: Pick<Distribution, 'edges' | 'all'>,
  quantile: number,
): number | null {
  if (all.documents === 0) return null;
  const wanted = quantile * all.documents;
  let seen = all.below;
  for (let index = 0; index < all.counts.length; index += 1) {
    const count = all.counts[index] ?? 0;
    if (count > 0 && seen + count >= wanted) {
      const from = edges[index] ?? 0;
      const to = edges[index + 1] ?? from;
      return from + Math.min(1, Math.max(0, (wanted - seen) / count)) * (to - from);
    }
    seen += count;
  }
  return edges.at(-1) ?? null;
}
