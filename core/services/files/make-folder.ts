// Makes a folder with its parents, and tells the true reason when that is not possible.
import { mkdir } from 'node:fs/promises';

/** `path` is absolute; one that is there already is fine. Throws errno errors such as EROFS, EACCES, ENOSPC. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    const failed = error as NodeJS.ErrnoException;
    // On a read-only disk Node 20 reports the missing folder, not that it may not be made: ask once more for that one.
    if (failed.code === 'ENOENT' && failed.path !== undefined) await mkdir(failed.path);
    throw error;
  }
}
