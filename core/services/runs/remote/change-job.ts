// What a person does to the job of a run that goes on: warns it, cancels it, has Slurm put it back into its queue. Knows nothing of
// what becomes of the run: that is seen at the next look.
import { StudioError } from '../../../api/errors.ts';
import type { RunRecord } from '../../../lib/runs/run-files.ts';
import type { Connection } from '../../targets/connection.ts';
import { runInBackground } from '../../targets/background-command.ts';

const TIMEOUT_MS = 60_000;
const LATER_CANCEL_MS = 250;

/** No exit code of scontrol. */
const DOES_NOT_RUN = 77;

/** As scancel of Slurm 20.11 to 24.05 says it of jobs that ended meanwhile: what was asked for is so already. */
const IS_OVER_ALREADY = /already completing or completed|Invalid job id/i;

/** Throws CONFLICT for a run of somebody else, which is only read here. */
export function requireOwn(record: RunRecord, jobId: string | null): void {
  const attached = record.remote?.attached ?? null;
  if (attached === null) return;
  throw new StudioError(
    'CONFLICT',
    `${record.name} was launched by ${attached.owner} and is only read here`,
    { hint: jobId === null ? 'End it where it was started' : `End it on the target: scancel ${jobId}` },
  );
}

/** Resolves when it is warned; it is cancelled `graceMs` later. Throws UNAVAILABLE where Slurm took neither. */
export async function cancelJob(connection: Connection, jobId: string, graceMs: number): Promise<void> {
  if (graceMs === 0) return cancel(connection, jobId);
  await cancel(connection, jobId, 'warns');
  const later = () => void cancel(connection, jobId).catch(() => undefined);
  setTimeout(later, graceMs + LATER_CANCEL_MS).unref();
}

/** `warns`: where it runs. Whether it does is asked there: what is known here may be old, and one that waits has nothing to save. */
async function cancel(connection: Connection, jobId: string, how: 'ends' | 'warns' = 'ends'): Promise<void> {
  const end = `scancel ${jobId}`;
  const warn = `case "$(squeue -h -j ${jobId} -o %T)" in *RUNNING*) scancel --batch --signal=TERM ${jobId} ;; *) ${end} ;; esac`;
  const { exitCode, stderr } = await runInBackground(connection, how === 'warns' ? warn : end, {
    timeoutMs: TIMEOUT_MS,
  });
  if (exitCode === 0 || IS_OVER_ALREADY.test(stderr)) return;
  throw refused(`Job ${jobId} was not cancelled`, stderr);
}

/** The same job, put back into the queue: one more attempt. Throws CONFLICT where it may not, UNAVAILABLE where Slurm does not answer. */
export async function requeueJob(connection: Connection, record: RunRecord, jobId: string): Promise<void> {
  if (record.remote?.resources.requeue !== true) {
    throw new StudioError('CONFLICT', `${record.name} was launched so that Slurm may not start it again`, {
      hint: 'Cancel it and resume it; the next one can be launched with Requeue on',
    });
  }
  // Slurm would start jobs again that have ended, too.
  const script = `case "$(squeue -h -j ${jobId} -o %T)" in *RUNNING*) scontrol requeue ${jobId} ;; *) exit ${DOES_NOT_RUN} ;; esac`;
  const { exitCode, stderr } = await runInBackground(connection, script, { timeoutMs: TIMEOUT_MS });
  if (exitCode === DOES_NOT_RUN) {
    throw new StudioError('CONFLICT', `Job ${jobId} of ${record.name} does not run now`, {
      hint: 'One that waits starts by itself; one that has ended is resumed, or launched again',
    });
  }
  if (exitCode !== 0) throw refused(`Job ${jobId} was not put back into the queue`, stderr);
}

function refused(message: string, stderr: string): StudioError {
  const said = stderr.trim();
  const isAgainst = /denied|not permitted|disabled|Invalid job id|invalid/i.test(said);
  return new StudioError(isAgainst ? 'CONFLICT' : 'UNAVAILABLE', message, {
    hint:
      said === ''
        ? 'Its scheduler said nothing; try again in a moment'
        : `Slurm says: ${said.split('\n')[0] ?? ''}`,
    detail: stderr,
  });
}
