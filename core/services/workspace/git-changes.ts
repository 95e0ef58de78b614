// Which files of a workspace differ from its last commit, as git says. Knows nothing about what is in them.
import { execFile } from 'node:child_process';

const TIMEOUT_MS = 5000;
/** A workspace with more changes than this is not tidied up before a launch. */
const MAX_OUTPUT_BYTES = 1024 * 1024;

/** Workspace paths, new files included; null without git or outside a repository. */
export async function gitChanges(root: string, signal?: AbortSignal): Promise<readonly string[] | null> {
  return new Promise((resolve) => {
    execFile(
      'git',
      ['-C', root, 'status', '--porcelain', '-z', '--no-renames', '--', '.'],
      { timeout: TIMEOUT_MS, maxBuffer: MAX_OUTPUT_BYTES, encoding: 'utf8', ...(signal ? { signal } : {}) },
      (error, stdout) => {
        if (error) resolve(null);
        else resolve(stdout.split('\0').flatMap((entry) => (entry.length > 3 ? [entry.slice(3)] : [])));
      },
    );
  });
}
