// The rows behind a bar of the lab: a link to the rows mode with the range, and the language that is shown, as filters.
import type { QualityDescription } from '../../../../../core/api/quality.ts';
import { type RowFilter, wholeDataset } from '../../../../../core/lib/datasets/view.ts';
import { rowsHref } from '../../view/data-view.ts';

export interface ColumnRange {
  readonly column: string;
  readonly from: number;
  readonly to: number;
  readonly includesTo: boolean;
}

/** Null where rows cannot say it: several files in one lab, or a language that comes from a folder's name. */
export function rowsLink(
  paths: readonly string[],
  description: QualityDescription | null,
  language: string | null,
  ranges: readonly ColumnRange[],
): string | null {
  const [path, ...others] = paths;
  if (path === undefined || others.length > 0 || description === null || ranges.length === 0) return null;
  const of = language === null ? [] : languageFilters(description.languageSource, language);
  if (of === null) return null;
  const filters: RowFilter[] = [
    ...of,
    ...ranges.map((range) => ({ kind: 'range' as const, negated: false, ...range })),
  ];
  return rowsHref(path, { row: null, column: null }, { ...wholeDataset, filters });
}

/** `languageSource` names a column, or two whose values the lab joins as `deu_Latn`. */
function languageFilters(source: string, language: string): readonly RowFilter[] | null {
  if (source === 'none' || source === 'folder name') return null;
  const columns = source.split(' + ');
  const cut = language.lastIndexOf('_');
  const values = columns.length === 1 ? [language] : [language.slice(0, cut), language.slice(cut + 1)];
  if (columns.length > 1 && cut <= 0) return null;
  return columns.map((column, index) => ({
    kind: 'oneOf' as const,
    column,
    negated: false,
    values: [values[index] ?? ''],
  }));
}
