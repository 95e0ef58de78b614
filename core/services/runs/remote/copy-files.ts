// Local copies of files that grow on another computer. A copy is only appended to, and its length is the place to read on from:
// after a kill, a sleep or a lost link it goes on where it was. A file that was replaced there starts a new copy; the old one is
// kept beside it.
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../../api/errors.ts';
import { type FollowAnswer, followScript, parseFollow } from '../../../lib/remote/follow.ts';
import { lookScript, NO_LIST, parseLook, watchListScript } from '../../../lib/remote/watch-files.ts';
import { writeFileAtomic } from '../../files/write-atomic.ts';
import type { RemoteRequest, RemoteResult } from '../../targets/remote-shell.ts';

/** Of one file in one answer: other files and commands come in between. */
const MAX_BYTES = 4 * 1024 * 1024;
const TIMEOUT_MS = 60_000;

export interface FileCopy {
  /** Absolute, on the other computer. */
  readonly remotePath: string;
  /** Absolute, here. */
  readonly localPath: string;
  /** Absolute: a folder above it that is not made. When it is gone, so is whoever wanted the copy. */
  readonly within: string;
}

export interface CopyRound {
  /** Bytes that were new, over all files. */
  readonly bytes: number;
  /** Some file has more than one answer may hold: ask again at once. */
  readonly hasMore: boolean;
}

export interface FileCopier {
  /** Reads what is new. Throws what `run` throws; a copy is never left with a hole. */
  round(files: readonly FileCopy[]): Promise<CopyRound>;
}

export interface FileCopierOptions {
  readonly run: (request: RemoteRequest) => Promise<RemoteResult>;
  /** Remembers which files the copies belong to, over restarts. Absolute. */
  readonly memoryPath: string;
  /** Called with the path of each copy that got new bytes. */
  readonly onGrown?: ((localPath: string) => void) | undefined;
}

/** The files that the other side knows by a list of its own. */
interface Watched {
  readonly id: string;
  readonly paths: string;
  /** Places of files that may have more than is here. */
  readonly pending: Set<number>;
}

export function createFileCopier({ run, memoryPath, onGrown }: FileCopierOptions): FileCopier {
  let remembered: Map<string, string> | null = null;
  let watched: Watched | null = null;

  const look = async (files: readonly FileCopy[]): Promise<Watched> => {
    const paths = files.map(({ remotePath }) => remotePath);
    const key = paths.join('\n');
    const known = watched?.paths === key ? watched : null;
    const state = known ?? { id: randomBytes(6).toString('hex'), paths: key, pending: new Set<number>() };
    const script = lookScript(state.id);
    const { exitCode, stdout, stderr } = await run({
      script: known ? script : `${watchListScript(state.id, paths, watched?.id ?? null)}\n${script}`,
      timeoutMs: TIMEOUT_MS,
    });
    if (exitCode === NO_LIST && known) {
      watched = null;
      return look(files);
    }
    if (exitCode !== 0) throw cannotLook(stderr);
    for (const { index } of parseLook(new TextDecoder().decode(stdout), files.length))
      state.pending.add(index);
    return state;
  };

  const readOn = async (files: readonly FileCopy[], pending: Set<number>): Promise<CopyRound> => {
    const inodes = (remembered ??= await readMemory(memoryPath));
    let isOther = false;
    const places = [...pending];
    const asked = places.flatMap((place) => files[place] ?? []);
    const offsets = await Promise.all(asked.map(({ localPath }) => lengthOf(localPath)));
    const mark = randomBytes(8).toString('hex');
    const { stdout } = await run({
      script: followScript(
        asked.map(({ remotePath }, index) => ({ path: remotePath, offset: offsets[index] ?? 0, known: '' })),
        MAX_BYTES,
        mark,
      ),
      timeoutMs: TIMEOUT_MS,
    });
    let bytes = 0;
    for (const [index, answer] of parseFollow(stdout, asked.length, mark).entries()) {
      const file = asked[index];
      const place = places[index];
      if (!file || place === undefined) continue;
      const known = inodes.get(file.remotePath);
      const took: CopyRound =
        answer.kind === 'grown'
          ? await take(file, offsets[index] ?? 0, answer, inodes)
          : { bytes: 0, hasMore: false };
      isOther ||= inodes.get(file.remotePath) !== known;
      bytes += took.bytes;
      if (took.bytes > 0) onGrown?.(file.localPath);
      if (!took.hasMore) pending.delete(place);
    }
    if (isOther) await writeFileAtomic(memoryPath, textOf(inodes));
    return { bytes, hasMore: pending.size > 0 };
  };

  return {
    async round(files) {
      if (files.length === 0) return { bytes: 0, hasMore: false };
      try {
        // What is known to be unread is read before anything is looked at again.
        const isUnread = watched !== null && watched.pending.size > 0 && isSame(watched, files);
        watched = isUnread ? watched : await look(files);
        if (watched === null || watched.pending.size === 0) return { bytes: 0, hasMore: false };
        return await readOn(files, watched.pending);
      } catch (error) {
        // An answer may be lost, and with it what had changed: everything is compared anew.
        watched = null;
        throw error;
      }
    },
  };
}

function isSame(watched: Watched, files: readonly FileCopy[]): boolean {
  return watched.paths === files.map(({ remotePath }) => remotePath).join('\n');
}

function cannotLook(printed: string): StudioError {
  return new StudioError('UNAVAILABLE', 'The files of the runs could not be looked at', {
    hint: 'The temporary folder of the target may be full (/tmp or TMPDIR); it is tried again by itself',
    detail: printed,
  });
}

const memory = z.record(z.string(), z.string());

async function readMemory(path: string): Promise<Map<string, string>> {
  try {
    return new Map(Object.entries(memory.parse(JSON.parse(await readFile(path, 'utf8')))));
  } catch {
    // Nothing was copied yet, or the note is damaged: then the copies are taken for what they are.
    return new Map();
  }
}

/** `{"<path>": "<inode>"}` */
function textOf(inodes: ReadonlyMap<string, string>): string {
  return JSON.stringify(Object.fromEntries(inodes));
}

async function take(
  { remotePath, localPath, within }: FileCopy,
  offset: number,
  answer: Extract<FollowAnswer, { kind: 'grown' }>,
  inodes: Map<string, string>,
): Promise<CopyRound> {
  const before = inodes.get(remotePath);
  const isOther = offset > 0 && before !== undefined && before !== answer.inode;
  if (isOther || answer.size < offset) {
    // What was copied belongs to a file that is gone there. The next round starts from the beginning of the new one.
    await rename(localPath, `${localPath}.${Date.now()}.old`);
    inodes.delete(remotePath);
    return { bytes: 0, hasMore: true };
  }
  if (answer.bytes.length > 0) {
    try {
      if (offset === 0) await makeFoldersBelow(within, dirname(localPath));
      await append(localPath, offset, answer.bytes);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return { bytes: 0, hasMore: false };
    }
  }
  inodes.set(remotePath, answer.inode);
  return { bytes: answer.bytes.length, hasMore: offset + answer.bytes.length < answer.size };
}

/** Writes at exactly `offset`: if somebody else appended meanwhile, the same bytes land on the same place. */
async function append(path: string, offset: number, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, offset === 0 ? 'a+' : 'r+');
  const writable = offset === 0 ? await reopened(path, handle) : handle;
  try {
    let written = 0;
    while (written < bytes.length) {
      const result = await writable.write(bytes, written, bytes.length - written, offset + written);
      written += result.bytesWritten;
    }
  } finally {
    await writable.close();
  }
}

/** The folders from `top`, which has to be there, down to `folder`. Throws ENOENT where it is not. */
async function makeFoldersBelow(top: string, folder: string): Promise<void> {
  let at = top;
  for (const name of relative(top, folder)
    .split(sep)
    .filter((part) => part !== '')) {
    at = join(at, name);
    await mkdir(at).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
  }
}

/** `a+` makes the file where it is missing but ignores positions. */
async function reopened(path: string, handle: Awaited<ReturnType<typeof open>>): Promise<typeof handle> {
  await handle.close();
  return open(path, 'r+');
}

async function lengthOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
