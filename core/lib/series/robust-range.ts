// A value axis that a few points far away do not decide: the range of the middle 98 %, with a margin, and how many points lie
// outside of a range. Pure.
import { emptyPiece, type ValueSummary } from './value-summary.ts';

/** Values looked at for the quantiles, evenly spaced; the count of what lies outside is exact all the same. */
const SAMPLE = 16_384;
const LOW = 0.01;
const HIGH = 0.99;
/** Share of the middle range that is added on either side. */
const MARGIN = 0.15;
const BLOCK = 1024;

export interface ValuePiece {
  readonly values: Float64Array;
  readonly start: number;
  readonly end: number;
  readonly summary: ValueSummary | null;
}

/**
 * From the 1 % to the 99 % quantile of the finite values, widened by 15 % of that distance on both sides (on a logarithmic axis:
 * of the distance of logarithms). Null when there is no value.
 */
export function robustRange(
  pieces: readonly ValuePiece[],
  logarithmic: boolean,
): { readonly min: number; readonly max: number } | null {
  const total = pieces.reduce((sum, { start, end }) => sum + Math.max(0, end - start), 0);
  const stride = Math.max(1, Math.ceil(total / SAMPLE));
  const sample: number[] = [];
  for (const { values, start, end } of pieces) {
    for (let index = start; index < end; index += stride) {
      const value = values[index] as number;
      if (Number.isFinite(value) && (!logarithmic || value > 0))
        sample.push(logarithmic ? Math.log10(value) : value);
    }
  }
  if (sample.length === 0) return null;
  const sorted = Float64Array.from(sample).sort();
  const low = quantile(sorted, LOW);
  const high = quantile(sorted, HIGH);
  const margin = (high - low) * MARGIN;
  const min = low - margin;
  const max = high + margin;
  return logarithmic ? { min: 10 ** min, max: 10 ** max } : { min, max };
}

/** How many finite values lie below `min` or above `max`; exact. */
export function countOutside(piece: ValuePiece, min: number, max: number): number {
  const { values, start, end, summary } = piece;
  const block = emptyPiece();
  let outside = 0;
  for (let from = start; from < end; from += BLOCK) {
    const to = Math.min(end, from + BLOCK);
    if (summary) {
      summary.piece(from, to, block);
      if (block.min >= min && block.max <= max) continue;
    }
    for (let index = from; index < to; index += 1) {
      const value = values[index] as number;
      if ((value < min || value > max) && Number.isFinite(value)) outside += 1;
    }
  }
  return outside;
}

function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] as number;
  const high = sorted[Math.min(sorted.length - 1, below + 1)] as number;
  return low + (high - low) * (place - below);
}
