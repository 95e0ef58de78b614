// Removal that can be taken back: a file or folder moves to .studio/trash/<token>/ and returns from there.
// Knows nothing about what it moves; callers refresh their own lists.
import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../api/errors.ts';
import { resolveInside } from './resolve-inside.ts';
import { writeFileAtomic } from './write-atomic.ts';
import { makeFolder } from './make-folder.ts';

const TOKEN = /^[0-9a-f]{24}$/;
const entrySchema = z.object({ path: z.string(), removedMs: z.number() });

/** Moves `path` (relative to the workspace `root`) to the trash. Returns what `restoreFromTrash` needs. */
export async function moveToTrash(root: string, path: string): Promise<string> {
  const source = await resolveInside(root, path);
  await stat(source);
  const token = randomBytes(12).toString('hex');
  const folder = join(root, '.studio', 'trash', token);
  await makeFolder(folder);
  try {
    // The entry is written first: a kill between the two leaves the file where it was.
    await writeFileAtomic(join(folder, 'entry.json'), JSON.stringify({ path, removedMs: Date.now() }));
    await rename(source, join(folder, 'content'));
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return token;
}

/** Moves it back to where it was; returns that path. NOT_FOUND, or ALREADY_EXISTS when the place is taken. */
export async function restoreFromTrash(root: string, token: string): Promise<string> {
  const gone = new StudioError('NOT_FOUND', 'This is no longer in the trash', {
    hint: 'It may have been restored already; look in git for an older version',
  });
  if (!TOKEN.test(token)) throw gone;
  const folder = join(root, '.studio', 'trash', token);
  const text = await readFile(join(folder, 'entry.json'), 'utf8').catch(() => {
    throw gone;
  });
  const { path } = entrySchema.parse(JSON.parse(text));
  const target = await resolveInside(root, path);
  if (await exists(target)) {
    throw new StudioError('ALREADY_EXISTS', `${basename(path)} exists again, so it was not restored`, {
      hint: 'Rename the new one first, then restore',
      path,
    });
  }
  await makeFolder(dirname(target));
  await rename(join(folder, 'content'), target);
  await rm(folder, { recursive: true, force: true });
  return path;
}

/** Whether anything is at `path`. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
