// Watches a workspace: keeps the list of its files as they change, and tells changed paths. Folders are read once; whoever asks for the
// list gets what is there now without another walk. Falls back to polling where the system has no watches left or tells of no changes,
// and says so. What runs write is noted and looked at when somebody asks for the list: it wakes nobody.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { WorkspaceFile } from '../../api/workspace.ts';
import { createSignalBus, type SignalBus } from '../signal-bus.ts';
import type { RunTouch } from './holder.ts';
import { isPolledFileSystem } from './file-system.ts';
import {
  closeNode,
  createNode,
  type FolderNode,
  type FolderReader,
  openNode,
  pathIn,
  readEntry,
  readNode,
  reopenNode,
  watchPath,
} from './folder-node.ts';
import { byPath, type FileListing, ignoredFolders, MAX_DEPTH, MAX_FILES, walkFiles } from './list-files.ts';
import { tellChanges } from './tell-changes.ts';
import { temporaryName } from '../files/aside-path.ts';

/** How soon a change is noticed where nothing tells of it. */
const POLL_INTERVAL_MS = 2_000;
/** Reading a large or distant workspace again takes a twentieth of the time at most. */
const POLL_SHARE = 20;
/** How soon another folder in the place of this one is noticed: watches stay with the one that was moved away or unmounted. */
const SAME_FOLDER_MS = 2_000;
/** The system holds 16,384 changes for whoever fetches them late; after this many at once, some may have been lost. */
const MANY_EVENTS = 4_096;
/** Of runs/<id>. */
const RUN_DEPTH = 2;
/** Of what lies in a run's folder, these are told of; the others change many times a second. */
const runOutput = /^runs\/[^/]+\/(?!(run|exit)\.json$)/;

export interface WatcherOptions {
  readonly root: string;
  readonly changes: SignalBus<readonly string[]>;
  /** Called once when watching had to become polling; `reason` is a sentence. */
  readonly onPolling: (reason: string) => void;
  /** Start with polling, whatever the file system. */
  readonly polling?: boolean;
  /** So many are kept at most. */
  readonly maxFiles?: number;
}

export interface Watcher {
  readonly ready: Promise<void>;
  /** In which run folders something happened, at once. */
  readonly runs: SignalBus<RunTouch>;
  /** Changes are told by the system, also those in folders of runs. */
  readonly isTold: boolean;
  /** What is there now. Rejects when `signal` aborts. */
  files(signal?: AbortSignal): Promise<FileListing>;
  /** Reads everything again, whatever was heard. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

/** Starts at once; `ready` resolves after the first scan, from when on no change is missed. */
export function startWatcher(options: WatcherOptions): Watcher {
  const { root, changes } = options;
  const runs = createSignalBus<RunTouch>();
  const tree = createNode('', 0);
  let isClosed = false;
  let isPolling = options.polling ?? false;
  let isScanned = false;
  const maxFiles = options.maxFiles ?? MAX_FILES;
  // As many folders again.
  let room = 2 * maxFiles;
  /** More files or deeper folders than are kept: whoever asks gets a walk. */
  let isCut = false;
  let events = 0;
  let listing: FileListing | null = null;
  let pollTimer: NodeJS.Timeout | undefined;
  /** What was heard of and is to be looked at: entries by name, and whether each may be another one; or the whole folder. */
  let heard = new Map<FolderNode, Map<string, boolean> | 'all'>();
  /** The same, of what runs write. */
  let heardOfRuns = new Map<FolderNode, Map<string, boolean> | 'all'>();

  const reader: FolderReader = {
    root,
    maxDepth: MAX_DEPTH,
    isClosed: () => isClosed,
    onOpened(node) {
      // What was written into a new folder before it was watched.
      const run = runOf(node);
      if (isScanned && run !== null) runs.emit({ id: run, isOutput: false });
    },
    onTooDeep: () => void (isCut = true),
    takeRoom() {
      if (room <= 0) isCut = true;
      else room -= 1;
      return !isCut;
    },
    giveRoom: () => void (room += 1),
    onChange(path) {
      listing = null;
      if (isScanned && !runOutput.test(path)) teller.note(path);
    },
    watchFolder(node) {
      if (isPolling || isClosed) return null;
      const run = runOf(node);
      try {
        return watchPath(
          join(root, node.path),
          (isOther, name) => onEvent(node, run, isOther, name),
          onError,
        );
      } catch (error) {
        onError(error);
        return null;
      }
    },
  };
  const onEvent = (node: FolderNode, run: string | null, isOther: boolean, name: string | null): void => {
    if (isClosed || node.isClosed) return;
    events += 1;
    if (name !== null && (ignoredFolders.has(name) || temporaryName.test(name))) return;
    const touched = run ?? (node.path === 'runs' ? name : null);
    if (touched !== null)
      runs.emit({ id: touched, isOutput: run !== null && name !== null && !isStateOf(node, name) });
    const isQuiet = run !== null && (name === null || runOutput.test(pathIn(node, name)));
    const into = isQuiet ? heardOfRuns : heard;
    const names = into.get(node);
    if (name === null) into.set(node, 'all');
    else if (names === undefined) into.set(node, new Map([[name, isOther]]));
    else if (names !== 'all') names.set(name, isOther || names.get(name) === true);
    if (!isQuiet) teller.wake();
  };

  /** One reading at a time; what is heard during one is looked at by the next. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.catch(() => undefined).then(work);
    last = turn;
    return turn;
  };
  const lookAt = async (all: Map<FolderNode, Map<string, boolean> | 'all'>): Promise<void> => {
    for (const [node, names] of all) {
      if (names === 'all') await readNode(reader, node);
      else for (const [name, isOther] of names) await readEntry(reader, node, name, isOther);
    }
  };
  const settle = async (withRuns: boolean): Promise<void> => {
    if (events >= MANY_EVENTS) await readNode(reader, tree, true);
    events = 0;
    while (!isClosed && (heard.size > 0 || (withRuns && heardOfRuns.size > 0))) {
      const now = heard;
      heard = new Map();
      await lookAt(now);
      if (!withRuns) continue;
      const ofRuns = heardOfRuns;
      heardOfRuns = new Map();
      await lookAt(ofRuns);
    }
  };
  const teller = tellChanges(changes, () => inTurn(() => settle(false)));

  const poll = async (): Promise<void> => {
    const startedMs = performance.now();
    await inTurn(() => readNode(reader, tree, true)).catch(() => undefined);
    planPoll(performance.now() - startedMs);
  };
  const planPoll = (tookMs: number): void => {
    if (isClosed) return;
    clearTimeout(pollTimer);
    pollTimer = setTimeout(() => void poll(), Math.max(POLL_INTERVAL_MS, tookMs * POLL_SHARE));
    pollTimer.unref();
  };
  const startPolling = (reason: string): void => {
    if (isPolling || isClosed) return;
    isPolling = true;
    closeWatches(tree);
    options.onPolling(reason);
    if (isScanned) planPoll(0);
  };
  const onError = (error: unknown): void => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC')
      startPolling(
        'The system has no file watches left, so changes by other programs are noticed within 2 s instead of at once',
      );
    else if (code === 'EMFILE')
      startPolling(
        'Too many files are open, so changes by other programs are noticed within 2 s instead of at once',
      );
  };
  const scan = async (): Promise<void> => {
    if (!isPolling && (await isPolledFileSystem(root)))
      startPolling(
        'The workspace lies on a network file system, so changes by other computers are noticed within seconds instead of at once',
      );
    rootMark = await markOf(root);
    await openNode(reader, tree);
    isScanned = true;
    if (isPolling) planPoll(0);
  };
  let rootMark: string | null = null;
  const followRoot = async (): Promise<void> => {
    const mark = await markOf(root);
    if (isClosed || !isScanned || mark === null || mark === rootMark) return;
    rootMark = mark;
    await inTurn(() => reopenNode(reader, tree));
  };
  let rootTimer: NodeJS.Timeout | undefined;
  /** One look at a time: a network disk that hangs lets none come back. */
  const planFollow = (): void => {
    if (isClosed) return;
    const next = () => void followRoot().then(planFollow, planFollow);
    rootTimer = setTimeout(next, SAME_FOLDER_MS);
    rootTimer.unref();
  };
  planFollow();
  const ready = inTurn(scan);

  const readAll = async (): Promise<void> => {
    isCut = false;
    await readNode(reader, tree, true);
  };
  const list = async (): Promise<FileListing> => {
    if (isPolling) await readNode(reader, tree, true);
    else await settle(true);
    if (!isCut)
      listing ??= { files: filesOf(tree).sort(byPath), truncated: false, unread: unreadOf(tree).sort() };
    if (listing !== null && listing.files.length <= maxFiles) return listing;
    const walked = await walkFiles(root, undefined, maxFiles);
    // Some were removed: there is room for all again.
    if (!walked.truncated && isCut) await readAll();
    return walked;
  };
  let listed: Promise<FileListing> | null = null;
  return {
    ready,
    runs,
    get isTold() {
      return !isPolling && isScanned;
    },
    async files(signal) {
      await ready;
      // Two turns: whatever was written before the call has been heard of after them.
      await nextTurn();
      await nextTurn();
      listed ??= inTurn(() => {
        listed = null;
        return list();
      });
      const { files, truncated, unread } = await listed;
      signal?.throwIfAborted();
      return { files: [...files], truncated, unread: [...unread] };
    },
    refresh: () => inTurn(readAll),
    async close() {
      isClosed = true;
      teller.close();
      clearTimeout(pollTimer);
      clearTimeout(rootTimer);
      closeNode(tree);
      await last.catch(() => undefined);
    },
  };
}

/** Which folder it is; null where there is none. */
async function markOf(folder: string): Promise<string | null> {
  const info = await stat(folder, { bigint: true }).catch(() => null);
  return info === null ? null : `${info.dev}:${info.ino}`;
}

/** Files of the studio in a run's own folder say what became of it; the others are what it writes. */
function isStateOf(node: FolderNode, name: string): boolean {
  return name.endsWith('.json') && node.depth === RUN_DEPTH;
}

function runOf({ path }: FolderNode): string | null {
  return /^runs\/([^/]+)/.exec(path)?.[1] ?? null;
}

function closeWatches(node: FolderNode): void {
  node.watcher?.close();
  node.watcher = null;
  for (const child of node.folders.values()) closeWatches(child);
}

function unreadOf(node: FolderNode): string[] {
  return [...(node.isUnread ? [node.path] : []), ...[...node.folders.values()].flatMap(unreadOf)];
}

function filesOf(node: FolderNode): WorkspaceFile[] {
  const files = [...node.files.values()];
  for (const child of node.folders.values()) for (const file of filesOf(child)) files.push(file);
  return files;
}
