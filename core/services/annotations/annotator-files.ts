// The files of a campaign's annotators: read whole, and one line appended so that neither a crash nor a second studio loses any.
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAnnotations } from '../../lib/annotations/annotation-lines.ts';
import { fileSafeName } from '../../lib/annotations/campaign.ts';
import type { Annotator } from '../../lib/annotations/campaign-state.ts';
import { readTextFile } from '../files/read-text.ts';

/** 10,000 documents marked twenty times over. */
const MAX_FILE_BYTES = 67_108_864;
/** JQL had 15 annotators. */
const MAX_ANNOTATORS = 200;
const ENDING = '.jsonl';

/** Everybody with a file, by name. Other files of the folder are left alone. */
export async function readAnnotators(folder: string): Promise<readonly Annotator[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(ENDING))
    .map((entry) => entry.name.slice(0, -ENDING.length))
    .filter((name) => fileSafeName.safeParse(name).success)
    .sort()
    .slice(0, MAX_ANNOTATORS);
  const annotators: Annotator[] = [];
  for (const annotator of names) {
    const { text } = await readTextFile(join(folder, annotatorFile(annotator)), MAX_FILE_BYTES);
    annotators.push({ annotator, ...parseAnnotations(text) });
  }
  return annotators;
}

export function annotatorFile(annotator: string): string {
  return `${annotator}${ENDING}`;
}

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
