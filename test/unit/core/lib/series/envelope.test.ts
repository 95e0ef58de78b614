import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { envelopeOf } from '../../../../../core/lib/series/envelope.ts';

describe('envelopeOf', () => {
  it('keeps a single spike among a million points', () => {
    const count = 1_000_000;
    const steps = Float64Array.from({ length: count }, (_, index) => index);
    const values = new Float64Array(count).fill(2);
    values[123_457] = 99;
    const envelope = envelopeOf(steps, values, { from: 0, to: count - 1, columns: 1200 });
    expect(Math.max(...envelope.max)).toBe(99);
    expect(envelope.points).toBe(count);
    expect(envelope.count.reduce((sum, one) => sum + one, 0)).toBe(count);
  });

  it('bounds every finite point of its column and counts the others', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noDefaultInfinity: false }), { minLength: 1, maxLength: 300 }),
        fc.integer({ min: 1, max: 40 }),
        (list, columns) => {
          const steps = Float64Array.from(list, (_, index) => index);
          const values = Float64Array.from(list);
          const to = Math.max(1, list.length - 1);
          const envelope = envelopeOf(steps, values, { from: 0, to, columns });
          const finite = list.filter(Number.isFinite);
          expect(envelope.notFinite).toBe(list.length - finite.length);
          list.forEach((value, index) => {
            if (!Number.isFinite(value)) return;
            const column = Math.min(columns - 1, Math.floor((index / to) * columns));
            expect(envelope.min[column]).toBeLessThanOrEqual(value);
            expect(envelope.max[column]).toBeGreaterThanOrEqual(value);
          });
        },
      ),
    );
  });

  it('looks only at the range, so that zooming brings detail back', () => {
    const steps = Float64Array.of(0, 10, 20, 30);
    const values = Float64Array.of(1, 5, 3, 9);
    const envelope = envelopeOf(steps, values, { from: 10, to: 20, columns: 2 });
    expect([...envelope.first]).toEqual([5, 3]);
    expect(envelope.points).toBe(2);
  });
});
