// What is chosen in the quality lab: scopes, exceptions, heads, and how a link says it.
import { describe, expect, test } from 'vitest';
import {
  choiceText,
  firstChoice,
  isHeadOverridden,
  isLanguageOverridden,
  overrideCount,
  quantileOf,
  quantileText,
  withHead,
  withoutHead,
  withoutLanguage,
  withoutOverrides,
  withQuantile,
} from '../../../../../../../renderer/features/data/quality/lab/choice.ts';
import {
  readLink,
  saysSomething,
  writeLink,
} from '../../../../../../../renderer/features/data/quality/lab/link.ts';

const heads = ['score_gemma', 'score_mistral', 'score_llama'];
const base = firstChoice(heads);

describe('a choice', () => {
  test('the most particular quantile wins, and a whole language replaces what was set inside it', () => {
    let choice = withQuantile(base, { language: null, head: null }, 0.7);
    choice = withQuantile(choice, { language: null, head: 'score_llama' }, 0.8);
    choice = withQuantile(choice, { language: 'ita_Latn', head: 'score_gemma' }, 0.5);
    expect(quantileOf(choice.quantiles, 'ita_Latn', 'score_gemma')).toBe(0.5);
    expect(quantileOf(choice.quantiles, 'ita_Latn', 'score_llama')).toBe(0.8);
    expect(quantileOf(choice.quantiles, 'fra_Latn', 'score_gemma')).toBe(0.7);
    expect(quantileOf(choice.quantiles, null, 'score_llama')).toBe(0.8);
    choice = withQuantile(choice, { language: 'ita_Latn', head: null }, 0.65);
    expect(choice.quantiles.perLanguageAndHead).toEqual({});
    expect(quantileOf(choice.quantiles, 'ita_Latn', 'score_gemma')).toBe(0.65);
  });

  test('exceptions are counted, marked and taken back one by one or together', () => {
    let choice = withQuantile(base, { language: 'ita_Latn', head: null }, 0.5);
    choice = withQuantile(choice, { language: 'fra_Latn', head: 'score_gemma' }, 0.4);
    choice = withQuantile(choice, { language: null, head: 'score_llama' }, 0.3);
    expect(overrideCount(choice)).toBe(3);
    expect(isLanguageOverridden(choice, 'fra_Latn')).toBe(true);
    expect(isHeadOverridden(choice, 'score_gemma', 'fra_Latn')).toBe(true);
    expect(isHeadOverridden(choice, 'score_gemma', 'ita_Latn')).toBe(false);
    expect(overrideCount(withoutLanguage(choice, 'ita_Latn'))).toBe(2);
    expect(withoutHead(choice, 'score_gemma').quantiles.perLanguageAndHead).toEqual({});
    expect(withoutOverrides(choice)).toEqual(base);
  });

  test('a quantile stays between 0 and 1 and keeps three decimals', () => {
    const everywhere = { language: null, head: null };
    expect(withQuantile(base, everywhere, 1.2).quantiles.overall).toBe(1);
    expect(withQuantile(base, everywhere, -0.1).quantiles.overall).toBe(0);
    expect(withQuantile(base, everywhere, 0.1 + 0.2).quantiles.overall).toBe(0.3);
    expect([0.7, 0.705, 1].map(quantileText)).toEqual(['0.70', '0.705', '1.00']);
  });

  test('the last head stays, and a rule never asks for more heads than there are', () => {
    const two = withHead({ ...base, rule: { kind: 'at-least', heads: 2 } }, 'score_gemma', heads);
    expect(two.heads).toEqual(['score_mistral', 'score_llama']);
    expect(two.rule).toEqual({ kind: 'all' });
    const one = withHead(two, 'score_llama', heads);
    expect(withHead(one, 'score_mistral', heads)).toBe(one);
    expect(withHead(one, 'score_gemma', heads).heads).toEqual(['score_gemma', 'score_mistral']);
  });

  test('reads as a sentence', () => {
    expect(choiceText(base)).toBe('all 3 heads ≥ quantile 0.60 per language');
    const other = withQuantile(
      { ...base, operator: 'gt', rule: { kind: 'at-least', heads: 2 } },
      { language: 'ita_Latn', head: null },
      0.5,
    );
    expect(choiceText(other)).toBe('at least 2 of 3 heads > quantile 0.60 per language, 1 exception');
  });
});

describe('a link to the lab', () => {
  const written = (text: string) => new URLSearchParams(text);

  test('says back what was written, with names that need escaping', () => {
    const strange = [...heads, 'metadata.score ~!&'];
    let choice = withQuantile(firstChoice(strange), { language: null, head: null }, 0.7);
    choice = withQuantile(choice, { language: null, head: 'metadata.score ~!&' }, 0.55);
    choice = withQuantile(choice, { language: 'ita_Latn', head: null }, 0.65);
    choice = withQuantile(choice, { language: 'a~b!c', head: 'score_gemma' }, 0.45);
    const link = {
      choice: { ...choice, operator: 'gt' as const, rule: { kind: 'at-least' as const, heads: 2 } },
      language: 'ita_Latn',
      cell: { fw2: 'removed' as const, jql: 'kept' as const },
    };
    const parameters = writeLink(link, strange, 0.6);
    const text = new URLSearchParams(parameters).toString();
    expect(readLink(written(text), firstChoice(strange))).toEqual(link);
  });

  test('leaves out what is as at first', () => {
    expect(writeLink({ choice: base, language: null, cell: null }, heads, 0.6)).toEqual({});
    expect(saysSomething(written('view=quality'))).toBe(false);
    expect(saysSomething(written('view=quality&q=0.7'))).toBe(true);
  });

  test('ignores what it says wrongly', () => {
    const link = readLink(
      written(
        'q=1.7&operator=maybe&rule=9&heads=nobody&set=~~0.5!x~y~z!ita_Latn~~0.4&cell=lost&language=%25',
      ),
      base,
    );
    expect(link.choice).toEqual(withQuantile(base, { language: 'ita_Latn', head: null }, 0.4));
    expect(link.cell).toBeNull();
  });
});
