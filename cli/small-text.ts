// Texts that come as files beside a command: templates, schemas, grammars, prompts. Knows nothing about what they mean.
import { resolve } from 'node:path';
import { readTextFile } from '../core/services/files/read-text.ts';

/** Long before this, such a file is something else that was named by mistake. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Without a byte order mark. INVALID_INPUT for a folder or a pipe, CORRUPT_FILE for what is no text, TOO_LARGE, or errno errors. */
export async function readSmallText(path: string): Promise<string> {
  const { text } = await readTextFile(resolve(path), MAX_BYTES);
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
