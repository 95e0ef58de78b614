// Local copies of files that grow on another computer. A copy is only appended to, and its length is the place to read on from:
// after a kill, a sleep or a lost link it goes on where it was. A file that was replaced there starts a new copy; the old one is
// kept beside it.
import { randomBytes } from 'node:crypto';
import { open, readFile, rename, stat } from 'node:fs/promises';
import { z } from 'zod';
import { type FollowAnswer, type FollowedFile, followScript, parseFollow } from '../../lib/remote/follow.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import type { RemoteRequest, RemoteResult } from '../targets/remote-shell.ts';

/** Of one file in one answer: other files and commands come in between. */
const MAX_BYTES = 4 * 1024 * 1024;
const TIMEOUT_MS = 60_000;

export interface FileCopy {
  /** Absolute, on the other computer. */
  readonly remotePath: string;
  /** Absolute, here. */
  readonly localPath: string;
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

interface Known {
  stamp: string;
  inode: string;
}

export interface FileCopierOptions {
  readonly run: (request: RemoteRequest) => Promise<RemoteResult>;
  /** Remembers which files the copies belong to, over restarts. Absolute. */
  readonly memoryPath: string;
}

export function createFileCopier({ run, memoryPath }: FileCopierOptions): FileCopier {
  let remembered: Map<string, Known> | null = null;
  return {
    async round(files) {
      const known = (remembered ??= await readMemory(memoryPath));
      const inodes = inodesOf(known);
      const offsets = await Promise.all(files.map(({ localPath }) => lengthOf(localPath)));
      const asked: FollowedFile[] = files.map(({ remotePath }, index) => ({
        path: remotePath,
        offset: offsets[index] ?? 0,
        known: known.get(remotePath)?.stamp ?? '',
      }));
      const mark = randomBytes(8).toString('hex');
      const { stdout } = await run({ script: followScript(asked, MAX_BYTES, mark), timeoutMs: TIMEOUT_MS });
      const answers = parseFollow(stdout, files.length, mark);
      let bytes = 0;
      let hasMore = false;
      for (const [index, answer] of answers.entries()) {
        const file = files[index];
        if (!file || answer.kind !== 'grown') continue;
        const took = await take(file, offsets[index] ?? 0, answer, known);
        bytes += took.bytes;
        hasMore ||= took.hasMore;
      }
      if (inodesOf(known) !== inodes) await writeFileAtomic(memoryPath, inodesOf(known));
      return { bytes, hasMore };
    },
  };
}

const memory = z.record(z.string(), z.string());

async function readMemory(path: string): Promise<Map<string, Known>> {
  try {
    const inodes = memory.parse(JSON.parse(await readFile(path, 'utf8')));
    return new Map(Object.entries(inodes).map(([file, inode]) => [file, { inode, stamp: '' }]));
  } catch {
    // Nothing was copied yet, or the note is damaged: then the copies are taken for what they are.
    return new Map();
  }
}

/** `{"<path>": "<inode>"}` */
function inodesOf(known: ReadonlyMap<string, Known>): string {
  return JSON.stringify(Object.fromEntries([...known].map(([path, { inode }]) => [path, inode])));
}

async function take(
  { remotePath, localPath }: FileCopy,
  offset: number,
  answer: Extract<FollowAnswer, { kind: 'grown' }>,
  known: Map<string, Known>,
): Promise<CopyRound> {
  const before = known.get(remotePath);
  const isOther = offset > 0 && before !== undefined && before.inode !== answer.inode;
  if (isOther || answer.size < offset) {
    // What was copied belongs to a file that is gone there. The next round starts from the beginning of the new one.
    await rename(localPath, `${localPath}.${Date.now()}.old`);
    known.delete(remotePath);
    return { bytes: 0, hasMore: true };
  }
  const end = offset + answer.bytes.length;
  if (answer.bytes.length > 0) await append(localPath, offset, answer.bytes);
  const isWhole = end >= answer.size;
  // Only a copy that has everything may be left unanswered next time.
  known.set(remotePath, { inode: answer.inode, stamp: isWhole ? `${answer.size} ${answer.inode}` : '' });
  return { bytes: answer.bytes.length, hasMore: !isWhole };
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
