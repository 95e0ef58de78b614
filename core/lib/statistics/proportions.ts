// Shares of right answers: Wilson's interval, and p-values of many comparisons at once.
import { normalWidth } from './normal.ts';

/**
 * Wilson's score interval (1927) of a share (statsmodels proportion_confint(…, method='wilson')); 0 to 1 without trials.
 * `successes` need not be whole.
 */
export function wilson(
  successes: number,
  trials: number,
  confidence = 0.95,
): { readonly low: number; readonly high: number } {
  if (trials === 0) return { low: 0, high: 1 };
  const z = normalWidth(confidence);
  const share = successes / trials;
  const shrink = 1 + (z * z) / trials;
  const centre = (share + (z * z) / (2 * trials)) / shrink;
  const half = (z * Math.sqrt((share * (1 - share) + (z * z) / (4 * trials)) / trials)) / shrink;
  return {
    low: successes === 0 ? 0 : Math.max(0, centre - half),
    high: successes === trials ? 1 : Math.min(1, centre + half),
  };
}

/** Holm's step-down p-values (1979) in the order given: they hold together, whatever depends on what. */
export function holm(pValues: readonly number[]): readonly number[] {
  const order = pValues.map((_, index) => index).toSorted((a, b) => (pValues[a] ?? 1) - (pValues[b] ?? 1));
  const adjusted = pValues.map(() => 1);
  let largest = 0;
  for (const [place, index] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (pValues[index] ?? 1) * (pValues.length - place)));
    adjusted[index] = largest;
  }
  return adjusted;
}
