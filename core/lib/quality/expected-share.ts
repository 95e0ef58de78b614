// What an ensemble is expected to keep when its heads agree so much and no more: heads as equally correlated normal variables.
// A figure to hold the counted share against; the counted one is the truth.

/** Beyond this a normal density is nothing to a double. */
const REACH = 8.5;
const STEPS = 2000;

/**
 * Share of documents that at least `needed` of `heads` heads put at or above their quantile `quantile`, 0–1. `spearman` is the mean
 * of the pairwise coefficients, which for normal variables is (6/π)·asin(r/2). Null where there is no such model: one side out of
 * range, or heads that disagree.
 */
export function expectedShare(
  heads: number,
  needed: number,
  quantile: number,
  spearman: number,
): number | null {
  if (heads < 1 || needed < 1 || needed > heads || !(quantile >= 0 && quantile <= 1)) return null;
  if (quantile === 0) return 1;
  if (quantile === 1) return 0;
  if (heads === 1 || spearman >= 1) return 1 - quantile;
  if (!(spearman >= 0)) return null;
  const correlation = 2 * Math.sin((Math.PI * spearman) / 6);
  const bound = normalQuantile(quantile);
  const [common, own] = [Math.sqrt(correlation), Math.sqrt(1 - correlation)];
  let sum = 0;
  const width = (2 * REACH) / STEPS;
  for (let step = 0; step <= STEPS; step += 1) {
    const shared = -REACH + step * width;
    const passes = 1 - normalShare((bound - common * shared) / own);
    const weight = step === 0 || step === STEPS ? 0.5 : 1;
    sum += weight * density(shared) * atLeast(needed, heads, passes);
  }
  return sum * width;
}

/** Probability of `needed` or more successes in `trials`. */
function atLeast(needed: number, trials: number, probability: number): number {
  let sum = 0;
  let ways = 1;
  for (let successes = 0; successes <= trials; successes += 1) {
    if (successes >= needed)
      sum += ways * probability ** successes * (1 - probability) ** (trials - successes);
    ways = (ways * (trials - successes)) / (successes + 1);
  }
  return sum;
}

function density(value: number): number {
  return Math.exp((-value * value) / 2) / Math.sqrt(2 * Math.PI);
}

/** Share of a normal variable below `value`: the error function by its series, or by its continued fraction far out. */
function normalShare(value: number): number {
  const far = Math.abs(value);
  if (far > REACH) return value > 0 ? 1 : 0;
  if (far < 3) {
    let term = value;
    let sum = value;
    for (let index = 1; Math.abs(term) > 1e-17; index += 1) {
      term *= (value * value) / (2 * index + 1);
      sum += term;
    }
    return 0.5 + sum * density(value);
  }
  let fraction = far;
  for (let index = 40; index >= 1; index -= 1) fraction = far + index / fraction;
  const tail = density(far) / fraction;
  return value > 0 ? 1 - tail : tail;
}

/** By halving: fifty steps are exact to a double, and it is asked once. */
function normalQuantile(share: number): number {
  let low = -REACH;
  let high = REACH;
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (normalShare(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
