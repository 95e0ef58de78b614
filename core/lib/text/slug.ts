// Names that people give as names of files.

/** "Mild, all heads" → `mild-all-heads`; null when nothing usable is left. At most 80 characters. */
export function slugOf(name: string): string | null {
  const slug = name
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/g, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '');
  return slug === '' ? null : slug.slice(0, 80);
}
