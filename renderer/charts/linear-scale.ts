// A linear axis: values to pixels and back, and where its ticks stand. Pure.

export interface LinearScale {
  readonly from: number;
  readonly to: number;
  /** Pixels of `from` and `to`. */
  readonly start: number;
  readonly end: number;
}

export function toPixels(scale: LinearScale, value: number): number {
  const span = scale.to - scale.from;
  return span === 0 ? scale.start : scale.start + ((value - scale.from) / span) * (scale.end - scale.start);
}

export function toValue(scale: LinearScale, pixels: number): number {
  const span = scale.end - scale.start;
  return span === 0 ? scale.from : scale.from + ((pixels - scale.start) / span) * (scale.to - scale.from);
}

/** Finer than this the numbers of a narrow axis would touch. */
const MAX_TRIED = 16;
const STEPS = [1, 2, 5, 10] as const;

/** Round values inside [from, to], `count` of them or so; two at least, where there are two: one number is no axis. */
export function ticksOf(from: number, to: number, count: number): readonly number[] {
  const span = to - from;
  if (!(span > 0)) return [from];
  const raw = span / Math.max(1, count);
  const magnitude = 10 ** Math.floor(Math.log10(raw));
  const step = (STEPS.find((candidate) => candidate * magnitude >= raw) ?? 10) * magnitude;
  const ticks: number[] = [];
  for (let index = Math.ceil(from / step - 1e-9); index * step <= to + step * 1e-9; index += 1) {
    // Through toPrecision: 3 * 0.1 is not 0.3.
    ticks.push(Number((index * step).toPrecision(12)));
  }
  return ticks.length < 2 && count < MAX_TRIED ? ticksOf(from, to, 2 * count) : ticks;
}
