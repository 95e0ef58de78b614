// The rows of the table by language: figures out of one result, sorting and filtering. Pure.
import type { FilterChoice, ThresholdResult } from '../../../../../core/api/quality.ts';
import type { LanguageResult } from '../../../../../core/lib/quality/recipe.ts';
import { isLanguageOverridden, quantileOf } from './choice.ts';

export interface LanguageRow extends LanguageResult {
  readonly language: string;
  /** Of each chosen head. */
  readonly quantiles: readonly number[];
  readonly isOverridden: boolean;
  /** 0–1; null without documents. */
  readonly keptShare: number | null;
  readonly fw2Share: number | null;
  readonly keptTokenShare: number | null;
}

export type SortKey = 'language' | 'quantile' | 'documents' | 'kept' | 'fw2' | 'tokens' | 'change';

export interface Sort {
  readonly key: SortKey;
  readonly isDescending: boolean;
}

export function shareOf(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || whole === 0 ? null : part / whole;
}

export function languageRows(result: ThresholdResult, choice: FilterChoice): readonly LanguageRow[] {
  return Object.entries(result.languages).map(([language, figures]) => ({
    ...figures,
    language,
    quantiles: choice.heads.map((head) => quantileOf(choice.quantiles, language, head)),
    isOverridden: isLanguageOverridden(choice, language),
    keptShare: shareOf(figures.keptDocuments, figures.documents),
    fw2Share: shareOf(figures.fw2Documents, figures.documents),
    keptTokenShare: shareOf(figures.keptTokens, figures.tokens),
  }));
}

/** What is not known stands last in either direction; equal rows stand by name. */
export function sortRows(rows: readonly LanguageRow[], sort: Sort): readonly LanguageRow[] {
  const direction = sort.isDescending ? -1 : 1;
  return rows.toSorted((a, b) => {
    if (sort.key === 'language') return direction * compareNames(a.language, b.language);
    const left = valueOf(a, sort.key);
    const right = valueOf(b, sort.key);
    if (left === null || right === null) {
      if (left === right) return compareNames(a.language, b.language);
      return left === null ? 1 : -1;
    }
    return left === right ? compareNames(a.language, b.language) : direction * (left - right);
  });
}

function valueOf(row: LanguageRow, key: Exclude<SortKey, 'language'>): number | null {
  switch (key) {
    case 'quantile':
      return row.quantiles.length === 0
        ? null
        : row.quantiles.reduce((sum, value) => sum + value, 0) / row.quantiles.length;
    case 'documents':
      return row.documents;
    case 'kept':
      return row.keptShare;
    case 'fw2':
      return row.fw2Share;
    case 'tokens':
      return row.keptTokens;
    case 'change':
      return row.tokenChangePercent;
  }
}

function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
