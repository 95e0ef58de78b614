// "Did you mean": the nearest known word. Exports: nearest. Knows nothing about configs.

/** Damerau-Levenshtein distance (insert, delete, replace, swap of neighbours), given up above `limit`. */
function distance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const same = left[i - 1] === right[j - 1];
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1];
      if (swapped) best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[right.length] ?? 0;
}

const normal = (word: string) => word.toLowerCase().replaceAll(/[-_\s.]/g, '');

/** The candidate nearest to a word, or null when none is near: at most one slip in three letters. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const limit = Math.max(1, Math.floor(word.length / 3));
  let best: { readonly candidate: string; readonly distance: number } | null = null;
  for (const candidate of candidates) {
    const found =
      normal(word) === normal(candidate) ? 0 : distance(word.toLowerCase(), candidate.toLowerCase(), limit);
    if (found <= limit && (best === null || found < best.distance)) best = { candidate, distance: found };
  }
  return best?.candidate ?? null;
}
