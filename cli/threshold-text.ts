// What thresholds keep, as tables for people: language by language, and head by head beside the rule.
import type { ThresholdResult } from '../core/api/quality.ts';
import type { LanguageResult, Recipe, Rule } from '../core/lib/quality/recipe.ts';
import { table } from './table.ts';

type HeadCut = ThresholdResult['cuts'][number];

/** For people; the same numbers go out as JSON. */
export function thresholdText(recipe: Recipe, cuts: readonly HeadCut[]): string {
  const heads = recipe.heads.map(({ name }) => name);
  const { languages, total, meanTokenChangePercent } = recipe.result;
  const row = (name: string, own: LanguageResult): string[] => [
    name,
    ...heads.map((head) => recipe.thresholds[name]?.[head]?.toFixed(4) ?? '–'),
    own.keptDocuments.toLocaleString('en'),
    percent(own.keptDocuments, own.documents),
    own.keptTokens?.toLocaleString('en') ?? '–',
    percent(own.keptTokens, own.tokens),
    changeText(own.tokenChangePercent),
  ];
  const rows = Object.entries(languages).map(([name, own]) => row(name, own));
  const kept = ({ keptDocuments, keptTokens }: Omit<HeadCut, 'head'>): string[] => [
    keptDocuments.toLocaleString('en'),
    percent(keptDocuments, total.documents),
    keptTokens?.toLocaleString('en') ?? '–',
    percent(keptTokens, total.tokens),
  ];
  return [
    table(
      ['language', ...heads, 'documents', '', 'tokens', '', 'tokens against FineWeb-2'],
      [...rows, row('all together', total)],
    ),
    '',
    table(
      ['kept by', 'cuts at', 'documents', '', 'tokens', ''],
      [
        ...cuts.map((cut) => [`${cut.head} alone`, cutText(recipe, cut.head), ...kept(cut)]),
        [ruleText(recipe.rule, heads.length), '', ...kept(total)],
      ],
    ),
    '',
    `Mean of the languages: ${changeText(meanTokenChangePercent)} tokens against FineWeb-2`,
    `Tokens: ${recipe.source.tokens}`,
  ].join('\n');
}

/** The quantile a head was cut at, where it is one for all languages. */
function cutText({ quantile: { choice } }: Recipe, head: string): string {
  const own = choice.perHead[head] ?? choice.overall;
  return `${(100 * own).toFixed(1)}%`;
}

function ruleText(rule: Rule, heads: number): string {
  if (rule.kind === 'all') return heads === 1 ? 'the head' : `all ${heads} heads`;
  return rule.kind === 'any' ? 'any head' : `${rule.heads} of ${heads} heads`;
}

function percent(part: number | null, whole: number | null): string {
  return part === null || whole === null || whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)}%`;
}

function changeText(value: number | null): string {
  return value === null ? '–' : `${value >= 0 ? '+' : '−'}${Math.abs(value).toFixed(2)}%`;
}
