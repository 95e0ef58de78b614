// Which files of a run hold its curves: its metrics and its log; of an array those of each task, told apart by the number of the
// task; of a run that others launched whatever their programs write.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { taskNumbers } from '../../lib/runs/array-tasks.ts';
import { isCurveFile, MAIN_LOG, mayHoldLogs, METRICS } from '../../lib/runs/log-names.ts';
import { runRecord } from '../../lib/runs/run-files.ts';
import type { SourceFile } from './source.ts';

/** More curves than this in one chart say nothing; the others are in the files. */
const MAX_CHARTED_TASKS = 32;
const MAX_CURVE_FILES = 16;

/** `folder` is the run's. The files need not be there yet. */
export async function curveFilesOf(folder: string): Promise<readonly SourceFile[]> {
  const own = [METRICS, MAIN_LOG].map((name) => ({ path: join(folder, name), prefix: '' }));
  const text = await readFile(join(folder, 'run.json'), 'utf8').catch(() => '');
  const remote = placeOf(text);
  if (!remote) return own;
  if (remote.attached !== null) {
    const found = (await curveFilesIn(folder)).slice(0, MAX_CURVE_FILES);
    return [...own, ...found.map((name) => ({ path: join(folder, name), prefix: '' }))];
  }
  const { array } = remote.resources;
  if (array === null) return own;
  return taskNumbers(array)
    .slice(0, MAX_CHARTED_TASKS)
    .flatMap((task) =>
      [`metrics-${task}.jsonl`, `log-${task}.txt`].map((name) => ({
        path: join(folder, name),
        prefix: `task ${task}/`,
      })),
    );
}

function placeOf(text: string) {
  try {
    const parsed = runRecord.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data.remote : null;
  } catch {
    return null;
  }
}

async function curveFilesIn(folder: string, below = ''): Promise<string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true }).catch(() => []);
  const names: string[] = [];
  for (const entry of entries) {
    const name = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory() && mayHoldLogs(entry.name)) names.push(...(await curveFilesIn(folder, name)));
    else if (isCurveFile(name)) names.push(name);
  }
  return names.sort();
}
