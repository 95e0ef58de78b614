// Names that people give, and names of files that are made from others, as paths of the workspace. Pure.

export { slugOf } from '../../../../core/lib/text/slug.ts';

/** `data/documents.jsonl.zst` → `data/documents-kept`; a folder or a glob gives the name of its folder. */
export function stemBeside(path: string, suffix: string): string {
  const folder = path.replaceAll(/[*?[\]{}]+/g, '').replace(/\/+$/, '');
  return `${folder.replace(/\.(parquet|arrow|(jsonl|ndjson|csv|tsv)(\.(gz|zst))?)$/i, '').replace(/\/+$/, '')}-${suffix}`;
}
