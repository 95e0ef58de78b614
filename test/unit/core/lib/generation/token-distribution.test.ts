// Log-probability, entropy and likeliest tokens against SciPy's log_softmax and entropy of the same logits.
import { describe, expect, it } from 'vitest';
import {
  describeToken,
  likeliest,
  toLogProbabilities,
} from '../../../../../core/lib/generation/token-distribution.ts';

// scipy.special.log_softmax([2, -1, 0.5, 3.25, 3.25, -7]) and scipy.stats.entropy of its exponentials (SciPy 1.16).
const logits = Float32Array.from([2, -1, 0.5, 3.25, 3.25, -7]);
const expected = [
  -2.110664801782832, -5.110664801782832, -3.610664801782832, -0.8606648017828319, -0.8606648017828319,
  -11.110664801782832,
];
const expectedEntropy = 1.112244245088638;

describe('describeToken', () => {
  it('agrees with SciPy', () => {
    for (const [id, value] of expected.entries()) {
      expect(describeToken(logits, id, 2).logProbability).toBeCloseTo(value, 12);
    }
    const { entropy, top } = describeToken(logits, 0, 3);
    expect(entropy).toBeCloseTo(expectedEntropy, 12);
    // Of equal ones the first.
    expect(top.map(({ id }) => id)).toEqual([3, 4, 0]);
  });

  it('takes forbidden tokens and huge logits', () => {
    const forbidden = Float32Array.from([1000, Number.NEGATIVE_INFINITY, 1000]);
    const { logProbability, entropy, top } = describeToken(forbidden, 0, 5);
    expect(logProbability).toBeCloseTo(-Math.LN2, 12);
    expect(entropy).toBeCloseTo(Math.LN2, 12);
    expect(top).toHaveLength(3);
    expect(describeToken(forbidden, 1, 1).logProbability).toBe(Number.NEGATIVE_INFINITY);
  });

  it('sums up to one', () => {
    const logs = toLogProbabilities(Float32Array.from({ length: 5000 }, (_, index) => Math.sin(index) * 9));
    expect(logs.reduce((sum, value) => sum + Math.exp(value), 0)).toBeCloseTo(1, 4);
    expect(likeliest(logs, 3)).toEqual(
      [...logs.keys()].sort((a, b) => (logs[b] ?? 0) - (logs[a] ?? 0)).slice(0, 3),
    );
  });
});
