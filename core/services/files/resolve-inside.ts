// The one way from a workspace path to a path on disk: nothing leads outside, not even a symbolic link.
// Knows nothing about what the file is.
import { lstat, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { StudioError } from '../../api/errors.ts';

/** A backslash is part of a name where the system says so. */
const separators = sep === '\\' ? /[\\/]/ : '/';

/**
 * Real path on disk of `path` (forward slashes, relative) inside `root`. The file need not exist yet.
 * Throws INVALID_INPUT for absolute paths, `..`, NUL, and links that lead out or nowhere.
 */
export async function resolveInside(root: string, path: string): Promise<string> {
  const parts = path.split(separators).filter((part) => part !== '' && part !== '.');
  if (isAbsolute(path) || /^[A-Za-z]:/.test(path) || parts.includes('..') || path.includes('\0')) {
    throw outside(path);
  }
  const realRoot = await realpath(root);
  const target = join(realRoot, ...parts);
  const real = await realPathOfNew(target, path);
  if (!isInside(realRoot, real)) throw outside(path);
  return real;
}

/** Whether `path` is `folder` or below it; both real and absolute. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (!way.startsWith(`..${sep}`) && way !== '..' && !isAbsolute(way));
}

/** Like realpath, but the last parts may not exist yet. A dangling link counts as leading out. */
async function realPathOfNew(target: string, shown: string): Promise<string> {
  try {
    return await realpath(target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ELOOP') throw outside(shown);
    if (code !== 'ENOENT') throw error;
  }
  const dangling = await lstat(target).then(
    (info) => info.isSymbolicLink(),
    () => false,
  );
  if (dangling) throw outside(shown);
  const parent = dirname(target);
  if (parent === target) return target;
  return join(await realPathOfNew(parent, shown), target.slice(parent.length).replaceAll(sep, ''));
}

function outside(path: string): StudioError {
  return new StudioError('INVALID_INPUT', 'This path leads outside the workspace', {
    hint: 'Choose a file inside the workspace, or copy it there',
    path,
  });
}

/** Path relative to `root` with forward slashes, as the contract has it. */
export function toWorkspacePath(root: string, path: string): string {
  return relative(root, path).split(sep).join('/');
}
