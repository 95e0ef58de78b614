// remote.json of a run's folder: what the scheduler said last.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import {
  type AttemptLine,
  type RemoteFile,
  remoteFile,
  type RunRecord,
} from '../../../lib/runs/run-files.ts';
import { attemptsOf } from '../../../lib/runs/attempts.ts';
import { quoteWord } from '../../../lib/remote/quote.ts';
import { ATTEMPTS_FILE } from '../../../lib/slurm/batch-script.ts';
import { remotePath } from '../../../lib/remote/quote.ts';
import { writeFileAtomic } from '../../files/write-atomic.ts';

export const unknownRemote: RemoteFile = {
  jobId: null,
  submittedMs: null,
  state: '',
  reason: '',
  seenMs: null,
  limitSeconds: null,
  goneMs: null,
  unknownSinceMs: null,
  problem: null,
  lost: false,
  noted: 0,
  tasks: {},
  pastStates: [],
};

/** `folder` is the run's, here. A missing or damaged file says that nothing is known. */
export async function readRemote(folder: string): Promise<RemoteFile> {
  return (await readSmallJson(join(folder, 'remote.json'), remoteFile)) ?? unknownRemote;
}

/** Changes what is given; returns the whole. Of a run that was removed meanwhile nothing is written. */
export async function writeRemote(folder: string, change: Partial<RemoteFile>): Promise<RemoteFile> {
  const before = await readRemote(folder);
  const after = { ...before, ...change };
  if (JSON.stringify(after) !== JSON.stringify(before)) {
    await writeIntoRun(join(folder, 'remote.json'), JSON.stringify(after));
  }
  return after;
}

/** A file of a run's folder, unless that is gone: then the run was removed, and a late word about it must not bring it back. */
export async function writeIntoRun(path: string, text: string): Promise<void> {
  await writeFileAtomic(path, text, { makesFolder: false }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  });
}

export async function readSmallJson<T>(path: string, schema: z.ZodType<T>): Promise<T | null> {
  try {
    const parsed = schema.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** The run's folder on its target, as a word of the shell there. */
export function folderWord(record: RunRecord): string {
  return record.remote === null ? quoteWord('.') : remotePath(record.remote.folder);
}

/** What the batch script wrote, as far as it is here; of an array what those of all its tasks wrote. */
export async function readAttempts(folder: string, array: string | null): Promise<readonly AttemptLine[]> {
  if (array === null) return attemptsOf(await readFile(join(folder, ATTEMPTS_FILE), 'utf8').catch(() => ''));
  const names = (await readdir(folder).catch((): string[] => [])).filter((name) =>
    /^attempts-\d+\.jsonl$/.test(name),
  );
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8').catch(() => '')));
  return texts.flatMap(attemptsOf);
}
