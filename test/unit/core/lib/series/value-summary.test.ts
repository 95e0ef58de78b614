import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { envelopeOf } from '../../../../../core/lib/series/envelope.ts';
import { createValueSummary, emptyPiece } from '../../../../../core/lib/series/value-summary.ts';

const plain = (values: readonly number[]) => {
  const finite = values.filter(Number.isFinite);
  return {
    min: Math.min(...finite),
    max: Math.max(...finite),
    notFinite: values.length - finite.length,
  };
};
const someValues = (count: number, seed: number) =>
  Float64Array.from({ length: count }, (_, index) => {
    const noise = Math.sin((index + seed) * 12.9898) * 43_758.5453;
    const share = noise - Math.floor(noise);
    return share < 0.01 ? Number.NaN : share < 0.015 ? Number.POSITIVE_INFINITY : share * 10 - 5;
  });

describe('value summary', () => {
  it('says of any piece what looking at each point says', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 20_000 }),
        fc.nat(),
        fc.nat(),
        fc.nat(1000),
        (count, a, b, seed) => {
          const values = someValues(count, seed);
          const summary = createValueSummary();
          summary.update(values);
          const [from, to] = [a % (count + 1), b % (count + 1)].sort((left, right) => left - right) as [
            number,
            number,
          ];
          const piece = emptyPiece();
          summary.piece(from, to, piece);
          expect(piece).toEqual(plain([...values.subarray(from, to)]));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('grows with its column and starts over when the column is cut', () => {
    const values = someValues(30_000, 7);
    const summary = createValueSummary();
    const piece = emptyPiece();
    for (const length of [10, 63, 64, 5000, 29_999, 30_000, 4097, 12_000]) {
      const column =
        length < 10_000 ? values.map((value) => value * 2).subarray(0, length) : values.subarray(0, length);
      if (length === 12_000) summary.update(values.subarray(0, 0));
      summary.update(column);
      summary.piece(0, length, piece);
      expect(piece).toEqual(plain([...column]));
      summary.update(column.subarray(0, 0));
    }
  });
});

describe('envelope with a summary', () => {
  it('is the same as without one, at every zoom and on both axes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20_000, max: 60_000 }),
        fc.integer({ min: 1, max: 300 }),
        fc.record({
          left: fc.double({ min: 0, max: 0.9, noNaN: true }),
          width: fc.double({ min: 0.05, max: 1, noNaN: true }),
        }),
        fc.boolean(),
        (count, columns, { left, width }, logarithmic) => {
          const steps = Float64Array.from({ length: count }, (_, index) => 1 + index * 3 + (index % 7) * 0.1);
          const values = someValues(count, columns);
          const summary = createValueSummary();
          summary.update(values);
          const last = steps[count - 1] as number;
          const from = 1 + left * last;
          const range = { from, to: from + width * (last - from), columns, logarithmic };
          expect(envelopeOf(steps, values, range, { summary })).toEqual(envelopeOf(steps, values, range));
        },
      ),
      { numRuns: 60 },
    );
  });
});
