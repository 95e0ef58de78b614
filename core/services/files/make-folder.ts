// Makes a folder with its parents, and tells the true reason when that is not possible. Not by Node's own recursion: on a file system
// that has no folder to make (/proc, an automount whose server is away) it never ends, and on a read-only disk it names a folder that
// is missing instead (Node 20.19).
import { mkdirSync, statSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A parent that another makes between two of our looks is there when we look again; one that never helps (/proc) stays so. */
const TRIES = 3;

/** `path` is absolute; one that is there already is fine. Throws errno errors such as EROFS, EACCES, ENOSPC, EEXIST for a file. */
export async function makeFolder(path: string): Promise<void> {
  return make(path, TRIES);
}

async function make(path: string, tries: number): Promise<void> {
  const info = await stat(path).catch(() => null);
  if (info?.isDirectory()) return;
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && dirname(path) !== path && tries > 1) {
      if (!(await isFolder(dirname(path)))) await make(dirname(path), tries);
      return make(path, tries - 1);
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
  makeSync(path, TRIES);
}

function makeSync(path: string, tries: number): void {
  const isThere = (folder: string) => statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (isThere(path)) return;
  try {
    mkdirSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && dirname(path) !== path && tries > 1) {
      if (!isThere(dirname(path))) makeSync(dirname(path), tries);
      return makeSync(path, tries - 1);
    }
    if (code === 'EEXIST' && isThere(path)) return;
    throw error;
  }
}
