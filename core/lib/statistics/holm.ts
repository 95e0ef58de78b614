// P-values of many comparisons at once.

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
