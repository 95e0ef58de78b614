// The normal distribution: tails and quantiles to the last digits of a double, through the incomplete gamma function.
import { logGamma } from './student-t.ts';

/** Terms of the series and of the continued fraction; both end far earlier in their halves. */
const MAX_TERMS = 1000;

/** Upper regularised incomplete gamma function Q(a, x), x >= 0. */
function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n < MAX_TERMS && Math.abs(term) > Math.abs(sum) * 1e-17; n += 1) {
      term *= x / (a + n);
      sum += term;
    }
    return 1 - front * sum;
  }
  // Lentz's method; nothing here comes near zero for x above a + 1.
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < MAX_TERMS; n += 1) {
    const step = -n * (n - a);
    b += 2;
    d = 1 / (step * d + b);
    c = b + step / c;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return front * fraction;
}

/** P(|Z| >= |z|) (2 * scipy.stats.norm.sf(|z|)). NaN stays NaN. */
export function normalTwoSided(z: number): number {
  if (Number.isNaN(z)) return Number.NaN;
  return Number.isFinite(z) ? upperGamma(0.5, (z * z) / 2) : 0;
}

/** Beyond this a double holds no tail. */
const FARTHEST = 40;
const HALVINGS = 80;

/** The z with P(|Z| <= z) = level: 1.96 for 0.95. Infinity at 1. */
export function normalWidth(level: number): number {
  if (level >= 1) return Number.POSITIVE_INFINITY;
  let low = 0;
  let high = FARTHEST;
  for (let step = 0; step < HALVINGS; step += 1) {
    const middle = (low + high) / 2;
    if (normalTwoSided(middle) > 1 - level) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
