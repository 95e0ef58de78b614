// Where two curves part: the first place from which on their smoothed difference is larger than their noise explains.
//
// Definition. On the x both have (tokens or steps), d = a − b at the points of the first curve, b interpolated. D is the debiased
// exponential mean of d over `span`. The noise of d is measured where it is, as the exponential mean of |d − D| over five spans
// (times √(π/2): the standard deviation of a normal noise). The standard error of D is that noise times √(Σw²)/Σw of the mean's own
// weights. The curves part at the first x at which |D| exceeds SIGMAS standard errors and stays above half of that, with the same
// sign, for HOLD spans or up to the end, at least one span; and the median of d over the later half of that stretch has to exceed it
// too, so that a spike that heals is none. D lags: the true place lies within about one span before.
import { type Curve, differenceOf, onlyFinite } from './derived-curves.ts';

const SIGMAS = 5;
const HOLD_SPANS = 3;
const NOISE_SPANS = 5;
/** Fewer common points say nothing. */
const LEAST_POINTS = 20;
/** Share of the common range that is smoothed over when nothing else is asked for. */
const DEFAULT_SPAN = 0.01;

export interface Parting {
  /** x of the first curve; null when they do not part within what both have. */
  readonly x: number | null;
  /** Index of that point in the first curve. */
  readonly index: number | null;
  /** The smoothed difference there, and at the end of what both have. */
  readonly difference: number | null;
  readonly atEnd: number;
  /** Both have the very same values up to here (the same seed and data); null when they never had. */
  readonly sameUntil: number | null;
  /** Over which distance it was smoothed. */
  readonly span: number;
  /** The part of x that both have. */
  readonly from: number;
  readonly to: number;
}

/** Null when the curves have too few points in common. `span` in units of x; 1 % of the common range when it is 0. */
export function partingOf(first: Curve, second: Curve, span = 0): Parting | null {
  const own = onlyFinite(first);
  const { x, values } = differenceOf(own, second);
  if (x.length < LEAST_POINTS) return null;
  const from = x[0] as number;
  const to = x[x.length - 1] as number;
  if (to <= from) return null;
  const used = span > 0 ? span : (to - from) * DEFAULT_SPAN;
  const { mean, error } = smoothedDifference(x, values, used);
  const place = firstHold({ x, values, mean, error }, used);
  const here = place === null ? null : (x[place] as number);
  return {
    x: here,
    index: here === null ? null : first.x.indexOf(here),
    difference: place === null ? null : (mean[place] as number),
    atEnd: mean[mean.length - 1] as number,
    sameUntil: sameUntil(x, values),
    span: used,
    from,
    to,
  };
}

function smoothedDifference(
  x: Float64Array,
  values: Float64Array,
  span: number,
): { readonly mean: Float64Array; readonly error: Float64Array } {
  const mean = new Float64Array(x.length);
  const error = new Float64Array(x.length).fill(Number.POSITIVE_INFINITY);
  let [weighted, weight, squares, noise, noiseWeight] = [0, 0, 0, 0, 0];
  for (let index = 0; index < x.length; index += 1) {
    const value = values[index] as number;
    const gap =
      index === 0 ? (x[1] as number) - (x[0] as number) : (x[index] as number) - (x[index - 1] as number);
    const decay = Math.exp(-gap / span);
    const share = 1 - decay;
    weighted = weighted * decay + value * share;
    weight = weight * decay + share;
    squares = squares * decay * decay + share * share;
    const middle = weight > 0 ? weighted / weight : value;
    mean[index] = middle;
    const noiseDecay = Math.exp(-gap / (span * NOISE_SPANS));
    noise = noise * noiseDecay + Math.abs(value - middle) * (1 - noiseDecay);
    noiseWeight = noiseWeight * noiseDecay + (1 - noiseDecay);
    // Before a few points of noise are known, nothing is called a difference.
    if (index >= LEAST_POINTS / 2 && noiseWeight > 0 && weight > 0) {
      const deviation = (noise / noiseWeight) * Math.sqrt(Math.PI / 2);
      error[index] = (deviation * Math.sqrt(squares)) / weight;
    }
  }
  return { mean, error };
}

interface Differences {
  readonly x: Float64Array;
  readonly values: Float64Array;
  readonly mean: Float64Array;
  readonly error: Float64Array;
}

function firstHold({ x, values, mean, error }: Differences, span: number): number | null {
  const last = x[x.length - 1] as number;
  const holds = (start: number, end: number) => {
    const later = values.subarray((start + end + 1) >> 1, end + 1);
    const middle = medianOf(later);
    const least = SIGMAS * (error[start] as number);
    return Math.sign(middle) === Math.sign(mean[start] as number) && Math.abs(middle) >= least;
  };
  let start: number | null = null;
  for (let index = 0; index < x.length; index += 1) {
    const difference = mean[index] as number;
    const threshold = SIGMAS * (error[index] as number);
    if (start !== null) {
      const isSame = Math.sign(difference) === Math.sign(mean[start] as number);
      if (!isSame || Math.abs(difference) < threshold / 2) start = null;
      else if ((x[index] as number) - (x[start] as number) >= HOLD_SPANS * span) {
        if (holds(start, index)) return start;
        start = null;
      }
    }
    if (start === null && Math.abs(difference) > threshold && difference !== 0) start = index;
  }
  if (start === null || last - (x[start] as number) < span) return null;
  return holds(start, x.length - 1) ? start : null;
}

function medianOf(values: Float64Array): number {
  const sorted = values.filter((value) => Number.isFinite(value)).sort();
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** Last x of a common beginning of at least three equal values. */
function sameUntil(x: Float64Array, values: Float64Array): number | null {
  let same = 0;
  while (same < values.length && values[same] === 0) same += 1;
  return same >= 3 ? (x[same - 1] as number) : null;
}
