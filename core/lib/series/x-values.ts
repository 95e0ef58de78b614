// Where the points of a run stand on an axis of tokens, clock time or time since its start: from columns the run has logged.
// Pure. Steps ascend; so does every x.

/** Known places: x at some steps, both ascending. */
export interface XReference {
  readonly steps: Float64Array;
  readonly x: Float64Array;
}

/**
 * x of every step: exact where the reference has the step, in proportion between two, and continued with the nearest slope
 * before and after. NaN throughout when the reference is empty.
 */
export function xAtSteps(steps: Float64Array, reference: XReference): Float64Array {
  const { steps: known, x } = reference;
  const result = new Float64Array(steps.length);
  if (known.length === 0) return result.fill(Number.NaN);
  let at = 0;
  let highest = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < steps.length; index += 1) {
    const step = steps[index] as number;
    while (at < known.length - 1 && (known[at + 1] as number) <= step) at += 1;
    const value = placeOf(step, at, known, x);
    highest = value > highest ? value : highest;
    result[index] = highest;
  }
  return result;
}

function placeOf(step: number, at: number, known: Float64Array, x: Float64Array): number {
  const left = known[at] as number;
  if (step === left) return x[at] as number;
  if (known.length === 1) return left > 0 ? ((x[at] as number) * step) / left : (x[at] as number);
  const from = Math.min(at, known.length - 2);
  const [a, b] = [known[from] as number, known[from + 1] as number];
  const [low, high] = [x[from] as number, x[from + 1] as number];
  return b > a ? low + ((high - low) * (step - a)) / (b - a) : low;
}

export type TokenSource =
  /** A logged count of tokens, with all its digits. */
  | 'logged'
  /** Steps times the tokens of a step that the run's config says. */
  | 'config'
  /** Steps times the tokens of a step that fit what the log has printed with three digits. */
  | 'estimated';

export interface TokenReference extends XReference {
  readonly source: TokenSource;
}

/** Names under which tools log the tokens seen so far, the most trusted first. */
export const TOKEN_TAGS: readonly string[] = [
  'consumed_tokens',
  'consumed_train_tokens',
  'num_input_tokens_seen',
  'train/num_input_tokens_seen',
  'tokens_seen',
  'total_tokens',
];

/** Tokens at the steps of a run, or null where nothing says them. `perStep` from the run's config, if it is constant. */
export function tokenReference(
  logged: { readonly steps: Float64Array; readonly values: Float64Array } | null,
  perStep: number | null,
): TokenReference | null {
  const isUsable = logged !== null && logged.steps.length > 0;
  if (isUsable && !isRounded(logged.values)) {
    return { steps: logged.steps, x: ascending(logged.values), source: 'logged' };
  }
  if (perStep !== null && perStep > 0) return { ...proportional(perStep), source: 'config' };
  if (!isUsable) return null;
  const fitted = fittedTokensPerStep(logged.steps, logged.values);
  if (fitted !== null) return { ...proportional(fitted), source: 'estimated' };
  return { ...withoutPlateaus(logged.steps, logged.values), source: 'estimated' };
}

function proportional(perStep: number): XReference {
  return { steps: Float64Array.of(0, 1), x: Float64Array.of(0, perStep) };
}

/** Whether every value has at most three digits, as Nanotron prints them: `650B`, `12.3K`. */
function isRounded(values: Float64Array): boolean {
  const newest = values.subarray(Math.max(0, values.length - 200));
  // Few small counts have three digits by themselves.
  return newest.every((value) => value === Number(value.toPrecision(3)));
}

/**
 * Tokens of a step that agree with every printed count, when the batch was constant: each count v of three digits says that the true
 * one lies within half of its last digit. Of the numbers that fit, the one that most twos divide. Null when none fits.
 */
export function fittedTokensPerStep(steps: Float64Array, printed: Float64Array): number | null {
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  for (let index = 0; index < steps.length; index += 1) {
    const step = steps[index] as number;
    const value = printed[index] as number;
    if (!(step > 0) || !(value > 0)) continue;
    const half = 10 ** (Math.floor(Math.log10(value)) - 2) / 2;
    low = Math.max(low, (value - half) / step);
    high = Math.min(high, (value + half) / step);
  }
  if (!Number.isFinite(high) || low > high) return null;
  for (let power = 2 ** Math.floor(Math.log2(high)); power >= 1; power /= 2) {
    const multiple = Math.ceil(low / power) * power;
    if (multiple <= high) return multiple;
  }
  return (low + high) / 2;
}

function withoutPlateaus(steps: Float64Array, values: Float64Array): XReference {
  const keep: number[] = [];
  let highest = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] as number;
    if (!(value > highest)) continue;
    highest = value;
    keep.push(index);
  }
  return {
    steps: Float64Array.from(keep, (index) => steps[index] as number),
    x: Float64Array.from(keep, (index) => values[index] as number),
  };
}

/** The column, where a smaller value never follows a larger one. */
export function ascending(values: Float64Array): Float64Array {
  const result = new Float64Array(values.length);
  let highest = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] as number;
    if (value > highest) highest = value;
    result[index] = highest;
  }
  return result;
}

/** A pause is ten times the usual distance between points, and at least a minute. */
const PAUSE_FACTOR = 10;
const LEAST_PAUSE_MS = 60_000;

/**
 * Seconds since the first point, from Unix ms. `withoutWaits` leaves out the time between attempts: of a gap that is more than ten
 * times the median one, and more than a minute, only a median gap is counted.
 */
export function secondsSinceStart(times: Float64Array, withoutWaits: boolean): Float64Array {
  const clock = ascending(times);
  const start = clock[0] ?? 0;
  const usual = withoutWaits ? medianGap(clock) : 0;
  const limit = Math.max(LEAST_PAUSE_MS, PAUSE_FACTOR * usual);
  let left = 0;
  return clock.map((time, index) => {
    const gap = index === 0 ? 0 : time - (clock[index - 1] as number);
    if (withoutWaits && gap > limit) left += gap - usual;
    return (time - start - left) / 1000;
  });
}

function medianGap(clock: Float64Array): number {
  if (clock.length < 2) return 0;
  const gaps = clock.subarray(1).map((time, index) => time - (clock[index] as number));
  gaps.sort();
  return gaps[Math.floor(gaps.length / 2)] as number;
}
