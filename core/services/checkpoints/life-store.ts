// checkpoint.json of each pulled checkpoint: read, changed under a lock, listed. Two studios on one workspace may change the same one.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckpointLife } from '../../api/checkpoint-life.ts';
import {
  CHECKPOINTS_FOLDER,
  IGNORED,
  LIFE_FILE,
  lifeFolder,
  readLife,
  WEIGHTS_FOLDER,
} from '../../lib/checkpoints/life-files.ts';
import { makeFolder } from '../files/make-folder.ts';
import { withFileLock } from '../files/with-file-lock.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';

/** Null when nothing is known of it here. */
export async function findLife(root: string, runId: string, step: number): Promise<CheckpointLife | null> {
  const text = await readFile(join(root, lifeFolder(runId, step), LIFE_FILE), 'utf8').catch(() => null);
  return text === null ? null : readLife(text);
}

/** Replaces it by what `change` makes of it, which starts from `fresh` where there is none. */
export async function changeLife(
  root: string,
  fresh: CheckpointLife,
  change: (before: CheckpointLife) => CheckpointLife,
): Promise<CheckpointLife> {
  const folder = lifeFolder(fresh.runId, fresh.step);
  await prepareFolder(root, folder);
  return withFileLock(root, `${folder}/${LIFE_FILE}`, async () => {
    const before = (await findLife(root, fresh.runId, fresh.step)) ?? fresh;
    const after = change(before);
    if (JSON.stringify(after) !== JSON.stringify(before) || before === fresh)
      await writeFileAtomic(join(root, folder, LIFE_FILE), `${JSON.stringify(after, null, 2)}\n`);
    return after;
  });
}

async function prepareFolder(root: string, folder: string): Promise<void> {
  await makeFolder(join(root, folder));
  const ignore = join(root, CHECKPOINTS_FOLDER, '.gitignore');
  if (!(await isThere(ignore))) await writeFileAtomic(ignore, IGNORED);
}

/** Of one run, or of all; by run and step. Damaged files are left out. */
export async function listLives(root: string, runId: string | null): Promise<readonly CheckpointLife[]> {
  const runs = runId === null ? await foldersIn(join(root, CHECKPOINTS_FOLDER)) : [runId];
  const lives: CheckpointLife[] = [];
  for (const run of runs.sort()) {
    const steps = (await foldersIn(join(root, CHECKPOINTS_FOLDER, run))).filter((name) => /^\d+$/.test(name));
    for (const step of steps.map(Number).sort((a, b) => a - b)) {
      const life = await findLife(root, run, step);
      if (life !== null) lives.push(life);
    }
  }
  return lives;
}

/** Absolute folder to read the weights from; null while they are not here. */
export async function weightsFolder(root: string, life: CheckpointLife): Promise<string | null> {
  if (life.pulled === null) return null;
  const folder =
    life.pulled.mode === 'copy'
      ? join(root, lifeFolder(life.runId, life.step), WEIGHTS_FOLDER)
      : sourceHere(root, life);
  return (await isThere(folder)) ? folder : null;
}

/** Of a run on this computer. */
export function sourceHere(root: string, { source }: CheckpointLife): string {
  return /^([/\\]|[A-Za-z]:)/.test(source.path) ? source.path : join(root, source.path);
}

export async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function foldersIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}
