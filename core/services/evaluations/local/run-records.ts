// What a local evaluation was asked to do and how far it got: evals/runs/<id>.json, so that it goes on after a restart.
import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { evaluationRun, type EvaluationRun } from '../../../api/evaluation-runs.ts';
import { isDeadHere } from '../../files/is-dead-here.ts';
import { readTextFile } from '../../files/read-text.ts';
import { writeFileAtomic } from '../../files/write-atomic.ts';

const FOLDER = 'evals/runs';
/** Two hundred models by two hundred tasks with their numbers. */
const MAX_RECORD_BYTES = 33_554_432;
const MAX_RECORDS = 1000;

const record = z.object({
  format: z.literal(1),
  /** Who runs it; null while nobody does. */
  owner: z.object({ pid: z.number(), host: z.string() }).nullable(),
  run: evaluationRun,
});

export async function keepRun(root: string, run: EvaluationRun): Promise<void> {
  const isLive = run.state === 'running' || run.state === 'waiting';
  const owner = isLive ? { pid: process.pid, host: hostname() } : null;
  await writeFileAtomic(fileOf(root, run.id), `${JSON.stringify({ format: 1, owner, run }, null, 1)}\n`);
}

const fileOf = (root: string, id: string): string => join(root, FOLDER, `${id}.json`);

export async function forgetRun(root: string, id: string): Promise<void> {
  await rm(fileOf(root, id), { force: true });
}

/** Newest first. One whose studio is gone is interrupted; a damaged file is none. */
export async function readRuns(root: string): Promise<readonly EvaluationRun[]> {
  const names = await readdir(join(root, FOLDER)).catch(() => []);
  const found: EvaluationRun[] = [];
  const newest = names
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .toReversed();
  for (const name of newest.slice(0, MAX_RECORDS)) {
    const read = await readTextFile(join(root, FOLDER, name), MAX_RECORD_BYTES)
      .then(({ text }) => record.safeParse(JSON.parse(text)).data ?? null)
      .catch(() => null);
    if (read === null) continue;
    const { run, owner } = read;
    const isLive = run.state === 'running' || run.state === 'waiting';
    const isGone = isLive && (owner === null || owner.pid === process.pid || isDeadHere(owner));
    found.push(isGone ? interrupted(run) : run);
  }
  return found;
}

const interrupted = (run: EvaluationRun): EvaluationRun => ({
  ...run,
  state: 'interrupted',
  doing: null,
  cells: run.cells.map((cell) => (cell.state === 'running' ? { ...cell, state: 'waiting' } : cell)),
});

/** By time, so that names sort as they were made. */
export function newRunId(now: Date): string {
  const digits = now.toISOString().replaceAll(/[-:T]/g, '').slice(0, 14);
  return `${digits.slice(0, 8)}-${digits.slice(8)}-${randomBytes(2).toString('hex')}`;
}
