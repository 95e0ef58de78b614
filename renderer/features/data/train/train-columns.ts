// Which columns a head is trained from: guesses by name that a person can change.
import type { DatasetColumn } from '../../../../core/api/dataset-shape.ts';

/** Columns that count or number something are never what a head should predict. */
const noLabels = /^(id|row|.*(_id|token_count|language_score|lid_score|cluster_size|year|timestamp))$/i;
/** Most likely first: what people gave, then what judges gave, then any other score. */
const likelyLabels: readonly RegExp[] = [
  /^(rating|aggregated|human_score|label)$/i,
  /(^|[._])edu_score([._]|$)/i,
  /^score$/i,
  /rating|label/i,
  /^(?!score_).*score/i,
];

/** Numeric columns, the likeliest labels first. */
export function labelColumns(columns: readonly DatasetColumn[]): readonly DatasetColumn[] {
  const rank = ({ name }: DatasetColumn): number => {
    const place = likelyLabels.findIndex((pattern) => pattern.test(name));
    const likely = place === -1 ? likelyLabels.length : place;
    return noLabels.test(name) ? likelyLabels.length + 1 : likely;
  };
  return columns
    .filter(({ numeric }) => numeric)
    .map((column, index) => ({ column, index }))
    .sort((left, right) => rank(left.column) - rank(right.column) || left.index - right.index)
    .map(({ column }) => column);
}

/** The first column of one of these names, as written in the data; null when there is none. */
export function columnNamed(columns: readonly DatasetColumn[], names: readonly string[]): string | null {
  for (const wanted of names) {
    const found = columns.find(({ name }) => name.toLowerCase() === wanted);
    if (found) return found.name;
  }
  return null;
}

export const idNames = ['id', 'document_id', 'doc_id', 'metadata.id'] as const;
export const languageNames = ['language', 'lang', 'metadata.language'] as const;
