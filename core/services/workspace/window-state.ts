// Window state of a workspace (routes, pane sizes, unsaved text) in .studio/window-state.json. Windows and studios on one workspace
// write changes into it, each its own. In a read-only workspace it lives in memory until the workspace closes, and so does what the
// disk refuses. Knows nothing about its content.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../api/errors.ts';
import { type StateChange, withStateChanges } from '../../lib/window-state/changes.ts';
import { withFileLock } from '../files/with-file-lock.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import { isThere } from './require-folder.ts';

/** Routes and sizes take a few kilobytes, messages that were not sent up to 0.6 MB each; more means that documents are stored here. */
const MAX_STATE_BYTES = 8 * 1024 * 1024;
const FILE = '.studio/window-state.json';
const stateSchema = z.record(z.string(), z.unknown());

export type WindowState = z.infer<typeof stateSchema>;

export interface WindowStateFile {
  read(): Promise<WindowState>;
  /** Throws what the disk says; the changes are kept in memory all the same, and written with the next ones. */
  change(changes: readonly StateChange[]): Promise<void>;
}

/** A damaged file counts as what was in it when it was last seen. `writable: false` keeps everything in memory. */
export function createWindowStateFile(root: string, writable: boolean): WindowStateFile {
  const path = join(root, FILE);
  let seen: WindowState = {};
  /** Told and not on the disk, by what they change. */
  let waiting = new Map<string, StateChange>();
  let queue: Promise<unknown> = Promise.resolve();

  /** Throws errno errors of a file that is there and does not let itself be read. */
  const onDisk = async (): Promise<WindowState> => {
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
      throw error;
    });
    // `.studio` may be deleted, also under an open window, which tells only what changes.
    if (text === null) return seen;
    try {
      seen = stateSchema.parse(JSON.parse(text));
    } catch {
      // Damaged by another program: the next change mends it.
    }
    return seen;
  };
  const write = async (): Promise<void> => {
    const written = [...waiting];
    const next = withStateChanges(
      await onDisk(),
      written.map(([, change]) => change),
    );
    await writeFileAtomic(path, JSON.stringify(next));
    seen = next;
    for (const [key, change] of written) if (waiting.get(key) === change) waiting.delete(key);
  };
  return {
    async read() {
      const state = await onDisk().catch(() => seen);
      return withStateChanges(state, [...waiting.values()]);
    },
    async change(changes) {
      const before = waiting;
      waiting = new Map(before);
      for (const change of changes) {
        const key = JSON.stringify(change.path);
        // Last made, last in order: a change of the whole must not undo a later one of a part.
        waiting.delete(key);
        waiting.set(key, change);
      }
      const all = withStateChanges(seen, [...waiting.values()]);
      if (Buffer.byteLength(JSON.stringify(all)) > MAX_STATE_BYTES) {
        waiting = before;
        throw new StudioError('TOO_LARGE', 'The window state is more than 8 MB', {
          hint: 'Save or close some files and try again',
        });
      }
      if (!writable) return;
      queue = queue
        .catch(() => {})
        .then(async () => {
          // A folder that was moved away must not be made anew; what it should hold is kept in memory.
          if (await isThere(root)) await withFileLock(root, FILE, write);
        });
      await queue;
    },
  };
}
