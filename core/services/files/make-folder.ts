// Makes a folder with its parents, and tells the true reason when that is not possible. Not by Node's own recursion: on a file system
// that has no folder to make (/proc, an automount whose server is away) it never ends, and on a read-only disk it names a folder that
// is missing instead (Node 20.19).
import { mkdirSync, statSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** `path` is absolute; one that is there already is fine. Throws errno errors such as EROFS, EACCES, ENOSPC, EEXIST for a file. */
export async function makeFolder(path: string): Promise<void> {
  const info = await stat(path).catch(() => null);
  if (info?.isDirectory()) return;
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && dirname(path) !== path && !(await isFolder(dirname(path)))) {
      await makeFolder(dirname(path));
      return makeFolder(path);
    }
    // Made by another meanwhile.
    if (code === 'EEXIST' && (await isFolder(path))) return;
    throw error;
  }
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );

/** As `makeFolder`, for processes that do nothing else meanwhile. */
export function makeFolderSync(path: string): void {
  const isThere = (folder: string) => statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (isThere(path)) return;
  try {
    mkdirSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && dirname(path) !== path && !isThere(dirname(path))) {
      makeFolderSync(dirname(path));
      return makeFolderSync(path);
    }
    if (code === 'EEXIST' && isThere(path)) return;
    throw error;
  }
}
