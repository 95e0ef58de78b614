// Watches a workspace and reports changed paths, coalesced. Falls back to polling where the system has no
// watches left, and says so. Run output is left out: the series service tails it by itself.
import { watch, type FSWatcher } from 'chokidar';
import { toWorkspacePath } from '../files/resolve-inside.ts';
import type { SignalBus } from '../signal-bus.ts';
import { ignoredFolders, pulledWeightsFolder, temporaryName } from './list-files.ts';

/** One burst of changes (a git checkout, an unpacked archive) becomes one event. */
const COALESCE_MS = 100;
/** Polling reads every folder; two seconds keeps it under a percent of one core on a few thousand files. */
const POLL_INTERVAL_MS = 2000;
/** Deeper folders (checkpoints, shards) change without anybody editing them by hand. */
const WATCH_DEPTH = 6;

/** Written many times a second by a run. */
const runOutput = /^runs\/[^/]+\/(?!(run|exit)\.json$)/;

export interface WatcherOptions {
  readonly root: string;
  readonly changes: SignalBus<readonly string[]>;
  /** Called once when watching had to become polling; `reason` is a sentence. */
  readonly onPolling: (reason: string) => void;
  /** Start with polling (network file systems report no changes). */
  readonly polling?: boolean;
}

export interface Watcher {
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

/** Starts at once; `ready` resolves after the first scan, from when on no change is missed. */
export function startWatcher(options: WatcherOptions): Watcher {
  const { root, changes } = options;
  const waiting = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let polling = options.polling ?? false;

  const flush = () => {
    timer = undefined;
    const paths = [...waiting].sort();
    waiting.clear();
    if (paths.length > 0) changes.emit(paths);
  };
  const onChange = (path: string) => {
    waiting.add(toWorkspacePath(root, path));
    timer ??= setTimeout(flush, COALESCE_MS);
  };
  const isIgnored = (path: string) => {
    const inside = toWorkspacePath(root, path);
    const name = inside.slice(inside.lastIndexOf('/') + 1);
    return (
      ignoredFolders.has(name) ||
      temporaryName.test(name) ||
      runOutput.test(inside) ||
      pulledWeightsFolder.test(inside)
    );
  };

  let markReady = () => {};
  const ready = new Promise<void>((resolve) => {
    markReady = resolve;
  });
  const start = (): FSWatcher => {
    const next = watch(root, {
      ignored: isIgnored,
      ignoreInitial: true,
      followSymlinks: false,
      ignorePermissionErrors: true,
      depth: WATCH_DEPTH,
      usePolling: polling,
      interval: POLL_INTERVAL_MS,
      binaryInterval: POLL_INTERVAL_MS,
    });
    next.on('all', (_event, path) => onChange(path));
    // A watcher that ran out of watches never gets ready; the polling one that follows does.
    next.once('ready', markReady);
    next.on('error', (error) => onError(next, error));
    return next;
  };
  const onError = (failed: FSWatcher, error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    const outOfWatches = code === 'ENOSPC' || code === 'EMFILE';
    if (!outOfWatches || polling || closed || failed !== current) return;
    polling = true;
    current = start();
    void failed.close();
    options.onPolling(
      code === 'ENOSPC'
        ? 'The system has no file watches left, so changes by other programs are noticed within 2 s instead of at once'
        : 'Too many files are open, so changes by other programs are noticed within 2 s instead of at once',
    );
  };

  let current = start();
  return {
    ready,
    async close() {
      closed = true;
      clearTimeout(timer);
      await current.close();
    },
  };
}
