// Maps what Node's file system and processes throw to errors a person can act on.
// Knows errno codes and nothing about any service.
import { type ErrorCode, StudioError } from '../api/errors.ts';

const byErrno: Readonly<Record<string, { code: ErrorCode; what: string; hint: string }>> = {
  ENOENT: {
    code: 'NOT_FOUND',
    what: 'does not exist',
    hint: 'It may have been moved or removed: check the path, or choose another one',
  },
  EACCES: {
    code: 'PERMISSION_DENIED',
    what: 'may not be accessed',
    hint: 'Ask for permission on the folder, or work on a copy',
  },
  EPERM: {
    code: 'PERMISSION_DENIED',
    what: 'may not be changed',
    hint: 'Ask for permission on the folder, or work on a copy',
  },
  EROFS: {
    code: 'READ_ONLY',
    what: 'is on a read-only file system',
    hint: 'Save a copy in a folder you may write to',
  },
  ENOSPC: {
    code: 'DISK_FULL',
    what: 'could not be written because the disk is full',
    hint: 'Free some space and save again; the old file is intact',
  },
  EDQUOT: {
    code: 'DISK_FULL',
    what: 'could not be written because your disk quota is used up',
    hint: 'Free some space and save again; the old file is intact',
  },
  EEXIST: { code: 'ALREADY_EXISTS', what: 'exists already', hint: 'Choose another name' },
  EISDIR: { code: 'INVALID_INPUT', what: 'is a folder, not a file', hint: 'Choose a file' },
  ENOTDIR: { code: 'INVALID_INPUT', what: 'is a file, not a folder', hint: 'Choose a folder' },
  ENXIO: { code: 'INVALID_INPUT', what: 'is a socket or a device, not a file', hint: 'Choose a file' },
  ELOOP: {
    code: 'INVALID_INPUT',
    what: 'is a link that leads to itself',
    hint: 'Choose the file itself, or mend the link',
  },
  ENAMETOOLONG: { code: 'INVALID_INPUT', what: 'has too long a name', hint: 'Choose a shorter name' },
  EMFILE: {
    code: 'UNAVAILABLE',
    what: 'could not be opened because too many files are open',
    hint: 'Close some views and try again',
  },
  EFBIG: { code: 'TOO_LARGE', what: 'is too large', hint: 'Split the file' },
};

/** Any thrown value → StudioError. Aborts become CANCELLED; the unknown becomes INTERNAL with its text as detail. */
export function toStudioError(error: unknown): StudioError {
  if (error instanceof StudioError) return error;
  if (error instanceof Error && error.name === 'AbortError') {
    return new StudioError('CANCELLED', 'Cancelled', {
      hint: 'Start it again if it is still wanted',
      cause: error,
    });
  }
  const errno = error as Partial<NodeJS.ErrnoException>;
  const known = errno.code === undefined ? undefined : byErrno[errno.code];
  if (known && error instanceof Error) {
    const name = errno.path === undefined ? 'The file' : lastPart(errno.path);
    return new StudioError(known.code, `${name} ${known.what}`, {
      hint: known.hint,
      cause: error,
      ...(errno.path === undefined ? {} : { path: errno.path }),
    });
  }
  return new StudioError('INTERNAL', 'Something in the studio failed that should not', {
    hint: 'Copy the details and report them; nothing was changed',
    detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
    cause: error,
  });
}

function lastPart(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
