// Makes a file that only one of many can make, with its contents inside from the first moment: for locks and owners.
import { randomBytes } from 'node:crypto';
import { link, open, rm, writeFile } from 'node:fs/promises';

/**
 * True when the file is ours now, false when it was there already. It appears with `text` already inside: a process killed at any
 * moment leaves a file that says whose it was, or none.
 */
export async function takeFile(path: string, text: string): Promise<boolean> {
  const aside = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    // Who holds it only helps to take it over after a kill; on a full disk the work itself will say so.
    await writeFile(aside, text).catch(() => {});
    await link(aside, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    return await takeWithoutLinks(path, text);
  } finally {
    await rm(aside, { force: true });
  }
}

/** File systems without hard links: for a moment such a file is empty. */
async function takeWithoutLinks(path: string, text: string): Promise<boolean> {
  try {
    const handle = await open(path, 'wx');
    try {
      await handle.writeFile(text).catch(() => {});
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
