// What a filter keeps, per language and in all, against what FineWeb-2 kept: the numbers of Table 2 of the JQL paper.
import type { LanguageResult } from './recipe.ts';

export interface LanguageCounts {
  readonly documents: number;
  readonly keptDocuments: number;
  readonly tokens: number | null;
  readonly keptTokens: number | null;
  readonly fw2Documents: number | null;
  readonly fw2Tokens: number | null;
}

/** 100 · (kept / fw2 − 1); null without a kept flag, without tokens, or when FineWeb-2 kept none. */
export function tokenChangePercent(keptTokens: number | null, fw2Tokens: number | null): number | null {
  if (keptTokens === null || fw2Tokens === null || fw2Tokens === 0) return null;
  return 100 * (keptTokens / fw2Tokens - 1);
}

export interface Retention {
  readonly languages: Readonly<Record<string, LanguageResult>>;
  /** All documents pooled, which weighs languages by their size. */
  readonly total: LanguageResult;
  /** Unweighted mean over the languages that have a change; null when none has. */
  readonly meanTokenChangePercent: number | null;
}

const add = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a + b);

export function retention(counts: ReadonlyMap<string, LanguageCounts>): Retention {
  const withChange = (own: LanguageCounts): LanguageResult => ({
    ...own,
    tokenChangePercent: tokenChangePercent(own.keptTokens, own.fw2Tokens),
  });
  const languages = Object.fromEntries([...counts].map(([language, own]) => [language, withChange(own)]));
  const values = [...counts.values()];
  const known = values.length > 0 && values.every((own) => own.fw2Documents !== null);
  const total = values.reduce<LanguageCounts>(
    (sum, own) => ({
      documents: sum.documents + own.documents,
      keptDocuments: sum.keptDocuments + own.keptDocuments,
      tokens: add(sum.tokens, own.tokens),
      keptTokens: add(sum.keptTokens, own.keptTokens),
      fw2Documents: add(sum.fw2Documents, own.fw2Documents),
      fw2Tokens: add(sum.fw2Tokens, own.fw2Tokens),
    }),
    {
      documents: 0,
      keptDocuments: 0,
      tokens: 0,
      keptTokens: 0,
      fw2Documents: known ? 0 : null,
      fw2Tokens: known ? 0 : null,
    },
  );
  const changes = Object.values(languages).flatMap(({ tokenChangePercent: change }) =>
    change === null ? [] : [change],
  );
  return {
    languages,
    total: withChange(total),
    meanTokenChangePercent:
      changes.length === 0 ? null : changes.reduce((sum, change) => sum + change, 0) / changes.length,
  };
}
