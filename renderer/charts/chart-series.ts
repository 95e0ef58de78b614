// What a line chart draws: columns that live outside React, with a name and a fixed colour number.
import { lowerBound } from '../../core/lib/series/search.ts';

export interface ChartSeries {
  readonly id: string;
  readonly label: string;
  /** 0-based number of the series colour; stays with its run everywhere. */
  readonly color: number;
  readonly steps: Float64Array;
  readonly values: Float64Array;
  /** Smoothed values, same length, or null when smoothing is off. */
  readonly smoothed: Float64Array | null;
}

export interface ChartAxes {
  readonly logarithmicX: boolean;
  readonly logarithmicY: boolean;
}

export interface Extent {
  readonly min: number;
  readonly max: number;
}

/** Range of steps over all series; null when there is no point. */
export function stepExtent(series: readonly ChartSeries[]): Extent | null {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const { steps } of series) {
    if (steps.length === 0) continue;
    min = Math.min(min, steps[0] as number);
    max = Math.max(max, steps[steps.length - 1] as number);
  }
  return min <= max ? { min, max } : null;
}

/** Range of finite values (positive ones on a logarithmic axis) inside [from, to]; null when there is none. */
export function valueExtent(
  series: readonly ChartSeries[],
  from: number,
  to: number,
  positiveOnly: boolean,
): Extent | null {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const { steps, values } of series) {
    for (let index = lowerBound(steps, from); index < steps.length; index += 1) {
      if ((steps[index] as number) > to) break;
      const value = values[index] as number;
      if (!Number.isFinite(value) || (positiveOnly && value <= 0)) continue;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  return min <= max ? { min, max } : null;
}

/** A little room above and below, so that the line does not touch the frame; never inverts or collapses. */
export function padExtent(extent: Extent, logarithmic: boolean): Extent {
  if (logarithmic) return { min: extent.min / 1.15, max: extent.max * 1.15 };
  const span = extent.max - extent.min;
  const room = span > 0 ? span * 0.06 : Math.max(Math.abs(extent.max) * 0.05, 1e-9);
  return { min: extent.min - room, max: extent.max + room };
}
