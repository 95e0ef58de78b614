// Where the ticks of an axis stand: round values, and powers of ten on a logarithmic one. Pure.
import type { Extent } from './chart-series.ts';
import { ticksOf } from './linear-scale.ts';

/** At most `count` ticks or so inside the range. */
export function axisTicks(range: Extent, logarithmic: boolean, count: number): readonly number[] {
  if (!logarithmic || range.min <= 0) return ticksOf(range.min, range.max, count);
  const first = Math.ceil(Math.log10(range.min) - 1e-9);
  const last = Math.floor(Math.log10(range.max) + 1e-9);
  const decades = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => 10 ** (first + index));
  if (decades.length > count) {
    const step = Math.ceil(decades.length / count);
    return decades.filter((_, index) => index % step === 0);
  }
  if (decades.length >= 3) return decades;
  // Less than two decades: the halves and fifths between them too.
  return Array.from({ length: last - first + 3 }, (_, index) => 10 ** (first - 1 + index))
    .flatMap((decade) => [decade, 2 * decade, 5 * decade])
    .map((tick) => Number(tick.toPrecision(12)))
    .filter((tick) => tick >= range.min && tick <= range.max);
}
