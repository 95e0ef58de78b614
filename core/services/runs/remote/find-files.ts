// Which files of runs there are on their target: logs of ranks, nodes and tasks, and folders that a recipe wants brought here.
import { isFolderName } from '../../../lib/recipes/recipe-file.ts';
import { findLogsScript, parseFoundLogs } from '../../../lib/runs/find-logs.ts';
import type { Connection } from '../../targets/connection.ts';
import type { Followed } from './followed-run.ts';
import { folderWord } from './remote-file.ts';

const FIND_TIMEOUT_MS = 30_000;

/** Logs of ranks, nodes and tasks appear while a run works; they are followed from then on. */
export async function findFiles(connection: Connection, runs: readonly Followed[]): Promise<void> {
  const sought = runs.map(({ place, record }) => ({
    withCurves: place.attached !== null,
    brings: record.brings.filter(isFolderName),
  }));
  const script = findLogsScript(
    runs.map(({ record }) => folderWord(record)),
    sought,
  );
  const { stdout } = await connection.run({ script, timeoutMs: FIND_TIMEOUT_MS });
  const found = parseFoundLogs(new TextDecoder().decode(stdout), sought);
  for (const [index, run] of runs.entries()) {
    // What was followed once is followed to its end, in the order it was found: the list stays the same while nothing is new.
    const known = new Set(run.found);
    const more = (found[index] ?? []).filter((name) => !known.has(name));
    if (more.length > 0) run.found = [...run.found, ...more];
  }
}
