// Names of saved views and their paths in the workspace. Pure.

/** `views/team/italian.json` → `team/italian`. */
export function viewName(path: string): string {
  return path.replace(/^views\//, '').replace(/\.json$/, '');
}

/** "Italian, long" → `views/italian-long.json`; null when nothing usable is left. Slashes make folders. */
export function viewPath(name: string): string | null {
  const parts = name
    .split('/')
    .map((part) =>
      part
        .trim()
        .normalize('NFC')
        .replaceAll(/[^\p{L}\p{N}._ -]+/gu, '-')
        .replaceAll(/\s+/g, '-')
        .replaceAll(/^[-.]+|[-.]+$/g, ''),
    )
    .filter((part) => part !== '');
  return parts.length === 0 ? null : `views/${parts.join('/').slice(0, 120)}.json`;
}
