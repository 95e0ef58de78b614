import { describe, expect, it } from 'vitest';
import { findLanguage, languageKey, languages } from '../../../../../core/lib/datasets/language-codes.ts';

describe('language codes', () => {
  it.each([
    ['ro', 'ro'],
    ['ron', 'ro'],
    ['ron_Latn', 'ro'],
    ['RON-LATN', 'ro'],
    ['rum', 'ro'],
    ['sr', 'sr'],
    ['sr-cyrl', 'sr-cyrl'],
    ['sr_Cyrl', 'sr-cyrl'],
    ['srp_Cyrl', 'sr-cyrl'],
    ['srp_Latn', 'sr'],
    ['sh', 'sr'],
    ['lav', 'lv'],
    ['lvs_Latn', 'lv'],
    ['est_Latn', 'et'],
    ['ekk', 'et'],
    ['sqi', 'sq'],
    ['als_Latn', 'sq'],
    ['pt-BR', 'pt'],
    ['zho_Hani', 'zh'],
    [' de ', 'de'],
  ])('%s is %s', (text, code) => {
    expect(languageKey(text)).toBe(code);
  });

  it('leaves what it does not know as it is, and does not take another script for the same', () => {
    expect(languageKey('tlh_Piqd')).toBe('tlh_Piqd');
    expect(findLanguage('')).toBeUndefined();
    expect(findLanguage('deu_Arab')).toBeUndefined();
    expect(findLanguage('constructor')).toBeUndefined();
  });

  it('has the 35 languages of JQL, Serbian once, and 13 that are evaluated', () => {
    expect(languages.filter(({ isEuropean35 }) => isEuropean35)).toHaveLength(35);
    expect(languages.filter(({ isEvaluated }) => isEvaluated)).toHaveLength(13);
    expect(new Set(languages.map(({ fineWeb }) => fineWeb)).size).toBe(languages.length);
  });
});
