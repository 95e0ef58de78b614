// The datasets that are open in this core: each file is opened once, shared by everyone who asks, and opened again when it
// changed on disk. Closing nothing is needed: an open dataset is only facts about a file.
import { access } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ActivityLog } from '../system/activities.ts';
import { detectDataset } from './detect.ts';
import type { DatasetEngine } from './engine.ts';
import { findImport } from './import-text.ts';
import { isSameFile, openDataset, type OpenProgress } from './open.ts';
import type { DatasetSource } from './source.ts';

export interface DatasetLibrary {
  /** `path` is absolute. The work ends when every caller that waits for it has aborted. */
  open(
    path: string,
    signal?: AbortSignal,
    onProgress?: (progress: OpenProgress) => void,
  ): Promise<DatasetSource>;
}

export interface LibraryOptions {
  readonly engine: DatasetEngine;
  /** Where imports of text formats go; asked for on each import. */
  readonly cacheFolder: () => Promise<string>;
  /** Shows imports as long work; the command line has none. */
  readonly activities?: ActivityLog | undefined;
}

interface Opening {
  readonly promise: Promise<DatasetSource>;
  readonly controller: AbortController;
  readonly listeners: Set<(progress: OpenProgress) => void>;
  waiting: number;
}

/** Facts of more files than a person looks at in one sitting; the oldest is opened again when wanted. */
const MAX_OPEN = 100;

export function createDatasetLibrary(options: LibraryOptions): DatasetLibrary {
  const opened = new Map<string, DatasetSource>();
  const openings = new Map<string, Opening>();

  const start = (path: string): Opening => {
    const controller = new AbortController();
    const listeners = new Set<(progress: OpenProgress) => void>();
    const promise = openNow(path, options, controller.signal, (progress) => {
      for (const listener of listeners) listener(progress);
    }).finally(() => {
      if (openings.get(path)?.controller === controller) openings.delete(path);
    });
    const opening = { promise, controller, listeners, waiting: 0 };
    openings.set(path, opening);
    return opening;
  };

  return {
    async open(path, signal, onProgress) {
      const known = opened.get(path);
      if (known && (await isCurrent(known))) return known;
      signal?.throwIfAborted();
      const running = openings.get(path);
      // One that was given up by its last caller cannot be joined any more.
      const opening = running && !running.controller.signal.aborted ? running : start(path);
      const leave = (): void => {
        opening.waiting -= 1;
        if (opening.waiting === 0) opening.controller.abort();
      };
      opening.waiting += 1;
      if (onProgress) opening.listeners.add(onProgress);
      signal?.addEventListener('abort', leave, { once: true });
      try {
        const source = await opening.promise;
        signal?.throwIfAborted();
        opened.delete(path);
        opened.set(path, source);
        const oldest = opened.keys().next().value;
        if (opened.size > MAX_OPEN && oldest !== undefined) opened.delete(oldest);
        return source;
      } finally {
        signal?.removeEventListener('abort', leave);
        if (onProgress) opening.listeners.delete(onProgress);
      }
    },
  };
}

async function isCurrent(source: DatasetSource): Promise<boolean> {
  try {
    await access(source.parquetPath);
    return isSameFile(source, await detectDataset(source.path));
  } catch {
    // Gone or damaged: opening it again says what is wrong.
    return false;
  }
}

async function openNow(
  path: string,
  options: LibraryOptions,
  signal: AbortSignal,
  onProgress: (progress: OpenProgress) => void,
): Promise<DatasetSource> {
  const { engine, activities } = options;
  const file = await detectDataset(path);
  const cacheFolder = await options.cacheFolder();
  const quick = file.format === 'parquet' || (await findImport(path, file, cacheFolder)) !== null;
  if (quick || !activities) return openDataset(path, { engine, cacheFolder, signal, onProgress });
  return activities.run({ title: `Indexing ${basename(path)}`, unit: 'bytes', signal }, (activity) =>
    openDataset(path, {
      engine,
      cacheFolder,
      signal: activity.signal,
      onProgress: (progress) => {
        activity.progress(progress.doneBytes, progress.totalBytes);
        onProgress(progress);
      },
    }),
  );
}
