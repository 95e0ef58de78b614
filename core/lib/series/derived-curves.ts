// Curves out of curves: how fast one changes, and how far two are apart. Pure columns in, columns out.
import { smooth } from './smoothing.ts';

export interface Curve {
  /** Ascending. */
  readonly x: Float64Array;
  readonly values: Float64Array;
}

/**
 * Change per `unit` of x, between each finite point and the finite one before; the first point has none (NaN), and so has every
 * point whose x did not grow. Smooth first: the derivative of noise is noise.
 */
export function derivativeOf({ x, values }: Curve, unit: number): Float64Array {
  const result = new Float64Array(values.length).fill(Number.NaN);
  let before = -1;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] as number;
    if (!Number.isFinite(value)) continue;
    if (before >= 0) {
      const gap = (x[index] as number) - (x[before] as number);
      if (gap > 0) result[index] = ((value - (values[before] as number)) / gap) * unit;
    }
    before = index;
  }
  return result;
}

/** Smoothed over `span` on x first, where it is above 0. */
export function smoothDerivativeOf(curve: Curve, span: number, unit: number): Float64Array {
  const values = span > 0 ? smooth(curve.x, curve.values, span) : curve.values;
  return derivativeOf({ x: curve.x, values }, unit);
}

/** `minuend` − `subtrahend` at the points of `minuend` that lie within the range of both; x of what is left, and the difference. */
export function differenceOf(minuend: Curve, subtrahend: Curve): Curve {
  const other = onlyFinite(subtrahend);
  const low = other.x[0] ?? Number.POSITIVE_INFINITY;
  const high = other.x.at(-1) ?? Number.NEGATIVE_INFINITY;
  let first = 0;
  while (first < minuend.x.length && (minuend.x[first] as number) < low) first += 1;
  let end = first;
  while (end < minuend.x.length && (minuend.x[end] as number) <= high) end += 1;
  const x = minuend.x.slice(first, end);
  const values = new Float64Array(x.length);
  let at = 0;
  for (let index = 0; index < x.length; index += 1) {
    const here = x[index] as number;
    while (at < other.x.length - 1 && (other.x[at + 1] as number) <= here) at += 1;
    values[index] = (minuend.values[first + index] as number) - interpolated(other, at, here);
  }
  return { x, values };
}

/** The value at `x`, which lies at point `at` or between it and the next. */
function interpolated({ x, values }: Curve, at: number, here: number): number {
  const left = x[at] as number;
  const right = x[at + 1];
  const value = values[at] as number;
  if (right === undefined || right <= left || here <= left) return value;
  return value + (((values[at + 1] as number) - value) * (here - left)) / (right - left);
}

export function onlyFinite({ x, values }: Curve): Curve {
  if (values.every((value) => Number.isFinite(value))) return { x, values };
  const keep: number[] = [];
  for (let index = 0; index < values.length; index += 1) if (Number.isFinite(values[index])) keep.push(index);
  return {
    x: Float64Array.from(keep, (index) => x[index] as number),
    values: Float64Array.from(keep, (index) => values[index] as number),
  };
}
