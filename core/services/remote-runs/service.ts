// Runs on other computers: launched, followed, stopped. A submission that the link interrupted is finished at the next contact.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import type { PreflightFinding, Run } from '../../api/runs.ts';
import { type RunRecord, runRecord } from '../../lib/runs/run-files.ts';
import { judgeRemote } from '../../lib/runs/remote-state.ts';
import { stopScript } from '../../lib/workstation/process-scripts.ts';
import { SUPERVISOR_FILE } from '../../lib/workstation/supervisor.ts';
import type { CoreContext } from '../context.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import { findRecipe, readRecipes } from '../runs/recipes.ts';
import { runInBackground } from '../targets/background-command.ts';
import type { TargetService } from '../targets/service.ts';
import { createRemoteFollower, type RemoteFollower } from './follower.ts';
import {
  filesOf,
  jobOfRecord,
  prepareRemoteRun,
  previewScript,
  type RemoteLaunch,
  resourcesAt,
  schedulerOf,
} from './launch-remote.ts';
import { folderWord, readAttempts, readRemote, writeRemote } from './remote-file.ts';
import { preflight } from './preflight.ts';
import { startProcess } from './start-process.ts';
import { submitJob } from './submit-job.ts';

const CANCEL_TIMEOUT_MS = 60_000;
const LATER_CANCEL_MS = 250;

export interface RemoteRuns {
  /** The id of the run. It is written down before anything is sent; a link that breaks only delays it. */
  launch(launch: TargetedLaunch): Promise<string>;
  script(launch: TargetedLaunch): Promise<string>;
  preflight(launch: TargetedLaunch, signal?: AbortSignal): Promise<PreflightFinding[]>;
  submitAgain(id: string): Promise<void>;
  /** Warns the job, and cancels it after `graceMs`. A job that waits is cancelled at once. */
  stop(id: string, graceMs: number): Promise<void>;
  readonly follower: RemoteFollower;
  dispose(): Promise<void>;
}

export type TargetedLaunch = Omit<
  RemoteLaunch,
  'root' | 'appFolder' | 'target' | 'afterJob' | 'afterFolder'
> & {
  readonly target: string;
  /** Id of the run that has to end well first. */
  readonly after?: string | undefined;
};

export interface RemoteRunsOptions {
  readonly queueFloorMs?: number | undefined;
}

export function createRemoteRuns(
  context: CoreContext,
  targets: TargetService,
  listRuns: () => Promise<readonly Run[]>,
  options: RemoteRunsOptions = {},
): RemoteRuns {
  const root = () => context.workspace.require().path;
  const { appFolder } = context.options;
  const submitting = new Map<string, Promise<void>>();

  const recordOf = async (id: string): Promise<RunRecord> =>
    runRecord.parse(JSON.parse(await readFile(join(root(), 'runs', id, 'run.json'), 'utf8')));

  const submitOnce = async (id: string, again: boolean): Promise<void> => {
    const record = await recordOf(id);
    const folder = join(root(), 'runs', id);
    const catalogue = await readRecipes(context.options.appFolder, root());
    const recipe = findRecipe(catalogue, record.recipe);
    const connection = await targets.connectionOf(record.target);
    // As it was shown and kept; a target that was changed since does not change it.
    const kept = (name: string) => readFile(join(folder, name), 'utf8').catch(() => undefined);
    try {
      const script = await kept('job.sh');
      const files = await filesOf({ root: root(), appFolder }, recipe, record.parameters);
      const supervisor = await kept(SUPERVISOR_FILE);
      const common = { folder: folderWord(record), files, again };
      const jobId =
        record.remote?.scheduler === 'processes' && supervisor !== undefined
          ? await startProcess(connection, { ...common, script: script ?? '', supervisor })
          : await submitJob(connection, { ...common, job: jobOfRecord(record), script });
      await writeRemote(folder, { jobId, submittedMs: Date.now(), problem: null });
    } catch (error) {
      if (!(error instanceof StudioError)) throw error;
      if (error.code === 'CONFLICT') await writeRemote(folder, { problem: error.message });
      else if (error.code !== 'UNAVAILABLE') {
        // Refused: it will be refused again.
        const exit = { exitCode: null, signal: null, endedMs: Date.now(), error: error.message };
        await writeFileAtomic(join(folder, 'exit.json'), JSON.stringify(exit));
      }
      throw error;
    }
  };
  const submit = (id: string, again = false): Promise<void> => {
    const running = submitting.get(id);
    if (running) return running;
    const started = submitOnce(id, again).finally(() => submitting.delete(id));
    submitting.set(id, started);
    return started;
  };
  const follower = createRemoteFollower(context, targets, listRuns, { ...options, submit });

  const runToWaitFor = async (id: string, target: string): Promise<{ jobId: string; folder: string }> => {
    const record = await recordOf(id).catch(() => null);
    if (record === null || record.target !== target) {
      throw new StudioError('INVALID_INPUT', `${id} is no run on ${target}`, {
        hint: 'A run can wait for another one of the same target',
      });
    }
    const { jobId } = await readRemote(join(root(), 'runs', id));
    if (jobId !== null) return { jobId, folder: folderWord(record) };
    throw new StudioError('CONFLICT', `${record.name} is still being submitted`, {
      hint: 'Launch this once it is in the queue',
    });
  };

  const withTarget = async (launch: TargetedLaunch): Promise<Omit<RemoteLaunch, 'root' | 'appFolder'>> => {
    const after = launch.after === undefined ? null : await runToWaitFor(launch.after, launch.target);
    const target = await targets.entryOf(launch.target);
    return { ...launch, target, afterJob: after?.jobId ?? null, afterFolder: after?.folder ?? null };
  };

  return {
    follower,
    async launch(launch) {
      const id = await prepareRemoteRun({ ...(await withTarget(launch)), root: root(), appFolder });
      follower.follow(id);
      await submit(id).catch((error: unknown) => {
        if (error instanceof StudioError && error.code === 'UNAVAILABLE') return;
        throw error;
      });
      return id;
    },
    script: async (launch) => previewScript(await withTarget(launch)),
    async preflight(launch, signal) {
      const targeted = await withTarget(launch);
      const connection = await targets.connectionOf(launch.target);
      const known = await targets.profile(launch.target);
      const isConnected = connection.state.kind === 'connected';
      return preflight({
        root: root(),
        recipe: launch.recipe,
        parameters: launch.parameters,
        resources: resourcesAt(targeted.target, launch.resources),
        scheduler: schedulerOf(targeted.target),
        script: previewScript(targeted),
        profile: known ?? (isConnected ? await targets.probe(launch.target, signal) : null),
        connection,
        signal,
      });
    },
    submitAgain: (id) => submit(id, true),
    async stop(id, graceMs) {
      const record = await recordOf(id);
      const folder = join(root(), 'runs', id);
      const remote = await readRemote(folder);
      const { jobId } = remote;
      const array = record.remote?.resources.array ?? null;
      const attempts = await readAttempts(folder, array);
      const { state } = judgeRemote({ remote, attempts, stop: null, array });
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
      const cancel = (words: string) =>
        runInBackground(connection, `scancel ${words} ${jobId}`, { timeoutMs: CANCEL_TIMEOUT_MS });
      if (state === 'running' && graceMs > 0) {
        await cancel('--batch --signal=TERM');
        const timer = setTimeout(() => void cancel('').catch(() => undefined), graceMs + LATER_CANCEL_MS);
        timer.unref();
      } else await cancel('');
    },
    async dispose() {
      await follower.dispose();
      await Promise.allSettled(submitting.values());
    },
  };
}
