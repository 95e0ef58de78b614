// Indexes of files of answers: each file is read once, its index kept in the workspace's cache and the newest ones in memory. A file
// that changed is read again. Several who want the same one wait for the same reading.
import { createHash } from 'node:crypto';
import { readFile, stat, utimes } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { StudioError } from '../../../api/errors.ts';
import {
  type IndexedFile,
  packIndex,
  type QuestionIndex,
  unpackIndex,
} from '../../../lib/evaluations/questions/question-index.ts';
import { writeFileAtomic } from '../../files/write-atomic.ts';
import { type BuildIndex, buildIndex, type IndexProgress } from './build-index.ts';

/** 50,000 questions take 6 MB; this is forty such files. */
const MAX_BYTES_IN_MEMORY = 268_435_456;

export interface IndexStore {
  /** `path` absolute. Throws NOT_FOUND, errno errors, and the signal's reason. */
  open(
    path: string,
    options?: {
      readonly signal?: AbortSignal | undefined;
      readonly onProgress?: (progress: IndexProgress) => void;
    },
  ): Promise<QuestionIndex>;
  /** Bytes of the indexes that are held. */
  readonly bytes: number;
}

export interface IndexStoreOptions {
  /** Absolute; made when it is needed. Indexes that cannot be written there are held in memory alone. */
  readonly cacheFolder: () => Promise<string>;
  /** Reads a file that is not known yet. */
  readonly build?: BuildIndex;
}

interface Shared {
  readonly work: Promise<QuestionIndex>;
  readonly controller: AbortController;
  waiting: number;
  readonly listeners: Set<(progress: IndexProgress) => void>;
}

export function createIndexStore({ cacheFolder, build = buildIndex }: IndexStoreOptions): IndexStore {
  /** The least recently used first. */
  const held = new Map<string, QuestionIndex>();
  const making = new Map<string, Shared>();
  let bytes = 0;

  const hold = (path: string, index: QuestionIndex): void => {
    drop(path);
    held.set(path, index);
    bytes += sizeOf(index);
    for (const [oldest] of held) {
      if (bytes <= MAX_BYTES_IN_MEMORY || oldest === path) break;
      drop(oldest);
    }
  };
  const drop = (path: string): void => {
    const known = held.get(path);
    if (known === undefined) return;
    held.delete(path);
    bytes -= sizeOf(known);
  };

  async function make(path: string, file: IndexedFile, shared: Pick<Shared, 'controller' | 'listeners'>) {
    const { signal } = shared.controller;
    const kept = join(
      await cacheFolder(),
      `${createHash('sha256').update(path).digest('hex').slice(0, 32)}.bin`,
    );
    const found = await readFile(kept).then(unpackIndex, () => null);
    if (found !== null && isOf(found, file)) {
      // What is used stays in the cache when others have to go.
      const now = new Date();
      await utimes(kept, now, now).catch(() => undefined);
      return found;
    }
    const index = await build(path, {
      signal,
      onProgress: (progress) => {
        for (const tell of shared.listeners) tell(progress);
      },
    });
    // A cache that cannot be written costs a reading the next time, nothing else.
    await writeFileAtomic(kept, packIndex(index)).catch(() => undefined);
    return index;
  }

  return {
    get bytes() {
      return bytes;
    },
    async open(path, { signal, onProgress } = {}) {
      signal?.throwIfAborted();
      const file = await fileAsItIs(path);
      signal?.throwIfAborted();
      const known = held.get(path);
      if (known !== undefined && isOf(known, file)) {
        hold(path, known);
        return known;
      }
      let shared = making.get(path);
      if (shared === undefined) {
        const parts = {
          controller: new AbortController(),
          listeners: new Set<(progress: IndexProgress) => void>(),
        };
        const work = make(path, file, parts);
        // Whoever waits hears of a failure; nobody may be waiting any more.
        work.catch(() => undefined);
        const own: Shared = { ...parts, work, waiting: 0 };
        shared = own;
        making.set(path, own);
        const ended = () => {
          if (making.get(path) === own) making.delete(path);
        };
        work.then((index) => {
          ended();
          hold(path, index);
        }, ended);
      }
      return waitFor(shared, { signal, onProgress, stop: () => making.delete(path) });
    },
  };
}

/** The reading ends when nobody waits for it any more. */
async function waitFor(
  shared: Shared,
  {
    signal,
    onProgress,
    stop,
  }: {
    readonly signal: AbortSignal | undefined;
    readonly onProgress: ((progress: IndexProgress) => void) | undefined;
    readonly stop: () => void;
  },
): Promise<QuestionIndex> {
  shared.waiting += 1;
  if (onProgress) shared.listeners.add(onProgress);
  let onAbort: (() => void) | undefined;
  try {
    if (signal === undefined) return await shared.work;
    const aborted = new Promise<never>((_, reject) => {
      onAbort = () => reject(signal.reason as Error);
      signal.addEventListener('abort', onAbort, { once: true });
    });
    return await Promise.race([shared.work, aborted]);
  } finally {
    if (onAbort) signal?.removeEventListener('abort', onAbort);
    if (onProgress) shared.listeners.delete(onProgress);
    shared.waiting -= 1;
    if (shared.waiting === 0 && signal?.aborted) {
      stop();
      shared.controller.abort(signal.reason);
    }
  }
}

async function fileAsItIs(path: string): Promise<IndexedFile> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { sizeBytes: size, modifiedMs: mtimeMs };
  } catch (error) {
    throw new StudioError('NOT_FOUND', `The answers ${basename(path)} are not there any more`, {
      hint: 'Import them again, or evaluate again with answers kept',
      path,
      cause: error,
    });
  }
}

const isOf = ({ source }: QuestionIndex, file: IndexedFile): boolean =>
  source.sizeBytes === file.sizeBytes && source.modifiedMs === file.modifiedMs;

/** Columns of doubles: eleven, and one a metric. */
const sizeOf = ({ count, scores }: QuestionIndex): number => count * 8 * (11 + scores.size);
