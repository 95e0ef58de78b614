// Lists a folder of a target, for a person who looks for something there.
import { StudioError } from '../../api/errors.ts';
import type { BrowsedFolder } from '../../api/targets.ts';
import { browseCodes, browseScript, parseBrowsed } from '../../lib/remote/browse.ts';
import { remotePath } from '../../lib/remote/quote.ts';
import type { Connection } from './connection.ts';

/** A folder with a hundred thousand entries on a parallel file system. */
const TIMEOUT_MS = 60_000;

export async function browseFolder(
  connection: Connection,
  path: string,
  signal?: AbortSignal,
): Promise<BrowsedFolder> {
  const { exitCode, stdout, stderr } = await connection.run({
    script: browseScript(remotePath(path)),
    timeoutMs: TIMEOUT_MS,
    signal,
  });
  if (exitCode === 0) {
    const { entries, ...folder } = parseBrowsed(new TextDecoder().decode(stdout));
    return { ...folder, entries: [...entries] };
  }
  if (exitCode === browseCodes.missing) {
    throw new StudioError('NOT_FOUND', `There is no ${path} on the target`, {
      hint: 'Check the path; ~/ is your own home there',
      detail: stderr,
    });
  }
  throw new StudioError('PERMISSION_DENIED', `You may not read ${path} on the target`, {
    hint: 'Choose a folder that you may read',
    detail: stderr,
  });
}
