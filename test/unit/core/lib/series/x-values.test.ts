import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fittedTokensPerStep,
  secondsSinceStart,
  tokenReference,
  xAtSteps,
} from '../../../../../core/lib/series/x-values.ts';

const range = (count: number, of: (index: number) => number) =>
  Float64Array.from({ length: count }, (_, index) => of(index));

describe('x of steps', () => {
  it('is exact where it is known, in proportion between, and goes on with the slope', () => {
    const reference = { steps: Float64Array.of(10, 20, 40), x: Float64Array.of(100, 200, 800) };
    expect([...xAtSteps(Float64Array.of(5, 10, 15, 30, 40, 50), reference)]).toEqual([
      50, 100, 150, 500, 800, 1100,
    ]);
  });

  it('never goes back', () => {
    const reference = { steps: Float64Array.of(1, 2, 3, 4), x: Float64Array.of(10, 30, 20, 40) };
    expect([...xAtSteps(Float64Array.of(1, 2, 3, 4), reference)]).toEqual([10, 30, 30, 40]);
  });
});

describe('tokens of a run', () => {
  const printed = (value: number) => Number(value.toPrecision(3));

  it('finds the tokens of a step behind counts that were printed with three digits', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2000 }),
        fc.constantFrom(512, 1024, 2048, 4096),
        fc.integer({ min: 1, max: 20 }),
        (batch, length, every) => {
          const perStep = batch * length;
          const steps = range(2000, (index) => 1 + index * every);
          const found =
            fittedTokensPerStep(
              steps,
              steps.map((step) => printed(step * perStep)),
            ) ?? 0;
          expect(Math.abs(found - perStep) / perStep).toBeLessThan(0.001);
        },
      ),
    );
    const steps = range(1500, (index) => 1 + index * 100);
    expect(
      fittedTokensPerStep(
        steps,
        steps.map((step) => printed(step * 1_572_864)),
      ),
    ).toBe(1_572_864);
  });

  it('says where the numbers are from', () => {
    const steps = range(100, (index) => index + 1);
    const exact = { steps, values: steps.map((step) => step * 1_572_864) };
    const rounded = { steps, values: exact.values.map(printed) };
    expect(tokenReference(exact, 5)?.source).toBe('logged');
    expect(tokenReference(rounded, 1_572_864)?.source).toBe('config');
    expect(tokenReference(rounded, null)?.source).toBe('estimated');
    expect(tokenReference(null, null)).toBeNull();
    const tokens = xAtSteps(steps, tokenReference(rounded, null) ?? { steps, x: steps });
    expect([...tokens]).toEqual([...exact.values]);
  });

  it('follows a batch that grows, although its counts were rounded', () => {
    const steps = range(1000, (index) => index + 1);
    const truth = steps.map((step) => (step < 500 ? step * 1000 : 500_000 + (step - 500) * 4000));
    const reference = tokenReference({ steps, values: truth.map(printed) }, null);
    const tokens = xAtSteps(steps, reference ?? { steps, x: steps });
    expect(
      Math.max(...tokens.map((token, index) => Math.abs(token - (truth[index] ?? 0)) / (truth[index] ?? 1))),
    ).toBeLessThan(0.02);
  });
});

describe('time since start', () => {
  const second = (count: number, from: number) => range(count, (index) => from + index * 1000);

  it('counts seconds, with or without the wait between two attempts', () => {
    const times = Float64Array.from([...second(100, 1e12), ...second(100, 1e12 + 7_200_000)]);
    expect(secondsSinceStart(times, false).at(-1)).toBe(7299);
    expect(secondsSinceStart(times, true).at(-1)).toBe(199);
  });

  it('keeps pauses that are short, and a clock that was set back stands still', () => {
    const times = Float64Array.of(0, 1000, 40_000, 39_000, 41_000);
    expect([...secondsSinceStart(times, true)]).toEqual([0, 1, 40, 40, 41]);
  });
});
