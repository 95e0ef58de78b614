// Two answers to the same questions: McNemar's test for right and wrong, and a bootstrap of the mean difference for any score.
import { signTest } from './binomial.ts';
import { quantileOfSorted } from './quantile.ts';
import { logGamma } from './student-t.ts';

export interface McNemar {
  /** Two-sided, exact: the sign test on the questions that differ. */
  readonly exact: number;
  /** Two-sided mid-p (Fagerland, Lydersen and Laake 2013): the exact test is too careful where few questions differ. */
  readonly midP: number;
}

/** `onlyFirst` questions were right in the first alone, `onlySecond` in the second alone. Both p-values are 1 without any. */
export function mcNemar(onlyFirst: number, onlySecond: number): McNemar {
  const trials = onlyFirst + onlySecond;
  const exact = signTest(onlyFirst, onlySecond);
  if (trials === 0) return { exact, midP: 1 };
  const fewer = Math.min(onlyFirst, onlySecond);
  const logChoose = logGamma(trials + 1) - logGamma(fewer + 1) - logGamma(trials - fewer + 1);
  const point = Math.exp(logChoose - trials * Math.LN2);
  return { exact, midP: onlyFirst === onlySecond ? 1 - point / 2 : exact - point };
}

export interface MeanDifference {
  /** Mean of second − first. */
  readonly mean: number;
  /** Sample standard deviation of the differences / √n; null below two questions. */
  readonly standardError: number | null;
}

export function meanDifference(differences: ArrayLike<number>): MeanDifference {
  const n = differences.length;
  let sum = 0;
  for (let index = 0; index < n; index += 1) sum += differences[index] ?? 0;
  const mean = n === 0 ? Number.NaN : sum / n;
  if (n < 2) return { mean, standardError: null };
  let squares = 0;
  for (let index = 0; index < n; index += 1) squares += ((differences[index] ?? 0) - mean) ** 2;
  return { mean, standardError: Math.sqrt(squares / (n - 1) / n) };
}

export interface BootstrapOptions {
  readonly resamples: number;
  /** 0.95 for the quantiles at 2.5 % and 97.5 %. */
  readonly level: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

export interface Bootstrap {
  readonly low: number;
  readonly high: number;
  /** Two-sided: twice the share of draws on the rarer side of zero, those at zero counted half; never 0. */
  readonly p: number;
}

/**
 * Percentile interval of the mean difference over questions drawn again and again, with replacement. Null below two questions.
 */
export function pairedBootstrap(
  differences: ArrayLike<number>,
  { resamples, level, random }: BootstrapOptions,
): Bootstrap | null {
  const n = differences.length;
  if (n < 2 || resamples < 1) return null;
  const means = new Float64Array(resamples);
  let below = 0;
  let atZero = 0;
  for (let resample = 0; resample < resamples; resample += 1) {
    let sum = 0;
    for (let draw = 0; draw < n; draw += 1) sum += differences[Math.floor(random() * n)] ?? 0;
    means[resample] = sum / n;
    if (sum < 0) below += 1;
    else if (sum === 0) atZero += 1;
  }
  means.sort();
  const left = below + atZero / 2;
  const share = Math.min(left, resamples - left) / resamples;
  return {
    low: quantileOfSorted(means, (1 - level) / 2),
    high: quantileOfSorted(means, (1 + level) / 2),
    p: Math.min(1, Math.max(2 * share, 1 / resamples)),
  };
}
