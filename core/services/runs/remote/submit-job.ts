// From a job to its number in the queue, once and only once.
import { StudioError } from '../../../api/errors.ts';
import type { RunRecord } from '../../../lib/runs/run-files.ts';
import { type BatchJob, batchScript, jobName } from '../../../lib/slurm/batch-script.ts';
import { JOB_FILE, submitCodes, submitScript } from '../../../lib/slurm/submit-script.ts';
import { runInBackground } from '../../targets/background-command.ts';
import type { Connection } from '../../targets/connection.ts';
import { type Upload, uploadFiles } from './upload-files.ts';

/** A controller that is down makes squeue and sbatch wait nine seconds each; one under load longer. */
const TIMEOUT_MS = 180_000;

export interface Submission {
  /** The run's folder on the target, as a quoted word of the shell. */
  readonly folder: string;
  readonly job: BatchJob;
  /** job.sh as it was written down; made of the job where absent. */
  readonly script?: string | undefined;
  /** Where it is not made of name and token. */
  readonly jobName?: string | undefined;
  /** Where the number is noted; a run that goes on has one for each job. */
  readonly jobFile?: string | undefined;
  /** Beside job.sh: configs and programs of the run. */
  readonly files: readonly Upload[];
  /** A person wants a job anew that the controller forgot. */
  readonly again?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The number of the job. May be called again after any failure: a job that is there already is found, not submitted twice.
 * Throws INVALID_INPUT with sbatch's own words, UNAVAILABLE (no link, no answer, another submission at work), CONFLICT (the
 * controller forgot the job), DISK_FULL, PERMISSION_DENIED.
 */
export async function submitJob(connection: Connection, submission: Submission): Promise<string> {
  const { folder, job, files, again = false, signal } = submission;
  const script = new TextEncoder().encode(submission.script ?? scriptOf(job));
  await uploadFiles(connection, folder, [...files, { name: 'job.sh', bytes: script }], signal);
  const name = submission.jobName ?? jobName(job.name, job.token);
  const text = submitScript(folder, name, { again, jobFile: submission.jobFile });
  const { exitCode, stdout, stderr } = await runInBackground(connection, text, {
    timeoutMs: TIMEOUT_MS,
    signal,
  });
  if (exitCode === 0) return new TextDecoder().decode(stdout).trim();
  throw failure(exitCode, stderr);
}

/** Its first job has no part of the name, as it always was. */
export function jobFileOf({ remote }: Pick<RunRecord, 'remote'>): string {
  return remote === null || remote.earlierJobs === 0 ? JOB_FILE : `job-${remote.token}.id`;
}

function scriptOf(job: BatchJob): string {
  try {
    return batchScript(job);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new StudioError('INVALID_INPUT', error.message, { hint: 'Change that value', cause: error });
  }
}

function failure(exitCode: number, printed: string): StudioError {
  const detail = { detail: printed };
  switch (exitCode) {
    case submitCodes.busy:
      return new StudioError('UNAVAILABLE', 'Another submission of this run is at work', {
        hint: 'Wait a moment and look again',
        ...detail,
      });
    case submitCodes.noAnswer:
      return new StudioError('UNAVAILABLE', 'Slurm does not answer', {
        hint: 'Nothing was submitted; try again when the controller is back',
        ...detail,
      });
    case submitCodes.forgotten:
      return new StudioError('CONFLICT', 'Slurm accepted the job and does not know it any more', {
        hint: 'The controller may have crashed at that moment; submit it again if it is still wanted',
        ...detail,
      });
    case submitCodes.noFolder:
      return new StudioError('NOT_FOUND', 'The folder of the run is not there', {
        hint: 'It was removed on the target; launch the run anew',
        ...detail,
      });
    case submitCodes.noRoom:
      return new StudioError('UNAVAILABLE', 'The number of the job could not be written down', {
        hint: 'Free some space on the target: the job is in the queue, and is found by its name',
        ...detail,
      });
    default: {
      if (
        /timed out|Unable to contact|Zero Bytes|Communication connection failure|temporarily unable/i.test(
          printed,
        )
      )
        return failure(submitCodes.noAnswer, printed);
      const words = /sbatch: error: (?:Batch job submission failed: )?(.+)/.exec(printed)?.[1];
      return new StudioError(
        'INVALID_INPUT',
        words === undefined ? 'sbatch refused the job' : `sbatch: ${words}`,
        {
          hint: 'Change the resources of the run; the details hold what sbatch printed',
          ...detail,
        },
      );
    }
  }
}
