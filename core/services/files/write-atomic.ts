// Writes a file so that a reader sees the old bytes or the new ones, never half: aside, fsync, rename.
// A full disk or a kill at any moment leaves the old file intact.
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { asidePath } from './aside-path.ts';
import { makeFolder } from './make-folder.ts';

export interface AtomicWriteOptions {
  /** False where a folder that is gone was removed on purpose: a late write must not bring it back. True unless given. */
  readonly makesFolder?: boolean;
}

/**
 * `data` as UTF-8 text or bytes. Keeps the permissions of an existing file. Throws Node errno errors, ENOENT where the folder is
 * gone and must not be made.
 */
export async function writeFileAtomic(
  path: string,
  data: string | Uint8Array,
  { makesFolder = true }: AtomicWriteOptions = {},
): Promise<void> {
  const folder = dirname(path);
  if (makesFolder) await makeFolder(folder);
  const mode = await stat(path).then(
    (existing) => existing.mode & 0o777,
    () => 0o644,
  );
  const aside = asidePath(path);
  try {
    await using file = await openDisposable(aside, mode);
    await file.handle.writeFile(data);
    await file.handle.sync();
    await file.close();
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    // Whoever reads the message knows the file, not what it was written aside as.
    if ((error as NodeJS.ErrnoException).path === aside) Object.assign(error as Error, { path });
    throw error;
  }
  await syncFolder(folder);
}

async function openDisposable(path: string, mode: number) {
  const handle = await open(path, 'wx', mode);
  let closed = false;
  const close = async () => {
    if (closed) return;
    closed = true;
    await handle.close();
  };
  return { handle, close, [Symbol.asyncDispose]: close };
}

/** Makes the rename itself durable; file systems without folder sync are fine without. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // Windows and some network file systems refuse to open a folder.
  }
}
