// How fast the same training went before: seconds a step from the newest earlier run of the same recipe, config and number of GPUs.
// Reads the end of its metrics or log.
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTrainingLog } from '../../lib/logs/training-log.ts';
import { readMetricsLine } from '../../lib/logs/metrics-jsonl.ts';
import type { EarlierSpeed } from '../../lib/preflight/run-findings.ts';
import { runRecord } from '../../lib/runs/run-files.ts';
import type { Run } from '../../api/runs.ts';
import type { BatchResources } from '../../lib/slurm/resources.ts';

/** Some hundred lines: enough for a steady speed. */
const END_BYTES = 131_072;
/** More runs of one config than anybody compares with. */
const MAX_RUNS = 20;

export interface EarlierRequest {
  readonly root: string;
  readonly runs: readonly Run[];
  readonly recipe: string;
  readonly configPath: string | null;
  readonly resources: BatchResources;
}

/** Null where there is none, or it says no times. */
export async function earlierSpeed(request: EarlierRequest): Promise<EarlierSpeed | null> {
  const { root, runs, recipe, configPath, resources } = request;
  if (configPath === null) return null;
  const alike = runs
    .filter((run) => run.recipe === recipe && run.configPath === configPath)
    .slice(0, MAX_RUNS);
  for (const run of alike) {
    const folder = join(root, run.folder);
    const text = await readFile(join(folder, 'run.json'), 'utf8').catch(() => '{}');
    const remote = runRecord.safeParse(parsed(text)).data?.remote ?? null;
    if (remote === null || gpusOf(remote.resources) !== gpusOf(resources)) continue;
    const secondsPerStep =
      timedSteps(await readEnd(join(folder, 'metrics.jsonl'))) ??
      printedTimes(await readEnd(join(folder, 'log.txt')));
    if (secondsPerStep !== null) return { run: run.name, secondsPerStep };
  }
  return null;
}

function gpusOf({ nodes, gpusPerNode }: BatchResources): number {
  return nodes * gpusPerNode;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function readEnd(path: string): Promise<string> {
  const handle = await open(path, 'r').catch(() => null);
  if (handle === null) return '';
  try {
    const { size } = await handle.stat();
    const start = Math.max(0, size - END_BYTES);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
    const text = buffer.subarray(0, bytesRead).toString('utf8');
    return start === 0 ? text : text.slice(text.indexOf('\n') + 1);
  } catch {
    return '';
  } finally {
    await handle.close();
  }
}

/** From lines that hold step and time. A restart in between makes the median say what the mean would not. */
function timedSteps(text: string): number | null {
  const rates: number[] = [];
  let before: { readonly step: number; readonly timeMs: number } | null = null;
  for (const line of text.split('\n')) {
    const read = line === '' ? null : readMetricsLine(line);
    if (!read || read.step === null || read.timeMs === null) continue;
    const now = { step: read.step, timeMs: read.timeMs };
    if (before !== null && now.step > before.step && now.timeMs > before.timeMs)
      rates.push((now.timeMs - before.timeMs) / 1000 / (now.step - before.step));
    before = now;
  }
  return median(rates);
}

/** What Nanotron prints of each iteration. */
function printedTimes(text: string): number | null {
  const log = createTrainingLog('log.txt');
  log.push(new TextEncoder().encode(text));
  log.settle();
  for (const tag of ['time_per_iteration_ms', 'elapsed_time_per_iteration_ms']) {
    const times = log.series.get(tag)?.view().values ?? [];
    const typical = median([...times].filter((value) => value > 0));
    if (typical !== null) return typical / 1000;
  }
  return null;
}

/** Null for fewer than three: the first steps of a run are slow. */
function median(values: readonly number[]): number | null {
  const ordered = values.toSorted((left, right) => left - right);
  return ordered.length < 3 ? null : (ordered[Math.floor(ordered.length / 2)] ?? null);
}
