// Texts no model was trained on: written for the studio, shipped in resources/held-out/.
import { join } from 'node:path';
import { readTextFile } from '../files/read-text.ts';

export interface HeldOutText {
  readonly name: string;
  readonly text: string;
  /** UTF-8. */
  readonly bytes: number;
}

const MAX_BYTES = 1_048_576;
const names = ['italian', 'english'] as const;

export async function readHeldOut(appFolder: string): Promise<readonly HeldOutText[]> {
  const texts: HeldOutText[] = [];
  for (const name of names) {
    const file = await readTextFile(join(appFolder, 'resources', 'held-out', `${name}.txt`), MAX_BYTES);
    const text = file.text.trim();
    texts.push({ name, text, bytes: Buffer.byteLength(text) });
  }
  return texts;
}
