// Which of the training documents a head learns from: as they come, or with the rare ratings as often as there are any.
// Source: JQL trains on 500k documents spread evenly over languages, balanced over the ratings 0–5 or as they come; its sampling
// code is not public, so "as uniform as possible: all of the rare classes, the rest from the frequent ones" is spelled out here.
import { seededRandom, shuffledIndexes } from './random.ts';

export const LABEL_CLASSES = 6;
export type Sampling = 'natural' | 'balanced';

/** How many of each rating 0–5 a language has, and how many of them were taken. */
export interface SampledLanguage {
  readonly language: number;
  readonly available: readonly number[];
  readonly taken: readonly number[];
}

export interface Sample {
  /** Of the candidates, in their order. */
  readonly rows: Int32Array;
  readonly languages: readonly SampledLanguage[];
}

/** 0–5: half up, and what lies outside counts as the nearest. */
export function labelClass(label: number): number {
  return Math.max(0, Math.min(LABEL_CLASSES - 1, Math.floor(label + 0.5)));
}

/**
 * How many to take of each group so that `wanted` are shared as evenly as possible: groups smaller than their share give all,
 * the others fill what is left evenly, the first ones one more where it does not divide. Sums to min(wanted, sum of sizes).
 */
export function evenShares(sizes: readonly number[], wanted: number): readonly number[] {
  const shares = sizes.map(() => 0);
  let left = Math.min(
    wanted,
    sizes.reduce((sum, size) => sum + size, 0),
  );
  let open = sizes.map((_, index) => index).filter((index) => (sizes[index] ?? 0) > 0);
  while (left > 0 && open.length > 0) {
    const share = Math.floor(left / open.length);
    if (share === 0) {
      for (const index of open.slice(0, left)) shares[index] = (shares[index] ?? 0) + 1;
      break;
    }
    for (const index of open) {
      const taken = Math.min(share, (sizes[index] ?? 0) - (shares[index] ?? 0));
      shares[index] = (shares[index] ?? 0) + taken;
      left -= taken;
    }
    open = open.filter((index) => (shares[index] ?? 0) < (sizes[index] ?? 0));
  }
  return shares;
}

/**
 * `limit` documents of `candidates` (rows of `labels` and `languages`), spread evenly over the languages.
 * Balanced without a limit: per language as many of each class as the second largest class has: the most frequent one, which
 * otherwise drowns the others, is cut back to it.
 */
export function sampleRows(options: {
  readonly candidates: Int32Array;
  readonly labels: Float32Array;
  readonly languages: Uint16Array;
  readonly sampling: Sampling;
  /** Null: no limit. */
  readonly limit: number | null;
  readonly seed: number;
}): Sample {
  const { candidates, labels, languages, sampling } = options;
  const groups = new Map<number, number[][]>();
  for (const [place, row] of candidates.entries()) {
    const language = languages[row] ?? 0;
    const classes = groups.get(language) ?? Array.from({ length: LABEL_CLASSES }, (): number[] => []);
    classes[labelClass(labels[row] ?? 0)]?.push(place);
    groups.set(language, classes);
  }
  const names = [...groups.keys()].sort((left, right) => left - right);
  const sizes = names.map((name) => (groups.get(name) ?? []).reduce((sum, places) => sum + places.length, 0));
  const perLanguage = evenShares(sizes, options.limit ?? candidates.length);
  const random = seededRandom(options.seed);
  const chosen: number[] = [];
  const sampled: SampledLanguage[] = [];
  for (const [index, language] of names.entries()) {
    const byClass = groups.get(language) ?? [];
    const wanted = perLanguage[index] ?? 0;
    const counts = byClass.map((places) => places.length);
    const shares =
      sampling === 'balanced'
        ? evenShares(capped(counts, options.limit), wanted)
        : proportional(byClass, wanted, random);
    sampled.push({ language, available: counts, taken: shares });
    for (const [label, places] of byClass.entries()) {
      const taken = shares[label] ?? 0;
      const order = taken === places.length ? null : shuffledIndexes(places.length, random);
      for (let at = 0; at < taken; at += 1) chosen.push(places[order?.[at] ?? at] ?? 0);
    }
  }
  chosen.sort((left, right) => left - right);
  return { rows: Int32Array.from(chosen, (place) => candidates[place] ?? 0), languages: sampled };
}

function capped(counts: readonly number[], limit: number | null): readonly number[] {
  if (limit !== null) return counts;
  const second = [...counts].sort((left, right) => right - left)[1] ?? 0;
  return counts.map((count) => (second === 0 ? count : Math.min(count, second)));
}

/** A plain random sample of the language, told by class. */
function proportional(
  byClass: readonly (readonly number[])[],
  wanted: number,
  random: () => number,
): readonly number[] {
  const labels = byClass.flatMap((places, label) => places.map(() => label));
  if (wanted >= labels.length) return byClass.map((places) => places.length);
  const shares = byClass.map(() => 0);
  for (const index of shuffledIndexes(labels.length, random).subarray(0, wanted)) {
    const label = labels[index] ?? 0;
    shares[label] = (shares[label] ?? 0) + 1;
  }
  return shares;
}
