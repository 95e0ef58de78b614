// The run that another one waits for: the number of its job, or why it will never have one. A script that was written down before that
// number was known gets it when it is submitted.
import { join } from 'node:path';
import { StudioError } from '../../../api/errors.ts';
import type { Run, RunId } from '../../../api/runs.ts';
import { isOver } from '../../../lib/runs/run-state.ts';
import { AFTER_JOB } from './remote-job.ts';
import { readRemote } from './remote-file.ts';

export type Forerunner =
  /** Ended well already: there is nothing to wait for. */
  | { readonly kind: 'done' }
  | { readonly kind: 'job'; readonly id: string }
  /** It is written down and not submitted yet. */
  | { readonly kind: 'unsubmitted' };

/** Throws INVALID_INPUT for a run of another target, and for one that did not end well. */
export async function forerunnerOf(
  root: string,
  runs: readonly Run[],
  { id, target }: { readonly id: RunId; readonly target: string },
): Promise<Forerunner> {
  const run = runs.find((candidate) => candidate.id === id);
  if (run === undefined || run.target !== target) {
    throw new StudioError('INVALID_INPUT', `${id} is no run on ${target}`, {
      hint: 'A run can wait for another one of the same target',
    });
  }
  if (run.state === 'done') return { kind: 'done' };
  if (isOver(run.state)) {
    throw new StudioError('INVALID_INPUT', `${run.name} did not end well, so nothing can wait for it`, {
      hint: 'Resume or launch it again first, or launch this run without it',
    });
  }
  const { jobId } = await readRemote(join(root, run.folder));
  return jobId === null ? { kind: 'unsubmitted' } : { kind: 'job', id: jobId };
}

/** What a generated script is told. */
export function afterJobOf(forerunner: Forerunner | null): string | null {
  if (forerunner === null || forerunner.kind === 'done') return null;
  return forerunner.kind === 'job' ? forerunner.id : AFTER_JOB;
}

const placeholder = new RegExp(`^(#SBATCH --dependency=.*)\\b${AFTER_JOB}\\b`, 'm');

/** The script with the number in it. UNAVAILABLE while there is none. */
export function withForerunner(script: string, forerunner: Forerunner): string {
  if (!placeholder.test(script)) return script;
  if (forerunner.kind === 'job') return script.replace(placeholder, `$1${forerunner.id}`);
  if (forerunner.kind === 'done') {
    return script.replaceAll(/^#SBATCH --(?:dependency=.*|kill-on-invalid-dep=.*)\n/gm, '');
  }
  throw new StudioError('UNAVAILABLE', 'The run it waits for is not in the queue yet', {
    hint: 'It is submitted as soon as that one is',
  });
}
