// Names that people give, as paths of the workspace. Pure.

/** "Mild, all heads" → `mild-all-heads`; null when nothing usable is left. */
export function slugOf(name: string): string | null {
  const slug = name
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/g, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '');
  return slug === '' ? null : slug.slice(0, 80);
}

export const exportFormats = ['parquet', 'jsonl', 'jsonl.gz', 'jsonl.zst'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** `data/documents.parquet` → `data/documents-kept`. */
export function exportStem(path: string): string {
  return `${path.replace(/\.(parquet|jsonl(\.gz|\.zst)?|csv|arrow)$/i, '')}-kept`;
}
