// Folders below a path, for the picker in hosts without a native dialog.
import { readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import { exists } from '../files/trash.ts';

/** A folder with more sub-folders is a data store; a person types its path instead. */
const MAX_ENTRIES = 2000;

export interface FolderListing {
  readonly path: string;
  readonly parent: string | null;
  readonly entries: { name: string; path: string; workspace: boolean }[];
}

/** What a person types, as an absolute path: `~` is the home folder. INVALID_INPUT when relative. */
export function expandPath(typed: string): string {
  const trimmed = typed.trim();
  const path = trimmed === '~' ? homedir() : trimmed.replace(/^~[\\/]/, `${homedir()}/`);
  if (!isAbsolute(path) || path.includes('\0')) {
    throw new StudioError('INVALID_INPUT', 'The folder needs a full path', {
      hint: 'Start it with / or ~, for example ~/models',
      path: typed,
    });
  }
  const clean = normalize(path);
  return clean.length > 1 ? clean.replace(/[\\/]+$/, '') : clean;
}

/** Sub-folders of `path` (the home folder when absent). One that may not be read is listed as no workspace. */
export async function browseFolders(path: string | undefined): Promise<FolderListing> {
  const folder = path === undefined ? homedir() : expandPath(path);
  const found = await readdir(folder, { withFileTypes: true });
  const entries = await Promise.all(
    found
      .filter((entry) => !entry.name.startsWith('.') && (entry.isDirectory() || entry.isSymbolicLink()))
      .slice(0, MAX_ENTRIES)
      .map(async (entry) => {
        const child = join(folder, entry.name);
        if (entry.isSymbolicLink() && !(await isFolder(child))) return null;
        return { name: entry.name, path: child, workspace: await exists(join(child, 'studio.yaml')) };
      }),
  );
  const parent = dirname(folder);
  return {
    path: folder,
    parent: parent === folder ? null : parent,
    entries: entries
      .filter((entry) => entry !== null)
      .sort((left, right) => left.name.localeCompare(right.name, 'en', { numeric: true })),
  };
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
}
