// From a launch on a target to its job: the command with its values, what surrounds it there, and the script. Sends and writes nothing.
import { basename } from 'node:path';
import { StudioError } from '../../../api/errors.ts';
import type { Evaluates, JobScript, PreflightFinding, RunId, RunParent } from '../../../api/launches.ts';
import {
  buildCommandParts,
  filler,
  type ParameterValues,
  textOfParts,
} from '../../../lib/recipes/command-line.ts';
import type { RecipeFile } from '../../../lib/recipes/recipe-file.ts';
import type { RunRecord } from '../../../lib/runs/run-files.ts';
import { type BatchJob, batchScript } from '../../../lib/slurm/batch-script.ts';
import { readDirectives, resourcesOf } from '../../../lib/slurm/directives.ts';
import { completeScript, PREVIEW_TOKEN } from '../../../lib/slurm/edited-script.ts';
import type { Scheduler } from '../../../lib/slurm/launch-lines.ts';
import { type BatchResources, wholeResources } from '../../../lib/slurm/resources.ts';
import { supervisorScript } from '../../../lib/workstation/supervisor.ts';
import { PROGRAMS } from '../programs.ts';
import type { TargetEntry } from '../../targets/read-targets.ts';
import { INPUTS } from './travelling-files.ts';

export interface RemoteLaunch {
  readonly root: string;
  readonly appFolder: string;
  readonly recipe: RecipeFile;
  readonly name: string;
  readonly parameters: ParameterValues;
  readonly target: TargetEntry;
  readonly resources: BatchResources;
  /** Number of the job that has to end well first; `AFTER_JOB` while it has none. */
  readonly afterJob?: string | null;
  /** On a workstation its folder instead, as a word of the shell. */
  readonly afterFolder?: string | null;
  readonly after?: RunId | undefined;
  /** A script that a person edited, instead of the generated one. */
  readonly script?: string | undefined;
  readonly from?: RunParent | undefined;
  readonly evaluates?: Evaluates | undefined;
  /** Findings that a person launches in spite of. */
  readonly overridden?: readonly PreflightFinding[] | undefined;
}

export function schedulerOf(target: TargetEntry): Scheduler {
  return target.kind === 'slurm' ? 'slurm' : 'processes';
}

/** Stands for the number of a job that is not submitted yet; sbatch would refuse it. */
export const AFTER_JOB = 'JOB';

/** The script of a run that goes on, with its command and environment as they are written down. */
export function scriptFor(
  launch: Omit<RemoteLaunch, 'appFolder' | 'root'>,
  parameters: ParameterValues,
  token: string,
): Pick<RunRecord, 'command' | 'environment'> & { readonly text: string } {
  const job = jobFor(launch, parameters, token);
  return { text: submittable(launch, job), ...written(job) };
}

/** Command and environment as run.json keeps them. */
export function written({ command, surroundings }: BatchJob): Pick<RunRecord, 'command' | 'environment'> {
  return {
    command: command.map(wordText),
    environment: Object.fromEntries(
      Object.entries(surroundings.environment).map(([variable, word]) => [variable, wordText(word)]),
    ),
  };
}

/** The same for parameters that are known already. */
export function scriptOf(
  launch: Omit<RemoteLaunch, 'appFolder' | 'root'>,
  parameters: ParameterValues,
): JobScript {
  const job = jobFor(launch, parameters, PREVIEW_TOKEN);
  if (launch.script === undefined) return { text: scriptText(job), isEdited: false, notes: [] };
  const { text, notes } = completeScript(launch.script, job);
  return { text, isEdited: true, notes: [...notes] };
}

/** The generated script, or the edited one made fit. INVALID_INPUT says why it cannot be submitted. */
export function submittable({ script }: Pick<RemoteLaunch, 'script'>, job: BatchJob): string {
  if (script === undefined) return scriptText(job);
  const { text, notes } = completeScript(script, job);
  const refused = notes.find(({ kind }) => kind === 'refused');
  if (refused === undefined) return text;
  const where = refused.line === null ? '' : `Line ${refused.line} of the script: `;
  throw new StudioError('INVALID_INPUT', `${where}${refused.message}`, { hint: refused.reason });
}

/** What the script asks for: a person may have changed it there. */
export function askedFor(
  { script }: Pick<RemoteLaunch, 'script'>,
  { resources }: { readonly resources: BatchResources },
): BatchResources {
  return script === undefined ? resources : wholeResources(resourcesOf(readDirectives(script).directives));
}

/** The job of a run that was written down; what it runs is in its job.sh. */
export function jobOfRecord(record: RunRecord): BatchJob {
  const { remote } = record;
  if (remote === null) throw new TypeError(`${record.id} runs on this computer`);
  return {
    name: record.name,
    token: remote.token,
    command: record.command,
    resources: remote.resources,
    surroundings: { modules: [], environment: record.environment, prologue: '' },
  };
}

/** What was asked for; the target's own where nothing was. */
export function resourcesAt(target: TargetEntry, resources: BatchResources): BatchResources {
  return {
    ...resources,
    partition: resources.partition ?? target.partition,
    account: resources.account ?? target.account,
    qos: resources.qos ?? target.qos,
    walltime: resources.walltime ?? target.walltime,
  };
}

/** What the launch runs there, with the token that tells its job from all others. Throws INVALID_INPUT. */
export function jobFor(
  launch: Omit<RemoteLaunch, 'root' | 'appFolder'>,
  parameters: ParameterValues,
  token: string,
): BatchJob {
  const { recipe, target, resources } = launch;
  const refuse = (word: string) => (): never => {
    throw new StudioError(
      'INVALID_INPUT',
      `${recipe.title} uses {${word}}, which exists on this computer only`,
      {
        hint: 'Launch it on this computer, or change its recipe',
      },
    );
  };
  const places = {
    run: '.',
    programs: PROGRAMS,
    get workspace() {
      return refuse('workspace')();
    },
    get app() {
      return refuse('app')();
    },
    get node() {
      return refuse('node')();
    },
    fileOf: (path: string) => `${INPUTS}/${basename(path)}`,
  };
  const fill = filler(recipe, parameters, places);
  return {
    name: launch.name,
    token,
    command: buildCommandParts(recipe, parameters, places),
    resources: resourcesAt(target, resources),
    surroundings: {
      modules: target.modules,
      environment: {
        ...target.environment,
        ...Object.fromEntries(Object.entries(recipe.environment).map(([name, text]) => [name, fill(text)])),
      },
      prologue: [target.setup, ...recipe.prologue].filter((lines) => lines.trim() !== '').join('\n'),
      conda: target.conda,
      python: target.python,
      container: target.container,
    },
    launch: {
      launcher: recipe.launcher,
      startIn: recipe.startIn === undefined ? null : fill(recipe.startIn),
      pythonPath: recipe.pythonPath.map(fill).filter((parts) => parts.length > 0),
      exactMetrics: recipe.exactMetrics,
      afterJob: launch.afterJob ?? null,
      scheduler: schedulerOf(target),
    },
  };
}

function wordText(word: BatchJob['command'][number]): string {
  return typeof word === 'string' ? word : textOfParts(word);
}

function scriptText(job: BatchJob): string {
  try {
    return batchScript(job);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new StudioError('INVALID_INPUT', error.message, { hint: 'Change that value', cause: error });
  }
}

/** supervise.sh of a run on a workstation; null on a cluster, where Slurm does its work. */
export function supervisorOf(
  target: TargetEntry,
  job: Pick<BatchJob, 'token' | 'resources'>,
  after: string | null,
): string | null {
  if (schedulerOf(target) === 'slurm') return null;
  return supervisorScript({
    token: job.token,
    runsAtOnce: target.runsAtOnce,
    gpus: job.resources.gpusPerNode,
    gpuDevices: job.resources.gpuDevices,
    gpuCount: target.gpusPerNode,
    after,
  });
}
