// Where a run lies on the computer it was launched on. Runs of two tests may have one name and day: only their records tell them apart.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Run } from '../../core/api/runs.ts';

const record = z.object({ remote: z.object({ folder: z.string() }) });

/** Absolute; `home` is the user's there. */
export function folderThere(workspace: string, run: Run, home: string): string {
  const { remote } = record.parse(JSON.parse(readFileSync(join(workspace, run.folder, 'run.json'), 'utf8')));
  return remote.folder.replace(/^~(?=\/)/, () => home);
}
