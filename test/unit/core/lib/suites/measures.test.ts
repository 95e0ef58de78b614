// When a measure moved more than its noise: against SciPy's paired t statistic, and at the edges.
import { describe, expect, it } from 'vitest';
import { changeOf, NOISE_ERRORS } from '../../../../../core/lib/suites/measures.ts';

const units = (values: readonly number[]) => new Map(values.map((value, index) => [`p${index}`, value]));

describe('a change', () => {
  it('is compared with the scatter of the differences, as scipy.stats.ttest_rel does', () => {
    // ttest_rel(after, before).statistic is 3.464101615137755 here: a mean of 6/11 over a standard error of 0.1574591643244434.
    const before = units([0, 0, 0, 0, 1, 1, 0, 0, 1, 0, 0]);
    const after = units([1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0]);
    const change = changeOf(before, after);
    expect(change?.difference).toBeCloseTo(6 / 11, 12);
    expect(change?.noise).toBeCloseTo(NOISE_ERRORS * 0.1574591643244434, 10);
    expect(change?.moved).toEqual(['p0', 'p1', 'p2', 'p3', 'p6', 'p7']);
  });

  it('is none within the noise', () => {
    expect(changeOf(units([1, 1, 1, 1, 0, 0, 0, 0]), units([1, 1, 1, 0, 1, 0, 0, 0]))).toBeNull();
    expect(changeOf(units([1, 1, 1, 1, 1, 1]), units([0, 1, 1, 1, 1, 1]))).toBeNull();
  });

  it('needs five prompts in common', () => {
    expect(changeOf(units([1, 1, 1, 1]), units([0, 0, 0, 0]))).toBeNull();
    const change = changeOf(units([1, 1, 1, 1, 1]), units([0, 0, 0, 0, 0]));
    expect(change).toMatchObject({ difference: -1, noise: 0, units: 5 });
  });

  it('is none when nothing moved, also by rounding', () => {
    expect(changeOf(units([0.1, 0.2, 0.3, 0.4, 0.5]), units([0.1, 0.2, 0.3, 0.4, 0.5]))).toBeNull();
    expect(changeOf(units([0.3, 0.3, 0.3, 0.3, 0.3]), units([0.1 + 0.2, 0.3, 0.3, 0.3, 0.3]))).toBeNull();
  });
});
