// Names of shared documents as people type and read them, and their paths in the workspace. Pure.

export interface DocumentNames {
  /** `views/team/italian.json` → `team/italian`. */
  nameOf(path: string): string;
  /** "Learning rates, 0.4B" → `dashboards/Learning-rates-0.4B.json`; null when nothing usable is left. Slashes make folders. */
  pathOf(name: string): string | null;
}

const MAX_CHARACTERS = 120;

/** `folder`: first of the path, without a slash. */
export function documentNames(folder: string): DocumentNames {
  const start = `${folder}/`;
  return {
    nameOf: (path) => path.slice(path.startsWith(start) ? start.length : 0).replace(/\.json$/, ''),
    pathOf(name) {
      const parts = name
        .split('/')
        .map((part) =>
          part
            .trim()
            .normalize('NFC')
            .replaceAll(/[^\p{L}\p{N}._ -]+/gu, '-')
            .replaceAll(/[\s-]+/g, '-')
            .replaceAll(/^[-.]+|[-.]+$/g, ''),
        )
        .filter((part) => part !== '');
      return parts.length === 0 ? null : `${start}${parts.join('/').slice(0, MAX_CHARACTERS)}.json`;
    },
  };
}
