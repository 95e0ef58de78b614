// The bytes of a file that a person chose: a file it must be, and no larger than what it should hold. Knows nothing about its format.
import { basename } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import { openRegularFile } from './open-regular-file.ts';

export interface ChosenKind {
  readonly limitBytes: number;
  /** Ends `x is too large for …`. */
  readonly what: string;
  /** What to choose instead. */
  readonly hint: string;
}

/** `path` is absolute. Throws INVALID_INPUT for a folder, a pipe or a device, TOO_LARGE, or errno errors. */
export async function readChosenFile(path: string, { limitBytes, what, hint }: ChosenKind): Promise<Buffer> {
  await using file = await openRegularFile(path, hint);
  // Asked again of the bytes: it may have grown meanwhile.
  const bytes = file.info.size > limitBytes ? null : await file.handle.readFile();
  if (bytes !== null && bytes.byteLength <= limitBytes) return bytes;
  throw new StudioError('TOO_LARGE', `${basename(path)} is too large for ${what}`, { hint, path });
}
