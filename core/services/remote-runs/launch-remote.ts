// A launch on another computer, up to the point where it can be submitted: checked, written down here, nothing sent yet.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import type { Evaluates, JobScript, PreflightFinding, RunId, RunParent } from '../../api/launches.ts';
import {
  buildCommandParts,
  checkParameters,
  filler,
  type ParameterValues,
  textOfParts,
} from '../../lib/recipes/command-line.ts';
import type { RecipeFile } from '../../lib/recipes/recipe-file.ts';
import { continued } from '../../lib/recipes/resume.ts';
import type { RunRecord } from '../../lib/runs/run-files.ts';
import type { Scheduler } from '../../lib/slurm/launch-lines.ts';
import { SUPERVISOR_FILE, supervisorScript } from '../../lib/workstation/supervisor.ts';
import { type BatchJob, batchScript, jobName, SINK_FOLDER } from '../../lib/slurm/batch-script.ts';
import { readDirectives, resourcesOf } from '../../lib/slurm/directives.ts';
import { completeScript, PREVIEW_TOKEN } from '../../lib/slurm/edited-script.ts';
import { type BatchResources, wholeResources } from '../../lib/slurm/resources.ts';
import { makeRunFolder, readConfig, slugOf, whoOverrode } from '../runs/launch.ts';
import { resolveInside } from '../files/resolve-inside.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import type { TargetEntry } from '../targets/read-targets.ts';
import { PROGRAMS, readPrograms, readSink } from '../runs/programs.ts';
import { readGitHead } from '../workspace/git-branch.ts';
import type { Upload } from './upload-files.ts';

/** Files that a run takes along lie here, below its folder on the target. */
export const INPUTS = 'inputs';

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

/** Throws INVALID_INPUT for what the target cannot run at all. */
function requirePlace({ recipe, target, resources }: RemoteLaunch): void {
  const refuse = (message: string, hint: string): never => {
    throw new StudioError('INVALID_INPUT', message, { hint });
  };
  if (schedulerOf(target) === 'slurm') {
    if (!recipe.targets.includes('cluster'))
      refuse(`${recipe.title} does not run on clusters`, 'Choose another target, or another recipe');
    return;
  }
  if (!recipe.targets.includes('workstation'))
    refuse(`${recipe.title} does not run on workstations`, 'Choose another target, or another recipe');
  if (resources.nodes > 1)
    refuse(
      `${target.name} is one computer, and the run asks for ${resources.nodes} nodes`,
      'Ask for one node',
    );
  if (resources.array !== null)
    refuse('Arrays need a scheduler', 'Launch it on a cluster, or launch a run for each task');
  if (target.container?.runtime === 'pyxis')
    refuse('Pyxis is a part of Slurm', 'Use Apptainer on a workstation');
}

/** Stands for the number of a job that is not submitted yet; sbatch would refuse it. */
export const AFTER_JOB = 'JOB';

/** The run's folder on its target, as studio.yaml words it. A colleague's run of the same name and day has another token. */
function remoteFolder(target: TargetEntry, id: string, token: string): string {
  return `${(target.folder ?? '~/nesso-runs').replace(/\/+$/, '')}/${id}.${token}`;
}

/** Writes run.json, and job.sh as it will be submitted; returns the id. Throws INVALID_INPUT. */
export async function prepareRemoteRun(launch: RemoteLaunch): Promise<string> {
  const { root, recipe, target } = launch;
  requirePlace(launch);
  const token = randomBytes(6).toString('hex');
  const { parameters, config } = await startingFrom(launch);
  const job = jobFor(launch, parameters, token);
  const text = submittable(launch, job);
  await filesOf(launch, recipe, parameters, config);
  const overridden = await whoOverrode(root, launch.overridden);
  const { id, folder } = await makeRunFolder(root, launch.name);
  const createdMs = Date.now();
  const record: RunRecord = {
    format: 1,
    id,
    name: launch.name.trim(),
    recipe: recipe.id,
    target: target.name,
    createdMs,
    parameters,
    workingFolder: '.',
    ...written(job),
    config,
    git: await readGitHead(root),
    mainMetrics: recipe.metrics.main,
    exitCodes: recipe.exitCodes,
    host: hostname(),
    history: [{ state: 'starting', atMs: createdMs }],
    end: null,
    remote: {
      folder: remoteFolder(target, id, token),
      token,
      jobName: jobName(launch.name, token),
      earlierJobs: 0,
      resources: askedFor(launch, job),
      scheduler: schedulerOf(target),
      attached: null,
    },
    isScriptEdited: launch.script !== undefined,
    after: launch.after ?? null,
    parent: launch.from ?? null,
    overridden,
    evaluates: launch.evaluates ?? null,
    brings: recipe.outputs.filter(({ bring }) => bring).map(({ path }) => path),
    continuations: [],
  };
  await writeFileAtomic(join(folder, 'job.sh'), text);
  if (schedulerOf(target) === 'processes') {
    const supervisor = supervisorScript({
      token,
      runsAtOnce: target.runsAtOnce,
      gpus: job.resources.gpusPerNode,
      gpuDevices: job.resources.gpuDevices,
      gpuCount: target.gpusPerNode,
      after: launch.afterFolder ?? null,
    });
    await writeFileAtomic(join(folder, SUPERVISOR_FILE), supervisor);
  }
  await writeFileAtomic(join(folder, 'run.json'), `${JSON.stringify(record, null, 2)}\n`);
  return id;
}

/** The script that a launch would submit, with what was put back into an edited one. Never writes anything. */
export async function previewScript(launch: Omit<RemoteLaunch, 'appFolder'>): Promise<JobScript> {
  const { recipe, from } = launch;
  // A script can be shown before its config is written.
  const parameters =
    from === undefined ? checkParameters(recipe, launch.parameters) : (await startingFrom(launch)).parameters;
  return scriptOf(launch, parameters);
}

/** The script of a run that goes on, with its command and environment as they are written down. */
export function scriptFor(
  launch: Omit<RemoteLaunch, 'appFolder' | 'root'>,
  parameters: ParameterValues,
  token: string,
): Pick<RunRecord, 'command' | 'environment'> & { readonly text: string } {
  const job = jobFor(launch, parameters, token);
  return { text: submittable(launch, job), ...written(job) };
}

function written({ command, surroundings }: BatchJob): Pick<RunRecord, 'command' | 'environment'> {
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

/** Parameters and config of the launch, changed as its recipe says where it starts from a checkpoint. */
export async function startingFrom(
  launch: Pick<RemoteLaunch, 'root' | 'recipe' | 'parameters' | 'from' | 'name'>,
): Promise<{ readonly parameters: ParameterValues; readonly config: RunRecord['config'] }> {
  const { root, recipe, from } = launch;
  const parameters = checkParameters(recipe, launch.parameters);
  const config = await readConfig(root, recipe, parameters);
  if (from === undefined) return { parameters, config };
  const rule = recipe.resume;
  if (rule?.kind !== 'checkpoint') {
    throw new StudioError('INVALID_INPUT', `${recipe.title} does not say how it starts from a checkpoint`, {
      hint: 'Add `resume` to its recipe.yaml, or launch it without a parent',
    });
  }
  const next = continued(
    rule,
    { parameters, config: config?.text ?? null },
    {
      how: 'fork',
      folder: from.checkpoint.slice(0, from.checkpoint.lastIndexOf('/')),
      checkpoint: from.checkpoint,
      step: from.step,
      name: slugOf(launch.name),
      steps: null,
    },
  );
  return {
    parameters: checkParameters(recipe, next.parameters),
    config: config === null ? null : { ...config, text: next.config ?? config.text },
  };
}

/** The generated script, or the edited one made fit. INVALID_INPUT says why it cannot be submitted. */
function submittable({ script }: Pick<RemoteLaunch, 'script'>, job: BatchJob): string {
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

/** What lies beside job.sh: configs and other small files that the parameters name, the recipe's programs, the sink. */
export async function filesOf(
  places: { readonly root: string; readonly appFolder: string },
  recipe: RecipeFile,
  parameters: ParameterValues,
  /** As the run has it; its file may have changed since. */
  config: RunRecord['config'],
): Promise<readonly Upload[]> {
  const uploads: Upload[] = [];
  for (const { name, kind, label } of recipe.parameters) {
    const path = String(parameters[name] ?? '');
    if (kind !== 'file' || path === '') continue;
    if (config !== null && name === recipe.config && config.path === path) {
      uploads.push({ name: `${INPUTS}/${basename(path)}`, bytes: new TextEncoder().encode(config.text) });
      continue;
    }
    const bytes = await readFile(await resolveInside(places.root, path)).catch(() => null);
    if (bytes === null) {
      throw new StudioError('INVALID_INPUT', `${label}: ${path} is not a file of this workspace`, {
        hint: 'Choose a file that is there',
        path,
      });
    }
    uploads.push({ name: `${INPUTS}/${basename(path)}`, bytes });
  }
  for (const { name, bytes } of await readPrograms(places.appFolder, places.root, recipe))
    uploads.push({ name: `${PROGRAMS}/${name}`, bytes });
  if (recipe.exactMetrics) {
    for (const { name, bytes } of await readSink(places.appFolder))
      uploads.push({ name: `${SINK_FOLDER}/${name}`, bytes });
  }
  const names = new Set<string>();
  for (const { name } of uploads) {
    if (names.has(name)) {
      throw new StudioError('INVALID_INPUT', `Two files of this run are called ${basename(name)}`, {
        hint: 'Rename one of them: they travel into one folder',
      });
    }
    names.add(name);
  }
  return uploads;
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

function jobFor(
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
