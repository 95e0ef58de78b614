// Attaches a run that this workspace did not launch: a colleague's, one of another studio, or a folder with a log. It is followed
// like any other, and only read: nothing is stopped or removed on the target.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { StudioError } from '../../../api/errors.ts';
import { attachCodes, attachScript, type FoundRun, parseFoundRun } from '../../../lib/runs/attach.ts';
import { MAIN_LOG } from '../../../lib/runs/log-names.ts';
import { type RunRecord, runRecord } from '../../../lib/runs/run-files.ts';
import { remotePath } from '../../../lib/remote/quote.ts';
import { wholeResources } from '../../../lib/slurm/resources.ts';
import { writeFileAtomic } from '../../files/write-atomic.ts';
import { makeRunFolder } from '../launch.ts';
import type { Connection } from '../../targets/connection.ts';
import type { TargetEntry } from '../../targets/read-targets.ts';
import { schedulerOf } from './remote-job.ts';
import { writeRemote } from './remote-file.ts';

const TIMEOUT_MS = 60_000;
/** No trainer is silent for longer while it works. */
const QUIET_SECONDS = 86_400;
/** What stands for a job of which nothing is known but its files. */
export const WITHOUT_JOB = 'ATTACHED';
/** What the recipe of an attached run is called. */
export const ATTACHED_RECIPE = 'attached';

export interface AttachRequest {
  readonly root: string;
  readonly target: TargetEntry;
  readonly connection: Connection;
  /** A folder on the target, or a log in one; `~/` is its home. */
  readonly path: string;
  readonly name?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The id of the run. Throws NOT_FOUND, PERMISSION_DENIED, INVALID_INPUT (nothing of a run there), ALREADY_EXISTS, UNAVAILABLE. */
export async function attachRun(request: AttachRequest): Promise<string> {
  const { root, target, connection, path, signal } = request;
  const { exitCode, stdout, stderr } = await connection.run({
    script: attachScript(remotePath(path)),
    timeoutMs: TIMEOUT_MS,
    signal,
  });
  if (exitCode !== 0) throw refusal(exitCode, path, stderr);
  const found = parseFoundRun(new TextDecoder().decode(stdout));
  if (found === null) {
    throw new StudioError('INVALID_INPUT', `There is no log and there are no metrics in ${path}`, {
      hint: 'Choose the folder that the run writes into, or its log file',
    });
  }
  await refuseSecond(root, target.name, found.folder);
  const { id, folder } = await makeRunFolder(root, request.name ?? basename(found.folder));
  const record = recordOf(request, id, found);
  if (found.script !== null) await writeFileAtomic(join(folder, 'job.sh'), found.script);
  const isQuiet = found.jobId === null && found.quietSeconds > QUIET_SECONDS;
  await writeRemote(folder, {
    jobId: found.jobId,
    state: found.jobId === null ? WITHOUT_JOB : '',
    ...(isQuiet
      ? {
          goneMs: Date.now() - found.quietSeconds * 1000,
          lost: true,
          reason: 'It had written nothing for a day when it was attached, and no job of it is known',
        }
      : {}),
  });
  await writeFileAtomic(join(folder, 'run.json'), `${JSON.stringify(record, null, 2)}\n`);
  return id;
}

function recordOf({ target, name }: AttachRequest, id: string, found: FoundRun): RunRecord {
  const createdMs = Date.now();
  const text = found.config?.text ?? '';
  const version = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return {
    format: 1,
    id,
    name: (name ?? basename(found.folder)).trim(),
    recipe: ATTACHED_RECIPE,
    target: target.name,
    createdMs,
    parameters: {},
    command: [found.folder],
    workingFolder: found.folder,
    environment: {},
    config: found.config === null ? null : { ...found.config, version },
    git: { branch: null, commit: null },
    isScriptEdited: false,
    after: null,
    parent: null,
    overridden: null,
    evaluates: null,
    brings: [],
    continuations: [],
    mainMetrics: [],
    exitCodes: {},
    host: hostname(),
    history: [{ state: 'starting', atMs: createdMs }],
    end: null,
    remote: {
      folder: found.folder,
      token: '',
      earlierJobs: 0,
      resources: wholeResources({ array: found.array }),
      scheduler: schedulerOf(target),
      attached: {
        owner: found.owner,
        jobName: found.jobName,
        log: found.log === MAIN_LOG ? null : found.log,
      },
    },
  };
}

/** One folder there is one run here: two copies would write to the same places of the memory of copies. */
async function refuseSecond(root: string, target: string, folder: string): Promise<void> {
  for (const id of await readdir(join(root, 'runs')).catch((): string[] => [])) {
    const text = await readFile(join(root, 'runs', id, 'run.json'), 'utf8').catch(() => '');
    const record = parsed(text);
    if (record?.target !== target || record.remote === null) continue;
    if (record.remote.folder !== folder && !folder.endsWith(`/${id}.${record.remote.token}`)) continue;
    throw new StudioError('ALREADY_EXISTS', `This folder is the run ${record.name} of this workspace`, {
      hint: `Open ${id} in the list of runs`,
    });
  }
}

function parsed(text: string): RunRecord | null {
  try {
    const result = runRecord.safeParse(JSON.parse(text));
    return result.success ? result.data : null;
  } catch {
    return null;
  }
}

function refusal(exitCode: number, path: string, printed: string): StudioError {
  const detail = { detail: printed };
  if (exitCode === attachCodes.missing) {
    return new StudioError('NOT_FOUND', `There is no ${path} on the target`, {
      hint: 'Check the path: ~/ is your own home there, and a folder above it may be closed to you',
      ...detail,
    });
  }
  return new StudioError('PERMISSION_DENIED', `You may not read ${path} on the target`, {
    hint: 'Ask its owner to let your group read it: chmod -R g+rX FOLDER',
    ...detail,
  });
}
