// Runs on other computers: launched, followed, stopped. A submission that the link interrupted is finished at the next contact.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../../api/errors.ts';
import type { JobScript, PreflightFinding } from '../../../api/launches.ts';
import type { Run } from '../../../api/runs.ts';
import { type RunRecord, runRecord } from '../../../lib/runs/run-files.ts';
import type { CheckpointListing } from '../../../lib/recipes/checkpoint-layouts.ts';
import { stopScript } from '../../../lib/workstation/process-scripts.ts';
import type { CoreContext } from '../../context.ts';
import { findRecipe, readRecipes } from '../recipes.ts';
import { runInBackground } from '../../targets/background-command.ts';
import type { TargetService } from '../../targets/service.ts';
import { attachRun } from './attach-run.ts';
import { cancelJob, requeueJob, requireOwn } from './change-job.ts';
import { afterJobOf, forerunnerOf } from './forerunner.ts';
import { prepareResume, type ResumeRequest, undoResume } from './resume-run.ts';
import { checkpointRuleOf, listCheckpoints } from './checkpoints.ts';
import { type EarlierStep, makingsOfChain } from './earlier-runs.ts';
import { createRemoteFollower, type RemoteFollower } from './follower.ts';
import { prepareRemoteRun, previewScript, startingFrom } from './launch-remote.ts';
import { askedFor, type RemoteLaunch, resourcesAt, scriptOf } from './remote-job.ts';
import { folderWord, readRemote } from './remote-file.ts';
import { preflight } from './preflight.ts';
import { createSubmission, isRefusal } from './submission.ts';

const CANCEL_TIMEOUT_MS = 60_000;

export interface RemoteRuns {
  /** The id of the run. It is written down before anything is sent; a link that breaks only delays it. */
  launch(launch: TargetedLaunch): Promise<string>;
  /** Cancels a run that was launched a moment ago and leaves nothing of it. */
  takeBack(id: string): Promise<void>;
  script(launch: TargetedLaunch): Promise<JobScript>;
  preflight(
    launch: TargetedLaunch & { readonly earlier?: readonly EarlierStep[] | undefined },
    signal?: AbortSignal,
  ): Promise<PreflightFinding[]>;
  submitAgain(id: string): Promise<void>;
  checkpoints(id: string, signal?: AbortSignal): Promise<CheckpointListing>;
  /** One more job of a run that is over. */
  resume(request: ResumeInput): Promise<void>;
  /** The id of the run that is followed from now on. */
  attach(request: AttachInput, signal?: AbortSignal): Promise<string>;
  /** Warns the job, and cancels it after `graceMs`. A job that waits is cancelled at once. */
  stop(id: string, graceMs: number): Promise<void>;
  /** Has Slurm end the job and start it again: one more attempt. Throws CONFLICT where it may not. */
  requeue(id: string): Promise<void>;
  readonly follower: RemoteFollower;
  dispose(): Promise<void>;
}

export type TargetedLaunch = Omit<
  RemoteLaunch,
  'root' | 'appFolder' | 'target' | 'afterJob' | 'afterFolder'
> & {
  readonly target: string;
};

export type ResumeInput = Pick<ResumeRequest, 'run' | 'step' | 'steps' | 'walltime' | 'signal'>;
export interface AttachInput {
  readonly target: string;
  readonly path: string;
  readonly name?: string | undefined;
}

export interface RemoteRunsOptions {
  readonly queueFloorMs?: number | undefined;
  /** Something of this run is other than it was. */
  readonly onChange?: ((id: string, isOutput?: boolean) => void) | undefined;
}

export function createRemoteRuns(
  context: CoreContext,
  targets: TargetService,
  listRuns: () => Promise<readonly Run[]>,
  options: RemoteRunsOptions = {},
): RemoteRuns {
  const root = () => context.workspace.require().path;
  const { appFolder } = context.options;
  const recordOf = async (id: string): Promise<RunRecord> =>
    runRecord.parse(JSON.parse(await readFile(join(root(), 'runs', id, 'run.json'), 'utf8')));
  const submission = createSubmission({ context, targets, listRuns, recordOf, onChange: options.onChange });
  const { submit } = submission;
  const follower = createRemoteFollower(context, targets, listRuns, {
    ...options,
    submit: submission.submitLater,
  });

  const withTarget = async (launch: TargetedLaunch): Promise<RemoteLaunch> => {
    const { after, target } = launch;
    const forerunner =
      after === undefined ? null : await forerunnerOf(root(), await listRuns(), { id: after, target });
    return {
      ...launch,
      root: root(),
      appFolder,
      target: await targets.entryOf(target),
      afterJob: afterJobOf(forerunner),
      afterFolder:
        after === undefined || forerunner?.kind === 'done' ? null : folderWord(await recordOf(after)),
    };
  };

  /** Leaves nothing of a run, here and there. */
  const discard = async (id: string): Promise<void> => {
    const record = await recordOf(id);
    const connection = await targets.connectionOf(record.target);
    await connection.run({ script: `rm -rf -- ${folderWord(record)}` }).catch(() => undefined);
    await rm(join(root(), 'runs', id), { recursive: true, force: true });
    await listRuns();
  };

  return {
    follower,
    async launch(launch) {
      const id = await prepareRemoteRun(await withTarget(launch));
      try {
        await submit(id);
      } catch (error) {
        // Refused while a person looks on: the words go to them, and nothing is left behind.
        if (isRefusal(error)) {
          await discard(id);
          throw error;
        }
        if (!(error instanceof StudioError) || error.code !== 'UNAVAILABLE') {
          follower.follow(id);
          throw error;
        }
      }
      follower.follow(id);
      return id;
    },
    async takeBack(id) {
      const record = await recordOf(id);
      const { jobId } = await readRemote(join(root(), 'runs', id));
      follower.forget(id);
      const connection = await targets.connectionOf(record.target);
      if (record.remote?.scheduler === 'processes')
        await connection.run({ script: stopScript(folderWord(record), 0) });
      else if (jobId !== null)
        await runInBackground(connection, `scancel ${jobId}`, { timeoutMs: CANCEL_TIMEOUT_MS });
      await discard(id);
    },
    script: async (launch) => previewScript(await withTarget(launch)),
    async preflight({ earlier = [], ...launch }, signal) {
      const targeted = await withTarget(launch);
      const makings = await makingsOfChain(root(), await readRecipes(appFolder, root()), earlier, {
        id: launch.after,
        recordOf,
      });
      const { parameters, config } = await startingFrom(targeted);
      const connection = await targets.connectionOf(launch.target);
      const known = await targets.profile(launch.target);
      const isConnected = connection.state.kind === 'connected';
      return preflight({
        root: root(),
        appFolder,
        recipe: launch.recipe,
        parameters,
        config,
        target: targeted.target,
        resources: askedFor(launch, { resources: resourcesAt(targeted.target, launch.resources) }),
        script: scriptOf(targeted, parameters),
        profile: known ?? (isConnected ? await targets.probe(launch.target, signal) : null),
        connection,
        makings,
        runs: await listRuns(),
        signal,
      });
    },
    async checkpoints(id, signal) {
      const record = await recordOf(id);
      const recipe = findRecipe(await readRecipes(appFolder, root()), record.recipe);
      const connection = await targets.connectionOf(record.target);
      return listCheckpoints(connection, checkpointRuleOf(recipe), record, signal);
    },
    async resume({ run, ...input }) {
      const request = {
        ...input,
        run,
        root: root(),
        recipe: findRecipe(await readRecipes(appFolder, root()), run.recipe),
        target: await targets.entryOf(run.target),
        connection: await targets.connectionOf(run.target),
      };
      const before = await prepareResume(request);
      try {
        await submit(run.id);
      } catch (error) {
        if (isRefusal(error)) {
          await undoResume(root(), run, before);
          throw error;
        }
        follower.follow(run.id);
        if (!(error instanceof StudioError) || error.code !== 'UNAVAILABLE') throw error;
      }
      follower.follow(run.id);
    },
    submitAgain: (id) => submit(id, true),
    async attach({ target, path, name }, signal) {
      const connection = await targets.connectionOf(target);
      const entry = await targets.entryOf(target);
      const id = await attachRun({ root: root(), target: entry, connection, path, name, signal });
      follower.follow(id);
      return id;
    },
    async stop(id, graceMs) {
      const record = await recordOf(id);
      const { jobId } = await readRemote(join(root(), 'runs', id));
      requireOwn(record, jobId);
      if (jobId === null) {
        throw new StudioError('CONFLICT', `${record.name} is still being submitted`, {
          hint: 'Stop it once it is in the queue',
        });
      }
      const connection = await targets.connectionOf(record.target);
      if (record.remote?.scheduler === 'processes') {
        await connection.run({ script: stopScript(folderWord(record), graceMs / 1000) });
        return;
      }
      await cancelJob(connection, jobId, graceMs);
    },
    async requeue(id) {
      const record = await recordOf(id);
      const { jobId } = await readRemote(join(root(), 'runs', id));
      requireOwn(record, jobId);
      if (record.remote?.scheduler === 'processes' || jobId === null) {
        throw new StudioError('CONFLICT', `${record.name} has no job of Slurm to be started again`, {
          hint: 'Stop it, and resume it',
        });
      }
      await requeueJob(await targets.connectionOf(record.target), record, jobId);
    },
    async dispose() {
      await follower.dispose();
      await submission.settled();
    },
  };
}
