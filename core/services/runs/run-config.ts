// The config a run was launched with, as it was then: kept in run.json, whatever happened to the file since.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import type { Run } from '../../api/runs.ts';
import { type RunRecord, runRecord } from '../../lib/runs/run-files.ts';

/** NOT_FOUND when the run was launched without one. */
export async function readRunConfig(root: string, run: Run): Promise<NonNullable<RunRecord['config']>> {
  const text = await readFile(join(root, run.folder, 'run.json'), 'utf8');
  const { config } = runRecord.parse(JSON.parse(text));
  if (config) return config;
  throw new StudioError('NOT_FOUND', `${run.name} was launched without a config`, {
    hint: 'Name the config in the launch form, so that it is kept with the run',
  });
}
