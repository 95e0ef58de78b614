// Goes on with a run that is over: the same run and folder, one more job. Its config and parameters change as the recipe says; what it
// printed and logged before stays, and the new job appends to it.
import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../../api/errors.ts';
import type { Run } from '../../../api/runs.ts';
import type { FoundCheckpoint } from '../../../lib/recipes/checkpoint-layouts.ts';
import type { RecipeFile } from '../../../lib/recipes/recipe-file.ts';
import { continued } from '../../../lib/recipes/resume.ts';
import { type RunRecord, runRecord } from '../../../lib/runs/run-files.ts';
import { isOver } from '../../../lib/runs/run-state.ts';
import { jobName } from '../../../lib/slurm/batch-script.ts';
import { SUPERVISOR_FILE } from '../../../lib/workstation/supervisor.ts';
import { withFileLock } from '../../files/with-file-lock.ts';
import { writeFileAtomic } from '../../files/write-atomic.ts';
import type { Connection } from '../../targets/connection.ts';
import type { TargetEntry } from '../../targets/read-targets.ts';
import { personName } from '../../workspace/person-name.ts';
import { checkpointRuleOf, listCheckpoints } from './checkpoints.ts';
import { scriptFor, supervisorOf } from './remote-job.ts';
import { unknownRemote } from './remote-file.ts';

export interface ResumeRequest {
  readonly root: string;
  readonly run: Run;
  readonly recipe: RecipeFile;
  readonly target: TargetEntry;
  readonly connection: Connection;
  /** Null goes on from the newest whole checkpoint. */
  readonly step: number | null;
  /** A new last step. */
  readonly steps: number | null;
  readonly walltime: string | null;
  readonly signal?: AbortSignal | undefined;
}

/** What stood in the run's folder before, to be put back when the new job is refused. */
export interface Before {
  readonly files: Readonly<Record<string, string | null>>;
}

const REPLACED = ['run.json', 'remote.json', 'exit.json', 'stop.json', 'job.sh', SUPERVISOR_FILE] as const;

/**
 * Writes the run's files so that its next job can be submitted. Throws CONFLICT while it is live, INVALID_INPUT where there is nothing
 * to go on from, UNAVAILABLE without a connection.
 */
export async function prepareResume(request: ResumeRequest): Promise<Before> {
  const { root, run, recipe, target, steps } = request;
  if (!isOver(run.state)) {
    throw new StudioError('CONFLICT', `${run.name} is still ${run.state}`, {
      hint: 'Stop it first, or wait for its end',
    });
  }
  if (recipe.resume === undefined) {
    throw new StudioError('INVALID_INPUT', `${recipe.title} does not say how it goes on`, {
      hint: 'Launch it anew, or add `resume` to its recipe.yaml',
    });
  }
  const folder = join(root, run.folder);
  const record = runRecord.parse(JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')));
  if (record.remote === null) {
    throw new StudioError('INVALID_INPUT', `${run.name} ran on this computer`, {
      hint: 'Only runs on targets go on; launch it anew',
    });
  }
  if (run.state === 'done' && steps === null && recipe.resume.kind === 'checkpoint') {
    throw new StudioError('INVALID_INPUT', `${run.name} has done all its steps`, {
      hint: 'Give a new last step to extend it, or fork it',
    });
  }
  const next = recipe.resume.kind === 'again' ? null : await fromCheckpoint(request, record);
  const parameters = next?.parameters ?? record.parameters;
  const config =
    record.config === null ? null : { ...record.config, text: next?.config ?? record.config.text };
  if (record.isScriptEdited && JSON.stringify(parameters) !== JSON.stringify(record.parameters)) {
    throw new StudioError(
      'INVALID_INPUT',
      'The script of this run was edited, so its command cannot be changed',
      {
        hint: 'Fork the run: its script is generated anew there',
      },
    );
  }
  const token = randomBytes(6).toString('hex');
  const resources = {
    ...record.remote.resources,
    ...(request.walltime === null ? {} : { walltime: request.walltime }),
  };
  const edited = record.isScriptEdited ? await readFile(join(folder, 'job.sh'), 'utf8') : undefined;
  const launch = { recipe, name: record.name, parameters, target, resources, script: edited };
  const { text, command, environment } = scriptFor(launch, parameters, token);
  // A run that goes on waits for no other.
  const supervisor = supervisorOf(target, { token, resources }, null);
  const nowMs = Date.now();
  const changed: RunRecord = {
    ...record,
    parameters,
    command,
    environment,
    config,
    end: null,
    history: [...record.history, { state: 'resumed', atMs: nowMs }, { state: 'starting', atMs: nowMs }],
    remote: {
      ...record.remote,
      token,
      jobName: jobName(record.name, token),
      earlierJobs: record.remote.earlierJobs + 1,
      resources,
    },
    continuations: [
      ...record.continuations,
      {
        atMs: nowMs,
        by: await personName(root),
        step: next?.step ?? null,
        checkpoint: next?.checkpoint ?? null,
        steps,
      },
    ],
  };
  return withFileLock(root, join(folder, 'run.json'), async () => {
    const files = Object.fromEntries(
      await Promise.all(
        REPLACED.map(
          async (name) => [name, await readFile(join(folder, name), 'utf8').catch(() => null)] as const,
        ),
      ),
    );
    await writeFileAtomic(join(folder, 'remote.json'), JSON.stringify(unknownRemote));
    await writeFileAtomic(join(folder, 'job.sh'), text);
    if (supervisor !== null) await writeFileAtomic(join(folder, SUPERVISOR_FILE), supervisor);
    for (const name of ['exit.json', 'stop.json']) await rm(join(folder, name), { force: true });
    // Last: until then run.json itself says that the run is over.
    await writeFileAtomic(join(folder, 'run.json'), `${JSON.stringify(changed, null, 2)}\n`);
    return { files };
  });
}

/** As it was before the new job, which never was. */
export async function undoResume(root: string, run: Run, { files }: Before): Promise<void> {
  const folder = join(root, run.folder);
  await withFileLock(root, join(folder, 'run.json'), async () => {
    for (const [name, text] of Object.entries(files)) {
      if (text !== null) await writeFileAtomic(join(folder, name), text);
      else await rm(join(folder, name), { force: true });
    }
  });
}

async function fromCheckpoint(request: ResumeRequest, record: RunRecord) {
  const { recipe, connection, step, steps, signal } = request;
  const rule = checkpointRuleOf(recipe);
  const { folder, checkpoints } = await listCheckpoints(connection, rule, record, signal);
  const chosen = chooseCheckpoint(checkpoints, step);
  const going = {
    how: step === null ? 'newest' : 'at',
    folder: folder ?? '',
    checkpoint: chosen.path,
    step: chosen.step,
    name: '',
    steps,
  } as const;
  const { parameters, config } = record;
  const next = continued(rule, { parameters, config: config?.text ?? null }, going);
  return { ...next, step: chosen.step, checkpoint: chosen.path };
}

/** INVALID_INPUT where there is none, or the one that was named is not whole. */
export function chooseCheckpoint(
  checkpoints: readonly FoundCheckpoint[],
  step: number | null,
): FoundCheckpoint {
  const chosen = checkpoints.find((one) => (step === null ? one.isComplete : one.step === step));
  if (chosen?.isComplete) return chosen;
  if (chosen !== undefined) {
    throw new StudioError('INVALID_INPUT', `The checkpoint of step ${chosen.step} is not whole`, {
      hint: `${chosen.problem ?? ''}. Take an older one`,
    });
  }
  const whole = checkpoints.filter(({ isComplete }) => isComplete).map((one) => one.step);
  throw new StudioError(
    'INVALID_INPUT',
    step === null ? 'There is no whole checkpoint to go on from' : `There is no checkpoint of step ${step}`,
    { hint: whole.length === 0 ? 'Launch the run anew' : `There are steps ${whole.slice(0, 8).join(', ')}` },
  );
}
