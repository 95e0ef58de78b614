// One run on another computer while it is followed: what is known of it, and which of its files have copies here.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MAIN_LOG, METRICS } from '../../../lib/runs/log-names.ts';
import { type AttemptLine, type RemoteFile, type RunRecord, runRecord } from '../../../lib/runs/run-files.ts';
import { taskNumbers } from '../../../lib/runs/array-tasks.ts';
import { attemptsFileOf } from '../../../lib/slurm/batch-script.ts';
import type { FileCopy } from './copy-files.ts';
import { readAttempts, readRemote, writeRemote } from './remote-file.ts';

export interface Followed {
  readonly id: string;
  /** Here, absolute. */
  readonly folder: string;
  readonly record: RunRecord;
  readonly place: NonNullable<RunRecord['remote']>;
  remote: RemoteFile;
  attempts: readonly AttemptLine[];
  /** Files that were found below its folder there, besides those every run has. */
  found: readonly string[];
}

/** Null for a run that is over, damaged, or on this computer. */
export async function loadFollowed(root: string, id: string): Promise<Followed | null> {
  const folder = join(root, 'runs', id);
  const record = runRecord.safeParse(JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')));
  if (!record.success || record.data.remote === null || record.data.end !== null) return null;
  const place = record.data.remote;
  const attempts = await readAttempts(folder, place.resources.array);
  return { id, folder, record: record.data, place, remote: await readRemote(folder), attempts, found: [] };
}

export async function changeRemote(run: Followed, next: Partial<RemoteFile>): Promise<void> {
  run.remote = await writeRemote(run.folder, next);
}

export function copiesOf({ folder, place, found }: Followed, home: string): readonly FileCopy[] {
  const there = absoluteFolder(place.folder, home);
  const { array } = place.resources;
  const notes = array === null ? [attemptsFileOf(null)] : taskNumbers(array).map(attemptsFileOf);
  const log = place.attached?.log ?? MAIN_LOG;
  const own = array === null ? [METRICS, log] : [];
  // Notes last: whoever reads that an attempt ended finds what it wrote.
  return [...own, ...found.filter((name) => name !== log), ...notes].map((name) => ({
    remotePath: `${there}/${name}`,
    localPath: join(folder, ...(name === log ? MAIN_LOG : name).split('/')),
    within: folder,
  }));
}

/** Absolute, so that a file is known by one name for ever. */
export function absoluteFolder(folder: string, home: string): string {
  return folder.replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/|$)/, home);
}
