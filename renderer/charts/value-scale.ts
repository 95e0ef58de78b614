// A scale with round ends for a few values. Pure.

export interface ValueScale {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
}

const STEPS = [1, 2, 2.5, 5, 10] as const;
const WANTED_TICKS = 5;

/** From 0, or below it where there are values below; a bar that does not begin at 0 lies about its length. */
export function scaleFromZero(values: readonly number[]): ValueScale {
  const high = Math.max(0, ...values);
  const low = Math.min(0, ...values);
  const span = high - low;
  if (!(span > 0) || !Number.isFinite(span)) return { low: 0, high: 1, ticks: [0, 0.25, 0.5, 0.75, 1] };
  const power = 10 ** Math.floor(Math.log10(span / WANTED_TICKS));
  const step = power * (STEPS.find((one) => one * power * WANTED_TICKS >= span) ?? 10);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  // Counted, not added up: 0.1 + 0.2 is no tick.
  const ticks = Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
  return { low: ticks[0] ?? 0, high: ticks.at(-1) ?? 1, ticks };
}
