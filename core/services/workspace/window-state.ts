// Window state of a workspace (routes, pane sizes, open files) in .studio/window-state.json.
// In a read-only workspace it lives in memory until the workspace closes. Knows nothing about its content.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../api/errors.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import { isThere } from './require-folder.ts';

/** Routes and sizes take a few kilobytes, messages that were not sent up to 0.6 MB each; more means that documents are stored here. */
const MAX_STATE_BYTES = 8 * 1024 * 1024;
const stateSchema = z.record(z.string(), z.unknown());

export type WindowState = z.infer<typeof stateSchema>;

export interface WindowStateFile {
  read(): Promise<WindowState>;
  write(state: WindowState): Promise<void>;
}

/** A damaged file counts as empty. `writable: false` keeps everything in memory. */
export function createWindowStateFile(root: string, writable: boolean): WindowStateFile {
  const path = join(root, '.studio', 'window-state.json');
  let kept: WindowState | null = null;
  let queue: Promise<unknown> = Promise.resolve();
  return {
    async read() {
      if (kept) return kept;
      try {
        return stateSchema.parse(JSON.parse(await readFile(path, 'utf8')));
      } catch {
        return {};
      }
    },
    async write(state) {
      const text = JSON.stringify(state);
      if (Buffer.byteLength(text) > MAX_STATE_BYTES) {
        throw new StudioError('TOO_LARGE', 'The window state is more than 8 MB', {
          hint: 'Close some files and try again',
        });
      }
      kept = state;
      if (!writable) return;
      queue = queue
        .catch(() => {})
        .then(async () => {
          // A folder that was moved away must not be made anew; what it should hold is kept in memory.
          if (await isThere(root)) await writeFileAtomic(path, text);
        });
      await queue;
    },
  };
}
