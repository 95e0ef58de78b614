// Is the folder of the open workspace still there? One that was moved, deleted or unmounted would otherwise look like an empty
// workspace, and what is saved would make it anew beside the one that was moved.
import { access } from 'node:fs/promises';
import { StudioError } from '../../api/errors.ts';
import type { OpenWorkspace } from './holder.ts';

/** On a network disk every look costs a round trip. */
const TRUSTED_MS = 500;

const seen = new WeakMap<OpenWorkspace, number>();

/** Throws NO_WORKSPACE. Where something else is wrong with the folder, what is read there says it better. */
export async function requireFolder(workspace: OpenWorkspace): Promise<void> {
  const now = performance.now();
  if (now - (seen.get(workspace) ?? -Infinity) < TRUSTED_MS) return;
  if (!(await isThere(workspace.path))) {
    throw new StudioError('NO_WORKSPACE', 'The folder of this workspace is not there any more', {
      hint: 'Bring it back to where it was, or open it where it is now; what you wrote stays in this window meanwhile',
      path: workspace.path,
    });
  }
  seen.set(workspace, now);
}

export function isThere(folder: string): Promise<boolean> {
  return access(folder).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT' && error.code !== 'ENOTDIR',
  );
}
