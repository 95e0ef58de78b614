// The table by language, and how the lab writes numbers and file names.
import { describe, expect, test } from 'vitest';
import type { LanguageResult } from '../../../../../../../core/lib/quality/recipe.ts';
import { firstChoice, withQuantile } from '../../../../../../../renderer/features/data/quality/lab/choice.ts';
import {
  changeText,
  headLabel,
  percentText,
  rangeText,
} from '../../../../../../../renderer/features/data/quality/lab/figures.ts';
import {
  languageRows,
  sortRows,
} from '../../../../../../../renderer/features/data/quality/lab/language-rows.ts';

function figures(documents: number, kept: number, change: number | null): LanguageResult {
  return {
    documents,
    keptDocuments: kept,
    tokens: 100,
    keptTokens: 50,
    fw2Documents: change === null ? null : 5,
    fw2Tokens: change === null ? null : 40,
    tokenChangePercent: change,
  };
}

const choice = withQuantile(
  firstChoice(['score_a', 'score_b']),
  { language: 'fra_Latn', head: 'score_b' },
  0.9,
);
const rows = languageRows(
  {
    thresholds: {},
    languages: {
      spa_Latn: figures(10, 3, null),
      fra_Latn: figures(0, 0, 12.5),
      ita_Latn: figures(10, 5, -3),
      deu_Latn: figures(10, 3, 4),
    },
    total: figures(30, 11, 2),
    meanTokenChangePercent: 4.5,
    cuts: [],
    tokenLabel: 'token_count',
    filter: { heads: [], thresholds: {}, operator: 'gte', rule: { kind: 'all' } },
  },
  choice,
);

describe('rows by language', () => {
  test('carry shares, quantiles of every head, and whether they are exceptions', () => {
    const french = rows.find(({ language }) => language === 'fra_Latn');
    expect(french?.keptShare).toBeNull();
    expect(french?.quantiles).toEqual([0.6, 0.9]);
    expect(rows.filter(({ isOverridden }) => isOverridden).map(({ language }) => language)).toEqual([
      'fra_Latn',
    ]);
  });

  test('what is not known stands last in either direction, equals by name', () => {
    const names = (key: 'kept' | 'change' | 'language', isDescending: boolean) =>
      sortRows(rows, { key, isDescending }).map(({ language }) => language.slice(0, 3));
    expect(names('language', false)).toEqual(['deu', 'fra', 'ita', 'spa']);
    expect(names('kept', true)).toEqual(['ita', 'deu', 'spa', 'fra']);
    expect(names('change', true)).toEqual(['fra', 'deu', 'ita', 'spa']);
    expect(names('change', false)).toEqual(['ita', 'deu', 'fra', 'spa']);
  });
});

describe('texts', () => {
  test('shares and changes', () => {
    expect(percentText(0.20982)).toBe('21.0 %');
    expect(percentText(null)).toBe('–');
    expect([4.84, -15.83, 0.01, null].map(changeText)).toEqual(['+4.8 %', '−15.8 %', '±0.0 %', '–']);
    expect(rangeText([2.4221, 2.1])).toBe('2.10–2.42');
    expect(rangeText([2.1, 2.1])).toBe('2.10');
    expect(rangeText([])).toBeNull();
  });

  test('names of heads', () => {
    expect(['score_gemma', 'metadata.score_Edu-JQL-Gemma-SF', 'score', 'edu_score'].map(headLabel)).toEqual([
      'gemma',
      'Edu-JQL-Gemma-SF',
      'score',
      'edu',
    ]);
  });
});
