// Is the second better? As a sentence: with a paired test, with standard errors alone, and where it cannot be said, why.
import { describe, expect, test } from 'vitest';
import { compareResults } from '../../../../../support/compare-results.ts';
import {
  comparisonSentence,
  intervalOf,
  signed,
} from '../../../../../../core/lib/evaluations/progress/comparison-words.ts';
import type { EvaluationResult } from '../../../../../../core/lib/evaluations/result.ts';

const names = { first: 'v2-95k', second: 'v2-365k' };
const options = { resamples: 500, seed: 1 };

const result = (value: number, change: Partial<EvaluationResult> = {}): EvaluationResult => ({
  task: 'hellaswag_it',
  isGroup: false,
  version: '1',
  shots: 0,
  filter: 'none',
  metric: 'acc_norm',
  value,
  standardError: 0.005,
  samples: 100,
  available: 100,
  higherIsBetter: true,
  harness: 'lm-eval',
  harnessVersion: '0.4.13',
  chatTemplate: 'none',
  systemPrompt: 'none',
  limit: 'none',
  taskHash: null,
  model: 'x',
  measuredMs: 1,
  source: { path: 'results.json', sha256: null },
  ...change,
});

const questions = (rights: number) =>
  Array.from({ length: 100 }, (_, id) => ({ id, documentHash: null, score: id < rights ? 1 : 0 }));

const said = (first: EvaluationResult, second: EvaluationResult, rights: [number, number] | null = null) => {
  const [compared] = compareResults(
    [{ first, second, questions: rights === null ? null : [questions(rights[0]), questions(rights[1])] }],
    options,
  );
  if (compared === undefined) throw new Error('Nothing was compared');
  return { ...comparisonSentence(compared, names), interval: intervalOf(compared) };
};

describe('a comparison in words', () => {
  test('of the same questions says who won how many', () => {
    const { sentence, verdict, remarks } = said(result(0.3), result(0.5), [30, 50]);
    expect(verdict).toBe('better');
    expect(sentence).toMatch(
      /^v2-365k is better than v2-95k on hellaswag_it: acc_norm \+0\.2000 \(95 % from \+0\.\d{4} to \+0\.\d{4}\), McNemar’s mid-p over 100 questions both answered: 20 won, 0 lost, p < 0\.0001$/,
    );
    expect(remarks).toEqual([]);
    expect(said(result(0.5), result(0.3), [50, 30])).toMatchObject({ verdict: 'worse' });
    expect(said(result(0.3), result(0.31), [30, 31]).sentence).toMatch(
      /^No difference can be seen between v2-95k and v2-365k/,
    );
  });

  test('of standard errors alone says that a paired test would be sharper', () => {
    const { sentence, remarks, interval } = said(result(0.3), result(0.35));
    // z = 0.05 / √(2 · 0.005²)
    expect(sentence).toContain('standard errors, z = 7.07');
    expect(interval?.low).toBeCloseTo(0.05 - 1.96 * 0.005 * Math.SQRT2, 12);
    expect(remarks[0]).toContain('a paired test of the same questions would be sharper');
  });

  test('that cannot be made says why', () => {
    expect(said(result(0.3), result(0.5, { shots: 5 })).sentence).toBe(
      'It cannot be said whether v2-365k is better than v2-95k on hellaswag_it: the numbers answer different questions. The number of examples differs: 0-shot, 5-shot',
    );
    expect(said(result(0.3, { standardError: null }), result(0.5)).sentence).toBe(
      'It cannot be said whether v2-365k is better than v2-95k on hellaswag_it: there are neither answers to the same questions nor standard errors on both sides',
    );
  });

  test('names what only one side says', () => {
    const { remarks } = said(result(0.3, { chatTemplate: 'unknown' }), result(0.5));
    expect(remarks).toContain('The chat template is known on one side only: unknown, none');
  });

  test('signs differences as they are read', () => {
    expect([signed(0.02984), signed(-0.0104), signed(-0.00001), signed(0)]).toEqual([
      '+0.0298',
      '−0.0104',
      '0.0000',
      '0.0000',
    ]);
  });
});
