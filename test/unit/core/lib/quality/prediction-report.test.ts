// Scores against a truth: what one language, several and none look like. The measures themselves are tested where they are.
import { expect, it } from 'vitest';
import { reportPredictions } from '../../../../../core/lib/quality/prediction-report.ts';

const of = (language: string | null, pairs: readonly (readonly [number, number | null])[]) =>
  pairs.map(([truth, prediction]) => ({ language, truth, prediction }));
const exact = [[0, 0] as const, [3, 3] as const, [5, 5] as const];

it('has no languages beside it when there is one, or none is known', () => {
  for (const language of ['it', null]) {
    const report = reportPredictions(of(language, [...exact, [4, null]]));
    expect(report).toMatchObject({ documents: 3, invalid: 1, mse: 0, macroF1: 1 });
    expect(report).not.toHaveProperty('languages');
  }
});

it('is the plain mean of languages, of which documents of no language are one', () => {
  const report = reportPredictions([
    ...of('it', [...exact, ...exact]),
    ...of(null, [
      [2, 0],
      [4, 2],
      [1, null],
    ]),
  ]);
  expect(report).toMatchObject({
    documents: 8,
    invalid: 1,
    // (0 + 4) / 2, where all documents together have 8 / 8.
    mse: 2,
    mae: 1,
    pooled: { mse: 1, mae: 0.5, documents: 8 },
  });
  const { languages } = report as { languages: Record<string, { mse: number | null; documents: number }> };
  expect(Object.keys(languages).sort()).toEqual(['it', 'und']);
  expect(languages['it']).toMatchObject({ mse: 0, documents: 6 });
  expect(languages['und']).toMatchObject({ mse: 4, documents: 2, invalid: 1 });
});
