// Opens a file to read it, and refuses everything that only looks like one: folders, named pipes, devices.
// Knows nothing about what is in it.
import { constants, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { StudioError } from '../../api/errors.ts';

export interface RegularFile extends AsyncDisposable {
  readonly handle: FileHandle;
  /** As it was when the file was opened. */
  readonly info: Stats;
}

/**
 * A file at `path` (absolute), to be closed with `await using`. `hint` says what to choose instead.
 * Throws INVALID_INPUT when it is no regular file, or errno errors.
 */
export async function openRegularFile(path: string, hint: string): Promise<RegularFile> {
  // Without O_NONBLOCK, opening a named pipe waits for a writer that may never come.
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const info = await handle.stat();
    if (!info.isFile()) {
      throw new StudioError('INVALID_INPUT', `${basename(path)} is ${kindOf(info)}, not a file`, {
        hint,
        path,
      });
    }
    return { handle, info, [Symbol.asyncDispose]: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function kindOf(info: Stats): string {
  if (info.isDirectory()) return 'a folder';
  return info.isFIFO() ? 'a named pipe' : 'a device';
}
