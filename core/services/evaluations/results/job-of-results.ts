// Whose results a job on a target wrote: its run.json says which checkpoint it was launched for, whatever path the weights had there.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { evaluates } from '../../../api/launches.ts';

const record = z.object({ evaluates: evaluates.nullable().default(null) });

export interface EvaluatedStep {
  readonly run: string;
  readonly step: number;
}

/** `path`: of a results file, in the workspace. Null for one of no such job. */
export async function stepOfJob(root: string, path: string): Promise<EvaluatedStep | null> {
  const job = /^runs\/([^/]+)\//.exec(path)?.[1];
  if (job === undefined) return null;
  try {
    const { run, step } =
      record.parse(JSON.parse(await readFile(join(root, 'runs', job, 'run.json'), 'utf8'))).evaluates ?? {};
    return run == null || step == null ? null : { run, step };
  } catch {
    // Without a record, what the results say of themselves counts.
    return null;
  }
}
