// The rule by which the published heads stopped, told as sequences of evaluations.
import { describe, expect, it } from 'vitest';
import { judgeEvaluation, noEvaluationYet } from '../../../../../core/lib/jql/early-stop.ts';
import { evaluate } from '../../../../../core/lib/jql/evaluation.ts';

const rule = { patience: 5, minimumGain: 1e-3 };

/** Number of the evaluation after which it is enough, and of the best one. */
function follow(values: readonly number[]): { readonly ended: number | null; readonly best: number | null } {
  let state = noEvaluationYet;
  let best: number | null = null;
  for (const [index, value] of values.entries()) {
    const judged = judgeEvaluation(state, value, rule);
    state = judged;
    if (judged.isBest) best = index + 1;
    if (judged.isEnough) return { ended: index + 1, best };
  }
  return { ended: null, best };
}

describe('early stop', () => {
  it('ends after five bad evaluations in a row; the first sets the best', () => {
    expect(follow([0.5, 0.5, 0.5, 0.5, 0.5, 0.5])).toEqual({ ended: 6, best: 1 });
    expect(follow([0.5, 0.4, 0.4, 0.4, 0.4, 0.6, 0.4])).toEqual({ ended: null, best: 6 });
  });

  it('counts a gain below the least one as bad, and keeps its head', () => {
    // Each is 0.0005 better than the best before it.
    const creeping = [0.5, 0.5005, 0.501, 0.5015, 0.502, 0.5025, 0.503];
    expect(follow(creeping)).toEqual({ ended: 6, best: 6 });
    // Exactly the least gain is one.
    expect(judgeEvaluation({ best: 0.5, badInARow: 4 }, 0.501, rule)).toMatchObject({ badInARow: 0 });
  });

  it('takes NaN as bad, never as best', () => {
    expect(follow([Number.NaN, Number.NaN, Number.NaN, Number.NaN, Number.NaN])).toEqual({
      ended: 5,
      best: null,
    });
    expect(follow([Number.NaN, 0.1])).toEqual({ ended: null, best: 2 });
  });
});

describe('evaluation', () => {
  it('tells languages apart, and leaves those that cannot be ranked out of the mean', () => {
    const found = evaluate(Float32Array.of(1, 2, 3, 3, 2, 1, 5), {
      labels: Float32Array.of(1, 2, 3, 1, 2, 3, 4),
      languages: Uint16Array.of(0, 0, 0, 2, 2, 2, 1),
      languageNames: ['deu', 'fra', 'ita'],
    });
    expect(found.languages).toEqual([
      { language: 'deu', documents: 3, spearman: 1 },
      { language: 'fra', documents: 1, spearman: Number.NaN },
      { language: 'ita', documents: 3, spearman: -1 },
    ]);
    expect(found.meanSpearman).toBe(0);
    expect(found.pooledSpearman).toBeGreaterThan(0);
    expect(found.loss).toBeCloseTo((4 + 0 + 4 + 1) / 7, 10);
  });
});
