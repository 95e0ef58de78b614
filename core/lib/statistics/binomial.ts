// Counts of yes and no: the exact sign test and the Clopper-Pearson interval of a share.
import { regularisedBeta } from './student-t.ts';

/** P(X <= successes) for `trials` throws that succeed with probability `share`. */
function atMost(successes: number, trials: number, share: number): number {
  if (successes >= trials) return 1;
  return regularisedBeta(1 - share, trials - successes, successes + 1);
}

/**
 * Two-sided p-value of `wins` against `losses` when both are equally likely: the sign test, exact, without ties
 * (scipy.stats.binomtest(wins, wins + losses).pvalue). 1 without any.
 */
export function signTest(wins: number, losses: number): number {
  const trials = wins + losses;
  if (trials === 0) return 1;
  return Math.min(1, 2 * atMost(Math.min(wins, losses), trials, 0.5));
}

/**
 * The exact interval of a share after Clopper and Pearson (1934): `low` and `high` in 0 to 1
 * (scipy.stats.binomtest(…).proportion_ci(confidence, 'exact')). 0 to 1 without trials.
 */
export function clopperPearson(
  successes: number,
  trials: number,
  confidence = 0.95,
): { readonly low: number; readonly high: number } {
  const tail = (1 - confidence) / 2;
  const failures = trials - successes;
  return {
    low: successes === 0 ? 0 : betaQuantile(tail, successes, failures + 1),
    high: failures === 0 ? 1 : betaQuantile(1 - tail, successes + 1, failures),
  };
}

/** Halving finds the quantile to the last digit of a double in [0, 1]. */
const HALVINGS = 60;

function betaQuantile(probability: number, a: number, b: number): number {
  let low = 0;
  let high = 1;
  for (let step = 0; step < HALVINGS; step += 1) {
    const middle = (low + high) / 2;
    if (regularisedBeta(middle, a, b) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
