// Which folders of a workspace open as one dataset: those that hold several data files. Paths and sizes only.

export interface ListedFile {
  /** With forward slashes. */
  readonly path: string;
  readonly sizeBytes: number;
}

export interface DataFolder {
  readonly path: string;
  /** Below it, at any depth. */
  readonly files: number;
  readonly sizeBytes: number;
}

/** Runs and annotations are read in places of their own. */
const otherPlaces = /^(runs|annotations)(\/|$)/;

/** Sorted by path. Of folders inside each other with the same files, the innermost alone. */
export function dataFolders(files: readonly ListedFile[]): readonly DataFolder[] {
  const found = new Map<string, { files: number; sizeBytes: number }>();
  for (const { path, sizeBytes } of files) {
    if (otherPlaces.test(path)) continue;
    const parts = path.split('/').slice(0, -1);
    for (let depth = 1; depth <= parts.length; depth += 1) {
      const folder = parts.slice(0, depth).join('/');
      const known = found.get(folder) ?? { files: 0, sizeBytes: 0 };
      known.files += 1;
      known.sizeBytes += sizeBytes;
      found.set(folder, known);
    }
  }
  const folders = [...found].map(([path, counted]) => ({ path, ...counted }));
  /** The largest count of a folder right inside. */
  const inside = new Map<string, number>();
  for (const { path, files: count } of folders) {
    inside.set(parentOf(path), Math.max(count, inside.get(parentOf(path)) ?? 0));
  }
  return folders
    .filter(({ path, files: count }) => count >= 2 && inside.get(path) !== count)
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
