// One line more at the end of a file that is only ever appended to, so that neither a crash nor a second studio loses any.
import { open } from 'node:fs/promises';

/**
 * Appends `line` (with its end) and waits until it is on the disk. Half a line that a crash left behind gets an end first, so that
 * it spoils nothing but itself; a write that fails is taken back. The caller holds the lock of the file. Throws errno errors.
 */
export async function appendLine(path: string, line: string): Promise<void> {
  const handle = await open(path, 'a+');
  try {
    const { size } = await handle.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await handle.read(last, 0, 1, size - 1);
    const needsEnd = size > 0 && last[0] !== 0x0a;
    try {
      await handle.writeFile(`${needsEnd ? '\n' : ''}${line}`);
      await handle.sync();
    } catch (error) {
      await handle.truncate(size).catch(() => {});
      throw error;
    }
  } finally {
    await handle.close();
  }
}
