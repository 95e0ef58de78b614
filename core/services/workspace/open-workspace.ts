// One open workspace: its watcher, its presence file, what the window shows about it.
// Writes nothing outside .studio/, and nothing at all where it may not.
import { realpath, stat } from 'node:fs/promises';
import { StudioError } from '../../api/errors.ts';
import { isWritable } from '../files/read-text.ts';
import { sweepLeftOvers } from './sweep-left-overs.ts';
import { createSignalBus, type SignalBus } from '../signal-bus.ts';
import type { NoticeBoard } from '../system/notices.ts';
import { followBranch } from './follow-branch.ts';
import { readGitHead } from './git-branch.ts';
import type { OpenWorkspace } from './holder.ts';
import { keepList } from './list-files.ts';
import { startPresence } from './presence.ts';
import { readStudioFile } from './studio-file.ts';
import { startWatcher } from './watcher.ts';
import { createWindowStateFile, type WindowStateFile } from './window-state.ts';

export interface StudioWorkspace extends OpenWorkspace {
  /** What `info` says is other than before: another branch. */
  readonly renewed: SignalBus<null>;
  readonly windowState: WindowStateFile;
}

export interface OpenOptions {
  readonly notices: NoticeBoard;
  /** Real path of the sample workspace, to mark it. */
  readonly samplePath: string | null;
}

/** Opens the folder at `path` (absolute). NOT_FOUND, INVALID_INPUT when it is a file, or errno errors. */
export async function openWorkspace(path: string, options: OpenOptions): Promise<StudioWorkspace> {
  const root = await realpath(path);
  if (!(await stat(root)).isDirectory()) {
    throw new StudioError('INVALID_INPUT', 'A workspace is a folder, and this is a file', {
      hint: 'Choose the folder that holds it',
      path,
    });
  }
  const { notices } = options;
  const writable = await isWritable(root);
  if (writable) void sweepLeftOvers(root);
  const first = await readStudioFile(root);
  if (first.problem !== null) {
    notices.post({ severity: 'warning', title: 'studio.yaml has a problem', detail: first.problem });
  }
  const changes = createSignalBus<readonly string[]>();
  const presence = await startPresence({
    root,
    writable,
    onArrival: (other) =>
      notices.post({
        severity: 'info',
        title: 'Another studio has this workspace open',
        detail: `Process ${other.pid} on ${other.host}. Both may work; saving asks when the other changed the same file`,
      }),
  });
  const watcher = startWatcher({
    root,
    changes,
    onPolling: (reason) =>
      notices.post({ severity: 'warning', title: 'Changes on disk are noticed later', detail: reason }),
  });
  const renewed = createSignalBus<null>();
  const branch = followBranch(root, changes, () => renewed.emit(null));
  const forgetList = keepList(root, (signal) => watcher.files(signal));
  return {
    path: root,
    readOnly: !writable,
    renewed,
    windowState: createWindowStateFile(root, writable),
    watching: watcher.ready,
    runs: watcher.runs,
    get isTold() {
      return watcher.isTold;
    },
    refresh: () => watcher.refresh(),
    changes,
    async info() {
      const [{ name }, head, otherStudios] = await Promise.all([
        readStudioFile(root),
        readGitHead(root),
        presence.others(),
      ]);
      const sample = root === options.samplePath;
      return { path: root, name, readOnly: !writable, sample, gitBranch: head.branch, otherStudios };
    },
    async dispose() {
      forgetList();
      branch.close();
      await watcher.close();
      await presence.close();
    },
  };
}
