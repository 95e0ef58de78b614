// Small files of a run on their way to the other computer: whole or not there, over the connection that is open already.
import { randomBytes } from 'node:crypto';
import { StudioError } from '../../../api/errors.ts';
import { quoteWord } from '../../../lib/remote/quote.ts';
import type { Connection } from '../../targets/connection.ts';

/** Scripts and configs; data goes another way. */
const MAX_FILE_BYTES = 32 * 1024 * 1024;
const TIMEOUT_MS = 120_000;

export interface Upload {
  /** Below the folder, forward slashes. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** `folder` is a word of the shell, quoted (see `remotePath`). Throws DISK_FULL, PERMISSION_DENIED, UNAVAILABLE, TOO_LARGE. */
export async function uploadFiles(
  connection: Connection,
  folder: string,
  files: readonly Upload[],
  signal?: AbortSignal,
): Promise<void> {
  for (const { name, bytes } of files) {
    if (bytes.length > MAX_FILE_BYTES) {
      throw new StudioError('TOO_LARGE', `${name} is too large to go with a run`, {
        hint: 'Copy data to the target first, and name it by its path there',
      });
    }
    const path = `${folder}/${quoteWord(name)}`;
    const aside = `${path}.${randomBytes(4).toString('hex')}`;
    const parent = name.includes('/')
      ? `${folder}/${quoteWord(name.slice(0, name.lastIndexOf('/')))}`
      : folder;
    const { exitCode, stderr } = await connection.run({
      // The bytes are read even when they cannot be kept, or they would be taken for the next script.
      script: [
        `mkdir -p -- ${parent} && : > ${aside} || { h ${bytes.length} <&3 > /dev/null; exit 1; }`,
        `h ${bytes.length} <&3 | { cat > ${aside}; r=$?; cat > /dev/null; exit "$r"; } || exit 1`,
        `[ "$(wc -c < ${aside})" -eq ${bytes.length} ] && mv -- ${aside} ${path}`,
      ].join('\n'),
      input: bytes,
      timeoutMs: TIMEOUT_MS,
      signal,
    });
    if (exitCode !== 0) throw refused(name, stderr);
  }
}

function refused(name: string, printed: string): StudioError {
  const detail = { detail: printed };
  if (/No space left|quota exceeded/i.test(printed)) {
    return new StudioError('DISK_FULL', `There is no room for ${name} on the target`, {
      hint: 'Free some space there, or choose another folder for runs in studio.yaml',
      ...detail,
    });
  }
  return new StudioError('PERMISSION_DENIED', `${name} could not be written on the target`, {
    hint: 'Check the folder for runs in studio.yaml, and that you may write to it',
    ...detail,
  });
}
