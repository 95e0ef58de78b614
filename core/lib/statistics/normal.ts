// The normal distribution: tails to the last digits of a double, through the incomplete gamma function.
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
