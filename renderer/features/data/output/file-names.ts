// Names that people give, and names of files that are made from others, as paths of the workspace. Pure.

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

/** `data/documents.jsonl.zst` → `data/documents-kept`; a folder or a glob gives the name of its folder. */
export function stemBeside(path: string, suffix: string): string {
  const folder = path.replaceAll(/[*?[\]{}]+/g, '').replace(/\/+$/, '');
  return `${folder.replace(/\.(parquet|arrow|(jsonl|ndjson|csv|tsv)(\.(gz|zst))?)$/i, '').replace(/\/+$/, '')}-${suffix}`;
}
