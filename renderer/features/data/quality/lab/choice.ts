// Changes to what is chosen: quantiles for everything, a language, a head or both; operator and rule. Pure.
import type { FilterChoice } from '../../../../../core/api/quality.ts';
import { type QuantileChoice, type Rule, shareFor } from '../../../../../core/lib/quality/recipe.ts';

/** JQL's milder setting; 0.7 is the stricter one. */
export const FIRST_QUANTILE = 0.6;

/** Where a quantile applies: null is everywhere. */
export interface Scope {
  readonly language: string | null;
  readonly head: string | null;
}

export function firstChoice(heads: readonly string[]): FilterChoice {
  return {
    heads: [...heads],
    quantiles: { overall: FIRST_QUANTILE, perLanguage: {}, perHead: {}, perLanguageAndHead: {} },
    operator: 'gte',
    rule: { kind: 'all' },
  };
}

/** Between 0 and 1, in steps of 0.001: finer ones cannot be read off a screen. */
export function roundQuantile(quantile: number): number {
  return Math.round(Math.min(1, Math.max(0, quantile)) * 1000) / 1000;
}

/** More particular settings inside the scope give way where the scope is a whole language; elsewhere they stay. */
export function withQuantile(choice: FilterChoice, scope: Scope, quantile: number): FilterChoice {
  const value = roundQuantile(quantile);
  const { quantiles } = choice;
  const { language, head } = scope;
  if (language === null && head === null) return { ...choice, quantiles: { ...quantiles, overall: value } };
  if (language === null && head !== null) {
    return { ...choice, quantiles: { ...quantiles, perHead: { ...quantiles.perHead, [head]: value } } };
  }
  if (language !== null && head === null) {
    return {
      ...choice,
      quantiles: {
        ...quantiles,
        perLanguage: { ...quantiles.perLanguage, [language]: value },
        perLanguageAndHead: without(quantiles.perLanguageAndHead, language),
      },
    };
  }
  const name = language ?? '';
  const heads = { ...quantiles.perLanguageAndHead[name], [head ?? '']: value };
  return {
    ...choice,
    quantiles: { ...quantiles, perLanguageAndHead: { ...quantiles.perLanguageAndHead, [name]: heads } },
  };
}

/** Takes the settings of a language away. */
export function withoutLanguage(choice: FilterChoice, language: string): FilterChoice {
  const { quantiles } = choice;
  return {
    ...choice,
    quantiles: {
      ...quantiles,
      perLanguage: without(quantiles.perLanguage, language),
      perLanguageAndHead: without(quantiles.perLanguageAndHead, language),
    },
  };
}

/** Takes the settings of a head away, in all languages. */
export function withoutHead(choice: FilterChoice, head: string): FilterChoice {
  const { quantiles } = choice;
  const perLanguageAndHead: Record<string, Record<string, number>> = {};
  for (const [language, heads] of Object.entries(quantiles.perLanguageAndHead)) {
    const rest = without(heads, head);
    if (Object.keys(rest).length > 0) perLanguageAndHead[language] = rest;
  }
  return {
    ...choice,
    quantiles: { ...quantiles, perHead: without(quantiles.perHead, head), perLanguageAndHead },
  };
}

export function withoutOverrides(choice: FilterChoice): FilterChoice {
  const { overall } = choice.quantiles;
  return { ...choice, quantiles: { overall, perLanguage: {}, perHead: {}, perLanguageAndHead: {} } };
}

/** Takes a head in or out; the last one stays, and "k of n" never asks for more than there are. */
export function withHead(choice: FilterChoice, head: string, all: readonly string[]): FilterChoice {
  const isIn = choice.heads.includes(head);
  const heads = all.filter((name) => (name === head ? !isIn : choice.heads.includes(name)));
  if (heads.length === 0) return choice;
  const { rule } = choice;
  return {
    ...choice,
    heads,
    rule: rule.kind === 'at-least' && rule.heads >= heads.length ? { kind: 'all' } : rule,
  };
}

export function isLanguageOverridden({ quantiles }: FilterChoice, language: string): boolean {
  return (
    Object.hasOwn(quantiles.perLanguage, language) || Object.hasOwn(quantiles.perLanguageAndHead, language)
  );
}

export function isHeadOverridden(
  { quantiles }: FilterChoice,
  head: string,
  language: string | null,
): boolean {
  if (Object.hasOwn(quantiles.perHead, head)) return true;
  const inLanguage = language === null ? undefined : quantiles.perLanguageAndHead[language];
  return inLanguage !== undefined && Object.hasOwn(inLanguage, head);
}

export function overrideCount({ quantiles }: FilterChoice): number {
  const languages = new Set([
    ...Object.keys(quantiles.perLanguage),
    ...Object.keys(quantiles.perLanguageAndHead),
  ]);
  return languages.size + Object.keys(quantiles.perHead).length;
}

/** The quantile of each chosen head in a language; of a head everywhere with `language` null. */
export function quantileOf(quantiles: QuantileChoice, language: string | null, head: string): number {
  return language === null
    ? ((Object.hasOwn(quantiles.perHead, head) ? quantiles.perHead[head] : undefined) ?? quantiles.overall)
    : shareFor(quantiles, language, head);
}

export function ruleText(rule: Rule, heads: number): string {
  if (rule.kind === 'all') return heads === 1 ? 'the head' : `all ${heads} heads`;
  if (rule.kind === 'any') return `any of ${heads} heads`;
  return `at least ${rule.heads} of ${heads} heads`;
}

export function operatorSign(operator: FilterChoice['operator']): string {
  return operator === 'gte' ? '≥' : '>';
}

/** "all 3 heads ≥ quantile 0.70 per language, 2 exceptions". */
export function choiceText(choice: FilterChoice): string {
  const exceptions = overrideCount(choice);
  const tail = exceptions === 0 ? '' : exceptions === 1 ? ', 1 exception' : `, ${exceptions} exceptions`;
  return `${ruleText(choice.rule, choice.heads.length)} ${operatorSign(choice.operator)} quantile ${quantileText(choice.quantiles.overall)} per language${tail}`;
}

/** At least two decimals, a third where it says something. */
export function quantileText(quantile: number): string {
  const text = quantile.toFixed(3);
  return text.endsWith('0') ? text.slice(0, -1) : text;
}

function without<Value>(map: Readonly<Record<string, Value>>, key: string): Record<string, Value> {
  return Object.fromEntries(Object.entries(map).filter(([name]) => name !== key));
}
