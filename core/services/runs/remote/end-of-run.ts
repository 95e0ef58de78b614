// Whether a followed run is over, and how it ended: by its own notes, by the scheduler, by Slurm's words at the end of the log.
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from '../../../api/runs.ts';
import { MAIN_LOG } from '../../../lib/runs/log-names.ts';
import { endOf } from '../../../lib/runs/remote-state.ts';
import { type ExitFile, stopFile } from '../../../lib/runs/run-files.ts';
import { stateInLog } from '../../../lib/slurm/log-words.ts';
import type { Followed } from './followed-run.ts';
import { readSmallJson } from './remote-file.ts';

/** Where Slurm's own words about an end stand. */
const LOG_END_BYTES = 16_384;

/** What exit.json will say; null while the run is not over. */
export async function endNow({ folder, remote, attempts, place }: Followed): Promise<ExitFile | null> {
  const stop = await readSmallJson(join(folder, 'stop.json'), stopFile);
  const evidence = { remote, attempts, stop, array: place.resources.array };
  if (endOf(evidence, Date.now()) === null) return null;
  return endOf({ ...evidence, stateInLog: stateInLog(await endOfLog(folder)) }, Date.now());
}

async function endOfLog(folder: string): Promise<string> {
  const handle = await open(join(folder, MAIN_LOG), 'r').catch(() => null);
  if (!handle) return '';
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, LOG_END_BYTES);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8');
  } finally {
    await handle.close();
  }
}

/** Slurm only says that a job whose forerunner failed was cancelled. */
export async function neverSatisfied(
  { record, attempts, remote }: Followed,
  listRuns: () => Promise<readonly Run[]>,
): Promise<string | null> {
  if (record.after === null || attempts.some(({ job }) => job === remote.jobId)) return null;
  const forerunner = (await listRuns()).find(({ id }) => id === record.after);
  if (forerunner === undefined || forerunner.state === 'done') return null;
  // Both may end in one round: the scheduler knows before the other run's end is written down.
  if (forerunner.end === null && remote?.reason !== 'DependencyNeverSatisfied') return null;
  return `It never started: ${forerunner.name} did not end well, so the dependency was never satisfied`;
}
