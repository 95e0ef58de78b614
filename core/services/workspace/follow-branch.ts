// Tells when a workspace comes to another branch: after a checkout, also one that changes none of its files. Knows .git, not why it changed.
import { type FSWatcher, watch } from 'node:fs';
import type { SignalBus } from '../signal-bus.ts';
import { findGitFolder, readGitHead } from './git-branch.ts';

export interface BranchFollower {
  close(): void;
}

/** `changes`: of the files, which tell of a checkout where folders cannot be watched. `onBranch` is called with the new branch. */
export function followBranch(
  root: string,
  changes: SignalBus<readonly string[]>,
  onBranch: () => void,
): BranchFollower {
  let known: string | null | undefined;
  let watcher: FSWatcher | null = null;
  let isClosed = false;
  let looking: Promise<void> = Promise.resolve();
  const look = (): void => {
    looking = looking.then(async () => {
      if (isClosed) return;
      const { branch } = await readGitHead(root).catch(() => ({ branch: known ?? null }));
      const isOther = known !== undefined && branch !== known;
      known = branch;
      if (isOther && !isClosed) onBranch();
    });
  };
  const start = async (): Promise<void> => {
    const folder = await findGitFolder(root);
    if (folder === null || isClosed) return;
    try {
      watcher = watch(folder, { persistent: false }, (_kind, name) => {
        if (name === null || name === 'HEAD') look();
      });
      watcher.on('error', () => watcher?.close());
    } catch {
      // No watches left: changed files tell of it.
    }
  };
  const unsubscribe = changes.subscribe(look);
  void start()
    .catch(() => undefined)
    .then(look);
  return {
    close() {
      isClosed = true;
      unsubscribe();
      watcher?.close();
    },
  };
}
