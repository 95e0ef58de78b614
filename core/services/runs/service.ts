// What can be done with runs: launch, stop, rename, remove, restore. State comes from the registry.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StudioError } from '../../api/errors.ts';
import {
  type Evaluates,
  type JobScript,
  type PreflightFinding,
  type RunId,
  runId,
  type RunParent,
} from '../../api/launches.ts';
import type { Recipe, Run, RunTask } from '../../api/runs.ts';
import { isProcessAlive, stopOrphan } from '../../../native/runner/client.ts';
import type { ParameterValues } from '../../lib/recipes/command-line.ts';
import { processFile } from '../../lib/runs/run-files.ts';
import { isOver } from '../../lib/runs/run-state.ts';
import type { CoreContext } from '../context.ts';
import { moveToTrash, restoreFromTrash } from '../files/trash.ts';
import { withFileLock } from '../files/with-file-lock.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import type { RecipeFile } from '../../lib/recipes/recipe-file.ts';
import { type BatchResources, type ResourcesGiven, wholeResources } from '../../lib/slurm/resources.ts';
import { launchInTurn } from './remote/launch-chain.ts';
import type { CheckpointListing } from '../../lib/recipes/checkpoint-layouts.ts';
import type { EarlierStep } from './remote/earlier-runs.ts';
import type { AttachInput, RemoteRuns, ResumeInput } from './remote/service.ts';
import { launchRun } from './launch.ts';
import { preflightHere } from './preflight-local.ts';
import { findRecipe, readRecipes, toFormRecipe } from './recipes.ts';
import { renameRun } from './record-end.ts';
import type { RunRegistry } from './registry.ts';
import { readRunConfig } from './run-config.ts';
import { readTasks } from './run-folder.ts';

/** A job starts within a second; the answer to `launch` waits this long for it. */
const THIS_COMPUTER = 'this-computer';
const START_WAIT_MS = 10_000;
const START_POLL_MS = 50;

export interface LaunchInput {
  readonly recipe: string;
  readonly name: string;
  readonly parameters: ParameterValues;
  readonly target: string;
  readonly resources: ResourcesGiven;
  readonly after?: RunId | undefined;
  readonly script?: string | undefined;
  readonly from?: RunParent | undefined;
  readonly evaluates?: Evaluates | undefined;
  readonly overridden?: readonly PreflightFinding[] | undefined;
}

export interface RunService {
  recipes(): Promise<Recipe[]>;
  launch(request: LaunchInput): Promise<Run>;
  launchChain(steps: readonly LaunchInput[]): Promise<Run[]>;
  script(request: LaunchInput): Promise<JobScript>;
  /** As it was launched. */
  jobScript(id: string): Promise<Omit<JobScript, 'notes'>>;
  preflight(
    request: LaunchInput & { readonly earlier?: readonly EarlierStep[] | undefined },
    signal?: AbortSignal,
  ): Promise<PreflightFinding[]>;
  submitAgain(id: string): Promise<Run>;
  attach(request: AttachInput, signal?: AbortSignal): Promise<Run>;
  tasks(id: string): Promise<RunTask[]>;
  checkpoints(id: string, signal?: AbortSignal): Promise<CheckpointListing>;
  resume(id: string, input: Omit<ResumeInput, 'run'>): Promise<Run>;
  config(id: string): Promise<{ path: string; version: string; text: string }>;
  stop(id: string, graceMs: number): Promise<void>;
  requeue(id: string): Promise<Run>;
  rename(id: string, name: string): Promise<Run>;
  remove(id: string): Promise<string>;
  restore(token: string): Promise<Run>;
}

export function createRunService(
  context: CoreContext,
  registry: RunRegistry,
  remote: RemoteRuns,
): RunService {
  const root = () => context.workspace.require().path;
  const { appFolder } = context.options;
  /** Problems of recipes are told once, not each time the list is asked for. */
  const told = new Set<string>();

  const require = async (id: string): Promise<Run> => {
    const run = await registry.read(id);
    if (run) return run;
    throw new StudioError('NOT_FOUND', `There is no run “${id}” in this workspace`, {
      hint: 'Refresh the list',
    });
  };

  return {
    async recipes() {
      const catalogue = await readRecipes(appFolder, context.workspace.current?.path ?? null);
      for (const problem of catalogue.problems) {
        if (told.has(problem)) continue;
        told.add(problem);
        context.notices.post({ severity: 'warning', title: 'A recipe cannot be used', detail: problem });
      }
      return catalogue.recipes.map(toFormRecipe);
    },
    async launch(request) {
      const workspace = root();
      const recipe = findRecipe(await readRecipes(appFolder, workspace), request.recipe);
      if (request.target !== THIS_COMPUTER) {
        return require(await remote.launch({ ...request, recipe, resources: resourcesOf(recipe, request) }));
      }
      const id = await launchRun({ ...request, root: workspace, appFolder, recipe });
      const deadlineMs = performance.now() + START_WAIT_MS;
      for (;;) {
        const run = await require(id);
        if (run.state !== 'starting' || performance.now() > deadlineMs) return run;
        await sleep(START_POLL_MS);
      }
    },
    async launchChain(steps) {
      const [first] = steps;
      if (
        first === undefined ||
        steps.some(({ target }) => target !== first.target || target === THIS_COMPUTER)
      ) {
        throw new StudioError('INVALID_INPUT', 'The runs of a chain go to one cluster', {
          hint: 'Launch runs of this computer one by one',
        });
      }
      const catalogue = await readRecipes(appFolder, root());
      const ids = await launchInTurn(steps, {
        async launch(step, after) {
          const recipe = findRecipe(catalogue, step.recipe);
          const waiting = after === undefined ? {} : { after };
          return runId.parse(
            await remote.launch({ ...step, ...waiting, recipe, resources: resourcesOf(recipe, step) }),
          );
        },
        takeBack: (id) => remote.takeBack(id),
      });
      return Promise.all(ids.map(require));
    },
    async script(request) {
      const recipe = findRecipe(await readRecipes(appFolder, root()), request.recipe);
      return remote.script({ ...request, recipe, resources: resourcesOf(recipe, request) });
    },
    async jobScript(id) {
      const run = await require(id);
      const text = await readFile(join(root(), run.folder, 'job.sh'), 'utf8').catch(() => null);
      if (text !== null) return { text, isEdited: run.isScriptEdited ?? false };
      throw new StudioError('NOT_FOUND', `${run.name} has no batch script`, {
        hint: 'Runs on this computer start their command directly',
      });
    },
    async preflight(request, signal) {
      const recipe = findRecipe(await readRecipes(appFolder, root()), request.recipe);
      if (request.target === THIS_COMPUTER)
        return preflightHere({ root: root(), appFolder, recipe, parameters: request.parameters, signal });
      return remote.preflight({ ...request, recipe, resources: resourcesOf(recipe, request) }, signal);
    },
    async checkpoints(id, signal) {
      const { target, name } = await require(id);
      if (target !== THIS_COMPUTER) return remote.checkpoints(id, signal);
      throw new StudioError('INVALID_INPUT', `${name} ran on this computer`, {
        hint: 'Its folder holds what it left',
      });
    },
    async resume(id, input) {
      await remote.resume({ run: await require(id), ...input });
      return require(id);
    },
    async submitAgain(id) {
      await remote.submitAgain(id);
      return require(id);
    },
    async attach(request, signal) {
      root();
      return require(await remote.attach(request, signal));
    },
    async tasks(id) {
      return readTasks(root(), await require(id));
    },
    async config(id) {
      return readRunConfig(root(), await require(id));
    },
    async stop(id, graceMs) {
      const run = await require(id);
      if (isOver(run.state)) return;
      const folder = join(root(), run.folder);
      const text = JSON.stringify({ requestedMs: Date.now(), graceMs });
      if (run.target !== THIS_COMPUTER) await remote.stop(id, graceMs);
      await writeFileAtomic(join(folder, 'stop.json'), text);
      if (run.target === THIS_COMPUTER) await stopWithoutSupervisor(folder, graceMs);
      await registry.read(id);
    },
    async requeue(id) {
      const { state, target, name } = await require(id);
      // Whether its job waits or runs is known best where it is.
      if (isOver(state) || state === 'stopping' || target === THIS_COMPUTER) {
        const words = state === 'stopping' ? 'is being stopped' : 'does not run on a cluster now';
        throw new StudioError('CONFLICT', `${name} ${words}`, { hint: 'Resume it, or launch it again' });
      }
      await remote.requeue(id);
      return require(id);
    },
    async rename(id, name) {
      await require(id);
      await renameRun(root(), id, name);
      return require(id);
    },
    async remove(id) {
      const run = await require(id);
      if (!isOver(run.state) && run.attached === null) {
        throw new StudioError('CONFLICT', `${run.name} is still ${run.state}`, { hint: 'Stop it first' });
      }
      // Under the lock of run.json, or a note about its end written meanwhile would bring the folder back.
      const record = join(root(), run.folder, 'run.json');
      remote.follower.forget(id);
      const token = await withFileLock(root(), record, () => moveToTrash(root(), run.folder));
      await registry.list();
      return token;
    },
    async restore(token) {
      const path = await restoreFromTrash(root(), token);
      const id = path.slice(path.lastIndexOf('/') + 1);
      remote.follower.follow(id);
      return require(id);
    },
  };
}

/** What was asked for; the recipe's own where nothing was. */
function resourcesOf(recipe: RecipeFile, { resources }: LaunchInput): BatchResources {
  return wholeResources(recipe.resources, resources);
}

/** A supervisor sees stop.json by itself; a job whose supervisor was killed is ended from here. */
async function stopWithoutSupervisor(folder: string, graceMs: number): Promise<void> {
  const text = await readFile(join(folder, 'process.json'), 'utf8').catch(() => null);
  const parsed = text === null ? null : processFile.safeParse(JSON.parse(text));
  if (!parsed?.success) return;
  const { supervisor, job } = parsed.data;
  if ((await isProcessAlive(supervisor)) !== false) return;
  void stopOrphan(job, graceMs).catch(() => {});
}
