// An output that is one data file with a card beside it: both are there whole, or neither is.
import { open, rename, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import { writeFileAtomic } from './write-atomic.ts';

export async function requireFree(path: string): Promise<void> {
  const taken = await stat(path).then(
    () => true,
    () => false,
  );
  if (!taken) return;
  throw new StudioError('ALREADY_EXISTS', `${basename(path)} exists already`, {
    hint: 'Choose another name, or replace it',
    path,
  });
}

/** Throws INVALID_INPUT when `output` is the file that is read, by whatever name, or a folder. */
export async function requireOther(source: string, output: string): Promise<void> {
  const [a, b] = await Promise.all([stat(source), stat(output).catch(() => null)]);
  if (b?.isDirectory()) {
    throw new StudioError('INVALID_INPUT', `${basename(output)} is a folder`, {
      hint: 'Choose the name of a file',
      path: output,
    });
  }
  if (b === null || a.dev !== b.dev || a.ino !== b.ino) return;
  throw new StudioError('INVALID_INPUT', `${basename(output)} is one of the files that are read`, {
    hint: 'Choose another name for the result',
    path: output,
  });
}

/** Gives the finished `aside` its name. The card goes first: data must never stand without it. */
export async function finishOutput(finished: {
  readonly aside: string;
  readonly output: string;
  readonly card: { readonly path: string; readonly text: string };
}): Promise<void> {
  const { aside, output, card } = finished;
  await syncFile(aside);
  await writeFileAtomic(card.path, card.text);
  await rename(aside, output);
}

/** That nothing may be written here, as Node and as services say it. */
const REFUSALS: ReadonlySet<string | undefined> = new Set([
  'PERMISSION_DENIED',
  'EACCES',
  'EPERM',
  'NOT_FOUND',
  'ENOENT',
  'INVALID_INPUT',
  'ENOTDIR',
]);

/** Why an output could not be written, in words that a person can act on; whatever else it is comes back as it was. */
export function explainOutput(
  error: unknown,
  output: string,
  hint = 'Free some space, or choose another folder; nothing was changed',
): unknown {
  const code = codeOf(error);
  if (code === 'DISK_FULL' || code === 'ENOSPC' || code === 'EDQUOT') {
    return new StudioError('DISK_FULL', `There is no space left to write ${basename(output)}`, {
      hint,
      path: output,
      cause: error,
    });
  }
  // It is written aside first, under a name that says nothing to anybody.
  const path = error instanceof StudioError ? error.data.path : (error as NodeJS.ErrnoException).path;
  if (path === undefined || path === output || dirname(path) !== dirname(output)) return error;
  if (!path.endsWith('.tmp')) return error;
  const isReadOnly = code === 'READ_ONLY' || code === 'EROFS';
  if (!isReadOnly && !REFUSALS.has(code)) return error;
  return new StudioError(
    isReadOnly ? 'READ_ONLY' : 'PERMISSION_DENIED',
    `${basename(output)} cannot be written into this folder`,
    {
      hint: 'Choose a folder that is there and that you may write to',
      path: output,
      cause: error,
    },
  );
}

function codeOf(error: unknown): string | undefined {
  return error instanceof StudioError ? error.code : (error as NodeJS.ErrnoException).code;
}

async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
