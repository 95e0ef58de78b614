// Which file a log source means. Nothing outside of the workspace, and of a run nothing outside of its folder.
import { stat } from 'node:fs/promises';
import { StudioError } from '../../api/errors.ts';
import type { LogSource } from '../../api/logs.ts';
import { resolveInside, toWorkspacePath } from '../files/resolve-inside.ts';
import { runLogPath } from '../series/run-logs.ts';

/** Absolute. A run's log may not be there yet. Throws NOT_FOUND and INVALID_INPUT. */
export async function logPathOf(root: string, source: LogSource): Promise<string> {
  if (source.kind === 'file') {
    const path = await resolveInside(root, source.path);
    if ((await stat(path)).isFile()) return path;
    throw new StudioError('INVALID_INPUT', `${source.path} is not a file`, {
      hint: 'Choose a log file',
      path,
    });
  }
  const folder = await resolveInside(root, `runs/${source.id}`);
  if (!(await stat(folder).catch(() => null))) {
    throw new StudioError('NOT_FOUND', `There is no run “${source.id}” in this workspace`, {
      hint: 'It may have been removed: choose another one',
    });
  }
  // Again inside: a log may be a link.
  const path = await resolveInside(folder, toWorkspacePath(folder, await runLogPath(folder, source.file)));
  const info = await stat(path).catch(() => null);
  if (info === null || info.isFile()) return path;
  throw new StudioError('INVALID_INPUT', `${source.file ?? 'log.txt'} is not a file`, {
    hint: 'Choose one of the logs that the run lists',
    path,
  });
}
