// Changes to run.json after the launch: the end, so that run.json alone tells a colleague the story, and a new name.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import type { Run } from '../../api/runs.ts';
import { type RunRecord, runRecord } from '../../lib/runs/run-files.ts';
import { isWritable } from '../files/read-text.ts';
import { withFileLock } from '../files/with-file-lock.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';

/** Writes how the run ended and its states into run.json, once. Does nothing in a read-only workspace. */
export async function recordEnd(root: string, run: Run): Promise<void> {
  const { end } = run;
  if (!end || !(await isWritable(join(root, run.folder)))) return;
  await changeRecord(root, run.id, (record) => {
    if (record.end) return record;
    const started = run.startedMs === null ? [] : [{ state: 'running', atMs: run.startedMs }];
    return {
      ...record,
      end,
      history: [...record.history, ...started, { state: run.state, atMs: end.endedMs }],
    };
  });
}

/** Gives the run another name; its id and folder stay. */
export async function renameRun(root: string, id: string, name: string): Promise<void> {
  await changeRecord(root, id, (record) => ({ ...record, name: name.trim() }));
}

async function changeRecord(
  root: string,
  id: string,
  change: (record: RunRecord) => RunRecord,
): Promise<void> {
  const path = join(root, 'runs', id, 'run.json');
  await withFileLock(root, path, async () => {
    const parsed = runRecord.safeParse(JSON.parse(await readFile(path, 'utf8')));
    if (!parsed.success) {
      throw new StudioError('CORRUPT_FILE', `run.json of ${id} cannot be read`, {
        hint: 'Restore it from git, or remove the run',
        path,
      });
    }
    await writeFileAtomic(path, `${JSON.stringify(change(parsed.data), null, 2)}\n`);
  });
}
