// From a run to its supervisor on a workstation, once and only once.
import { StudioError } from '../../../api/errors.ts';
import { startCodes, startScript } from '../../../lib/workstation/process-scripts.ts';
import { SUPERVISOR_FILE } from '../../../lib/workstation/supervisor.ts';
import type { Connection } from '../../targets/connection.ts';
import { type Upload, uploadFiles } from './upload-files.ts';

const TIMEOUT_MS = 60_000;

export interface ProcessStart {
  /** The run's folder on the target, as a quoted word of the shell. */
  readonly folder: string;
  /** job.sh as it was written down. */
  readonly script: string;
  /** supervise.sh as it was written down. */
  readonly supervisor: string;
  readonly files: readonly Upload[];
  /** 0, and one more for every time the run is resumed. */
  readonly start: number;
  readonly again?: boolean;
}

/**
 * The number of the supervisor's process. May be called again after any failure: a run that was started is found. Throws
 * UNAVAILABLE, NOT_FOUND, CONFLICT (it was started and never came up), INVALID_INPUT (no Linux), DISK_FULL, PERMISSION_DENIED.
 */
export async function startProcess(connection: Connection, start: ProcessStart): Promise<string> {
  const encoder = new TextEncoder();
  const { folder, again = false } = start;
  await uploadFiles(connection, folder, [
    ...start.files,
    { name: 'job.sh', bytes: encoder.encode(start.script) },
    { name: SUPERVISOR_FILE, bytes: encoder.encode(start.supervisor) },
  ]);
  const { exitCode, stdout, stderr } = await connection.run({
    script: startScript(folder, start.start, again),
    timeoutMs: TIMEOUT_MS,
  });
  if (exitCode === 0) return new TextDecoder().decode(stdout).trim();
  throw failure(exitCode, stderr);
}

function failure(exitCode: number, printed: string): StudioError {
  const detail = { detail: printed };
  switch (exitCode) {
    case startCodes.noFolder:
      return new StudioError('NOT_FOUND', 'The folder of the run is not there', {
        hint: 'It was removed on the target; launch the run anew',
        ...detail,
      });
    case startCodes.unfit:
      return new StudioError('INVALID_INPUT', 'The target cannot supervise runs', {
        hint: 'It needs Linux, bash and flock (package util-linux)',
        ...detail,
      });
    case startCodes.forgotten:
      return new StudioError('CONFLICT', 'The run was started on the target and did not come up', {
        hint: 'The computer may have gone down at that moment; submit it again if it is still wanted',
        ...detail,
      });
    default:
      return new StudioError('UNAVAILABLE', 'The run could not be started on the target', {
        hint: 'It is tried again by itself; the details hold what the shell said',
        ...detail,
      });
  }
}
