// How long earlier evaluations of the same tasks took, against what was estimated for them: from what each job noted of each task.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Run } from '../../../api/runs.ts';
import { plainSeconds, START_SECONDS } from '../../../lib/evaluations/jobs/estimate.ts';
import { type PresetFile, readTasks } from '../../../lib/evaluations/jobs/presets.ts';

/** The newest say most. */
const LOOKED_AT = 5;
/** A line a task: more is not the metrics of an evaluation. */
const MAX_METRICS_BYTES = 1024 * 1024;

const noted = z.object({ step: z.number(), seconds: z.number() });

export interface EarlierRequest {
  readonly root: string;
  readonly runs: readonly Run[];
  readonly presets: PresetFile;
  readonly preset: string;
  readonly target: string;
  /** Of the model of a run, and the GPU it was given. */
  readonly sizeOf: (
    run: Run,
  ) => Promise<{ readonly parameters: number | null; readonly peakFlops: number | null }>;
}

/** Measured by estimated seconds of one GPU, newest first. */
export async function earlierTimes(request: EarlierRequest): Promise<readonly number[]> {
  const { root, runs, presets, preset, target } = request;
  const tasks = readTasks(presets.presets.find(({ id }) => id === preset)?.tasks.join(',') ?? '');
  if (tasks === null) return [];
  const ratios: number[] = [];
  for (const run of runs) {
    if (ratios.length === LOOKED_AT) break;
    const { evaluates, parameters } = run;
    if (evaluates?.preset !== preset || run.target !== target || run.state !== 'done') continue;
    if (String(parameters['limit'] ?? '') !== '') continue;
    const size = await request.sizeOf(run);
    if (size.parameters === null) continue;
    const times = await taskTimes(join(root, run.folder));
    // A run that went on noted nothing for what an earlier job did.
    if (times.length !== tasks.length) continue;
    const gpus = Number(parameters['gpus'] ?? 1);
    const measured = times.reduce(
      (sum, seconds) => sum + START_SECONDS + Math.max(0, seconds - START_SECONDS) * gpus,
      0,
    );
    const estimated = plainSeconds({
      tasks,
      sizes: presets.tasks,
      ...size,
      batch: Number(parameters['batchSize']) || 1,
      gpus: 1,
      limit: null,
      earlier: [],
    });
    if (estimated > 0) ratios.push(measured / estimated);
  }
  return ratios;
}

/** Of tasks that were measured, over all members of an array. */
async function taskTimes(folder: string): Promise<readonly number[]> {
  const names = await readdir(folder).catch(() => []);
  const times: number[] = [];
  for (const name of names.filter((one) => /^metrics(-\d+)?\.jsonl$/.test(one))) {
    const text = await readFile(join(folder, name), 'utf8').catch(() => '');
    if (text.length > MAX_METRICS_BYTES) continue;
    const longest = new Map<number, number>();
    for (const line of text.split('\n')) {
      const { step, seconds } = readLine(line) ?? { step: 0, seconds: 0 };
      if (seconds > 0) longest.set(step, Math.max(seconds, longest.get(step) ?? 0));
    }
    times.push(...longest.values());
  }
  return times;
}

function readLine(line: string): z.infer<typeof noted> | null {
  try {
    return noted.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
