// The round end of a diverging axis that holds every value of a table. Pure.

const SMALLEST_LIMIT_PERCENT = 10;
const ROUND = [1, 2, 5, 10] as const;

/** 10, 20, 50, 100, … percent: at least the largest absolute value. */
export function barLimitOf(values: readonly (number | null)[]): number {
  let most = 0;
  for (const value of values) {
    if (value !== null && Number.isFinite(value)) most = Math.max(most, Math.abs(value));
  }
  if (most <= SMALLEST_LIMIT_PERCENT) return SMALLEST_LIMIT_PERCENT;
  const magnitude = 10 ** Math.floor(Math.log10(most));
  return (ROUND.find((candidate) => candidate * magnitude >= most) ?? 10) * magnitude;
}
