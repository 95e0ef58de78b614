import { describe, expect, it } from 'vitest';
import { differenceOf, derivativeOf } from '../../../../../core/lib/series/derived-curves.ts';
import { partingOf } from '../../../../../core/lib/series/parting.ts';

/** Normal noise that is the same every time (mulberry32, Box–Muller). */
function noiseOf(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

const POINTS = 5000;
const EVERY = 10;
/** A loss as training prints it: falls fast, then slowly, with noise that shrinks. */
function run(seed: number, extra: (step: number) => number = () => 0, every = EVERY) {
  const noise = noiseOf(seed);
  const x = Float64Array.from({ length: (POINTS * EVERY) / every }, (_, index) => (index + 1) * every);
  const values = x.map(
    (step) =>
      2 +
      8 * Math.exp(-step / 1500) +
      1.5 * Math.exp(-step / 20_000) +
      extra(step) +
      noise() * (0.03 + 0.2 * Math.exp(-step / 1000)),
  );
  return { x, values };
}

describe('partingOf', () => {
  it('finds where a run with another learning rate leaves the other one', () => {
    for (const [at, slope] of [
      [20_000, 2e-5],
      [8000, 5e-5],
      [35_000, 4e-5],
    ] as const) {
      const parting = partingOf(
        run(1),
        run(2, (step) => Math.max(0, step - at) * slope),
      );
      // Noise hides a difference until it is about as large as the standard error of its mean.
      expect(parting?.x ?? 0).toBeGreaterThan(at);
      expect(parting?.x ?? 0).toBeLessThan(at + 2500);
      expect(parting?.difference ?? 0).toBeLessThan(0);
    }
  });

  it('does not call noise a difference: two hundred pairs of seeds', () => {
    let parted = 0;
    for (let seed = 10; seed < 210; seed += 1)
      if (partingOf(run(seed), run(seed + 1000))?.x !== null) parted += 1;
    expect(parted).toBeLessThanOrEqual(2);
  });

  it('knows a spike that heals from curves that part', () => {
    const spiked = run(2, (step) => (step > 20_000 && step < 20_400 ? 3 : 0));
    expect(partingOf(run(1), spiked)?.x).toBeNull();
  });

  it('says how far two runs are the very same, and parts there', () => {
    const one = run(5);
    const noise = noiseOf(77);
    const other = {
      x: one.x,
      values: one.values.map((value, index) => (index < 2000 ? value : value + 0.3 + noise() * 0.03)),
    };
    const parting = partingOf(one, other);
    expect(parting?.sameUntil).toBe(one.x[1999]);
    expect(parting?.x).toBe(one.x[2000]);
    expect(parting?.index).toBe(2000);
  });

  it('compares runs that were logged at other steps, and only where both have points', () => {
    const sparse = run(3, (step) => (step > 25_000 ? 0.4 : 0), 50);
    const parting = partingOf(run(1), {
      x: sparse.x.subarray(0, 800),
      values: sparse.values.subarray(0, 800),
    });
    expect(parting?.to).toBe(40_000);
    expect(Math.abs((parting?.x ?? 0) - 25_000)).toBeLessThan(600);
    expect(partingOf(run(1), { x: Float64Array.of(1e9), values: Float64Array.of(1) })).toBeNull();
  });
});

describe('derived curves', () => {
  it('the difference is exact at common points, and leaves out holes and ends', () => {
    const a = { x: Float64Array.of(1, 2, 3, 4, 9), values: Float64Array.of(5, 5, Number.NaN, 5, 5) };
    const b = { x: Float64Array.of(2, 4, 6), values: Float64Array.of(1, 3, Number.NaN) };
    expect(differenceOf(a, b)).toEqual({
      x: Float64Array.of(2, 3, 4),
      values: Float64Array.of(4, Number.NaN, 2),
    });
  });

  it('the derivative of a line is its slope per unit, over holes too', () => {
    const x = Float64Array.of(0, 10, 20, 40, 40);
    const values = Float64Array.of(0, 1, Number.NaN, 4, 4);
    expect([...derivativeOf({ x, values }, 1000)]).toEqual([Number.NaN, 100, Number.NaN, 100, Number.NaN]);
  });
});
