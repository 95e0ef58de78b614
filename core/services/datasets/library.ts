// The datasets that are open in this core: each file is opened once, shared by everyone who asks, and opened again when it
// changed on disk. Closing nothing is needed: an open dataset is only facts about a file.
import type { ChildProcess } from 'node:child_process';
import { access, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ActivityLog } from '../system/activities.ts';
import { createDamageChoices, type DamageChoices } from './damage-choices.ts';
import { type DataFile, type DataFiles, findDataFiles } from './data-files.ts';
import { detectDataset } from './detect.ts';
import type { DatasetEngine } from './engine.ts';
import { findImport } from './imports/import-text.ts';
import { findTokenImport } from './tokenized/import-tokens.ts';
import { openDataset, type OpenProgress } from './open.ts';
import type { DatasetSource } from './source.ts';
import { tokenFileStamp } from './tokenized/token-file.ts';

export interface DatasetLibrary {
  /** `path` is absolute: a file, a folder or a glob. The work ends when every caller that waits for it has aborted. */
  open(
    path: string,
    signal?: AbortSignal,
    onProgress?: (progress: OpenProgress) => void,
  ): Promise<DatasetSource>;
  /** The files that a path stands for. Throws NOT_FOUND when there is none. */
  files(path: string, signal?: AbortSignal): Promise<DataFiles>;
  /** Files of this dataset that cannot be read are left out until a file changes, and the notes say so. */
  skipDamaged(path: string): void;
  /** The same without those that are left out for damage. Throws what opening throws. */
  readableFiles(path: string, signal?: AbortSignal): Promise<readonly DataFile[]>;
}

export interface LibraryOptions {
  readonly engine: DatasetEngine;
  /** Where imports of text formats go; asked for on each import. */
  readonly cacheFolder: () => Promise<string>;
  /** Starts the process that reads Arrow; without it such files cannot be opened. */
  readonly spawnArrow?: (() => ChildProcess) | undefined;
  /** Where the files of a folder or a glob may lie, links followed; absent or null: everywhere. */
  readonly root?: (() => string | null) | undefined;
  /** Shows imports as long work; the command line has none. */
  readonly activities?: ActivityLog | undefined;
  /** Shared with the other libraries of a core; of its own otherwise. */
  readonly damage?: DamageChoices | undefined;
}

interface Opening {
  readonly promise: Promise<DatasetSource>;
  readonly controller: AbortController;
  readonly listeners: Set<(progress: OpenProgress) => void>;
  waiting: number;
}

/** Facts of more files than a person looks at in one sitting; the oldest is opened again when wanted. */
const MAX_OPEN = 100;
/** A dataset of many files is looked at again after this long: each page of it asks. */
const TRUST_MS = 1000;

export function createDatasetLibrary(options: LibraryOptions): DatasetLibrary {
  const opened = new Map<string, { readonly source: DatasetSource; checkedMs: number }>();
  const damage = options.damage ?? createDamageChoices();
  const openings = new Map<string, Opening>();

  const start = (path: string): Opening => {
    const controller = new AbortController();
    const listeners = new Set<(progress: OpenProgress) => void>();
    const promise = openNow({ path, damage }, options, controller.signal, (progress) => {
      for (const listener of listeners) listener(progress);
    }).finally(() => {
      if (openings.get(path)?.controller === controller) openings.delete(path);
    });
    const opening = { promise, controller, listeners, waiting: 0 };
    openings.set(path, opening);
    return opening;
  };

  const library: DatasetLibrary = {
    async open(path, signal, onProgress) {
      const known = opened.get(path);
      if (known && (await isCurrent(known, damage, options.root?.() ?? null))) return known.source;
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
        for (const file of source.files) {
          if (file.parquetPath !== file.path) options.engine.knowImport(file.parquetPath, file.path);
        }
        opened.delete(path);
        opened.set(path, { source, checkedMs: Date.now() });
        const oldest = opened.keys().next().value;
        if (opened.size > MAX_OPEN && oldest !== undefined) opened.delete(oldest);
        return source;
      } finally {
        signal?.removeEventListener('abort', leave);
        if (onProgress) opening.listeners.delete(onProgress);
      }
    },
    files: (path, signal) => findDataFiles(path, { root: options.root?.() ?? null, signal }),
    skipDamaged(path) {
      damage.choose(path);
      opened.delete(path);
    },
    async readableFiles(path, signal) {
      const { files } = await library.files(path, signal);
      return (await damage.check(path, files)) ? (await library.open(path, signal)).files : files;
    },
  };
  return library;
}

async function isCurrent(
  known: { readonly source: DatasetSource; checkedMs: number },
  damage: DamageChoices,
  root: string | null,
): Promise<boolean> {
  const { path, files, info } = known.source;
  const isOne = info.kind === 'file';
  if (!isOne && Date.now() - known.checkedMs < TRUST_MS) return true;
  try {
    if (!isOne) {
      const found = (await findDataFiles(path, { root })).files;
      if (found.length !== known.source.foundFiles) return false;
      // One that was left out may be whole by now.
      if (files.length < found.length && !(await damage.check(path, found))) return false;
    }
    for (const file of files) {
      await access(file.parquetPath);
      const now = file.tokens ? await tokenFileStamp(file.path) : await stamp(file.path);
      if (now.sizeBytes !== file.sizeBytes || now.modifiedMs !== file.modifiedMs) return false;
    }
    known.checkedMs = Date.now();
    return true;
  } catch {
    // Gone or unreadable: opening it again says what is wrong.
    return false;
  }
}

async function stamp(path: string): Promise<{ sizeBytes: number; modifiedMs: number }> {
  const { size, mtimeMs } = await stat(path);
  return { sizeBytes: size, modifiedMs: mtimeMs };
}

async function openNow(
  wish: { readonly path: string; readonly damage: DamageChoices },
  options: LibraryOptions,
  signal: AbortSignal,
  onProgress: (progress: OpenProgress) => void,
): Promise<DatasetSource> {
  const { path, damage } = wish;
  const { engine, activities } = options;
  const cacheFolder = await options.cacheFolder();
  const root = options.root?.() ?? null;
  const { files } = await findDataFiles(path, { root, signal });
  const open = {
    engine,
    cacheFolder,
    spawnArrow: options.spawnArrow,
    skipDamaged: await damage.check(path, files),
    root,
  };
  if (!activities || (await isQuick(files, cacheFolder))) {
    return openDataset(path, { ...open, signal, onProgress });
  }
  return activities.run({ title: `Indexing ${basename(path)}`, unit: 'bytes', signal }, (activity) =>
    openDataset(path, {
      ...open,
      signal: activity.signal,
      onProgress: (progress) => {
        activity.progress(progress.doneBytes, progress.totalBytes);
        onProgress(progress);
      },
    }),
  );
}

/** True when there is nothing to import. */
async function isQuick(files: readonly DataFile[], cacheFolder: string): Promise<boolean> {
  for (const file of files) {
    const detected = await detectDataset(file.path).catch(() => null);
    if (detected === null || detected.format === 'parquet') continue;
    const find = detected.format === 'ds' ? findTokenImport : findImport;
    if ((await find(file.path, detected, cacheFolder)) === null) return false;
  }
  return true;
}
