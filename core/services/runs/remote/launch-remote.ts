// A launch on another computer, up to the point where it can be submitted: checked, written down here, nothing sent yet.
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { StudioError } from '../../../api/errors.ts';
import type { JobScript } from '../../../api/launches.ts';
import { checkParameters, type ParameterValues } from '../../../lib/recipes/command-line.ts';
import { continued } from '../../../lib/recipes/resume.ts';
import type { RunRecord } from '../../../lib/runs/run-files.ts';
import { jobName } from '../../../lib/slurm/batch-script.ts';
import { SUPERVISOR_FILE } from '../../../lib/workstation/supervisor.ts';
import { writeFileAtomic } from '../../files/write-atomic.ts';
import { makeRunFolder, readConfig, slugOf, whoOverrode } from '../launch.ts';
import type { TargetEntry } from '../../targets/read-targets.ts';
import { readGitHead } from '../../workspace/git-branch.ts';
import {
  askedFor,
  jobFor,
  type RemoteLaunch,
  schedulerOf,
  scriptOf,
  submittable,
  supervisorOf,
  written,
} from './remote-job.ts';
import { filesOf } from './travelling-files.ts';

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
  const supervisor = supervisorOf(target, job, launch.afterFolder ?? null);
  if (supervisor !== null) await writeFileAtomic(join(folder, SUPERVISOR_FILE), supervisor);
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
