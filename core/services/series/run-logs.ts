// The logs in a run's folder, found by their names. The same for runs here and elsewhere: what is followed lies here under the
// same names.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogFile } from '../../api/series.ts';
import { StudioError } from '../../api/errors.ts';
import { compareLogNames, DEEPEST, logNameOf, MAIN_LOG, mayHoldLogs } from '../../lib/runs/log-names.ts';
import { resolveInside } from '../files/resolve-inside.ts';

/** An array of a thousand tasks; a longer list helps nobody. */
const MAX_LISTED = 1024;
/** Outputs may lie in a run's folder too: a folder with more entries than this is not looked through to its end. */
const MAX_ENTRIES = 20_000;

export interface RunLogs {
  readonly files: LogFile[];
  readonly left: number;
}

/** `folder` is the run's. A folder that is not there has no logs. */
export async function listRunLogs(folder: string): Promise<RunLogs> {
  const names = (await logNamesIn(folder)).sort(compareLogNames);
  const files: LogFile[] = [];
  for (const name of names.slice(0, MAX_LISTED)) {
    const named = logNameOf(name);
    const info = await stat(join(folder, name)).catch(() => null);
    if (named === null || !info?.isFile()) continue;
    files.push({ name, sizeBytes: info.size, modifiedMs: info.mtimeMs, ...named });
  }
  return { files, left: Math.max(0, names.length - MAX_LISTED) };
}

/** Real path of a log of the run; its own log, or the first there is, without a name. Throws NOT_FOUND, INVALID_INPUT. */
export async function runLogPath(folder: string, name: string | undefined): Promise<string> {
  if (name === undefined) {
    const own = join(folder, MAIN_LOG);
    if (await stat(own).catch(() => null)) return own;
    const [first = MAIN_LOG] = (await logNamesIn(folder)).sort(compareLogNames);
    return join(folder, first);
  }
  if (logNameOf(name) === null) {
    throw new StudioError('NOT_FOUND', `${name} is no log of this run`, {
      hint: 'Choose one of the logs that the run lists',
    });
  }
  return resolveInside(folder, name);
}

async function logNamesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  let seen = 0;
  const enter = async (below: string, depth: number): Promise<void> => {
    const entries = await readdir(join(folder, below), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      seen += 1;
      if (seen > MAX_ENTRIES) return;
      const name = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) {
        if (depth < DEEPEST && mayHoldLogs(entry.name)) await enter(name, depth + 1);
      } else if (entry.isFile() && logNameOf(name) !== null) names.push(name);
    }
  };
  await enter('', 1);
  return names;
}
