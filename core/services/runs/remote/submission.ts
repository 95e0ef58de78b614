// Brings a run that is written down to its target, once: to sbatch on a cluster, to its supervisor on a workstation. What a broken link
// left half done is finished the same way.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../../api/errors.ts';
import type { Run } from '../../../api/runs.ts';
import { jobNameOf, type RunRecord } from '../../../lib/runs/run-files.ts';
import { SUPERVISOR_FILE } from '../../../lib/workstation/supervisor.ts';
import type { CoreContext } from '../../context.ts';
import { writeFileAtomic } from '../../files/write-atomic.ts';
import { findRecipe, readRecipes } from '../recipes.ts';
import type { TargetService } from '../../targets/service.ts';
import { forerunnerOf, withForerunner } from './forerunner.ts';
import { folderWord, writeRemote } from './remote-file.ts';
import { jobOfRecord } from './remote-job.ts';
import { startProcess } from './start-process.ts';
import { jobFileOf, submitJob } from './submit-job.ts';
import { filesOf } from './travelling-files.ts';

export interface Submission {
  /** `again`: a person wants a job anew that the target forgot. Asked for twice, it happens once. */
  submit(id: string, again?: boolean): Promise<void>;
  /** For a run that nobody waits for any more: what refuses it now will refuse it again, and ends it. */
  submitLater(id: string): Promise<void>;
  /** When all that were begun have ended. */
  settled(): Promise<unknown>;
}

export function createSubmission({
  context,
  targets,
  listRuns,
  recordOf,
  onChange,
}: {
  readonly context: CoreContext;
  readonly targets: TargetService;
  readonly listRuns: () => Promise<readonly Run[]>;
  readonly recordOf: (id: string) => Promise<RunRecord>;
  readonly onChange: ((id: string) => void) | undefined;
}): Submission {
  const root = () => context.workspace.require().path;
  const { appFolder } = context.options;
  const submitting = new Map<string, Promise<void>>();

  /** job.sh as it was shown and kept; a target that was changed since does not change it. */
  const keptScript = async (record: RunRecord, folder: string): Promise<string | undefined> => {
    const path = join(folder, 'job.sh');
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text === undefined || record.after === null) return text;
    const waiting = { id: record.after, target: record.target };
    const whole = withForerunner(text, await forerunnerOf(root(), await listRuns(), waiting));
    if (whole !== text) await writeFileAtomic(path, whole);
    return whole;
  };

  const submitOnce = async (id: string, again: boolean): Promise<void> => {
    const record = await recordOf(id);
    const folder = join(root(), 'runs', id);
    const catalogue = await readRecipes(appFolder, root());
    const recipe = findRecipe(catalogue, record.recipe);
    const connection = await targets.connectionOf(record.target);
    const supervisor = await readFile(join(folder, SUPERVISOR_FILE), 'utf8').catch(() => undefined);
    try {
      const script = await keptScript(record, folder);
      const files = await filesOf({ root: root(), appFolder }, recipe, record.parameters, record.config);
      const common = { folder: folderWord(record), files, again };
      const jobId =
        record.remote?.scheduler === 'processes' && supervisor !== undefined
          ? await startProcess(connection, {
              ...common,
              script: script ?? '',
              supervisor,
              start: record.remote.earlierJobs,
            })
          : await submitJob(connection, {
              ...common,
              job: jobOfRecord(record),
              jobName: jobNameOf(record) ?? undefined,
              jobFile: jobFileOf(record),
              script,
            });
      await writeRemote(folder, { jobId, submittedMs: Date.now(), problem: null });
      onChange?.(id);
    } catch (error) {
      if (error instanceof StudioError && error.code === 'CONFLICT')
        await writeRemote(folder, { problem: error.message });
      throw error;
    }
  };
  /** For a run that nobody waits for any more: what refuses it now will refuse it again. */
  const submitLater = async (id: string): Promise<void> => {
    try {
      await submit(id);
    } catch (error) {
      if (isRefusal(error)) await endUnsubmitted(join(root(), 'runs', id), error.message);
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

  return { submit, submitLater, settled: () => Promise.allSettled(submitting.values()) };
}

/** Trying again cannot help: the site, the disk or the launch itself is against it. */
export function isRefusal(error: unknown): error is StudioError {
  return error instanceof StudioError && !['UNAVAILABLE', 'CONFLICT', 'CANCELLED'].includes(error.code);
}

async function endUnsubmitted(folder: string, message: string): Promise<void> {
  const exit = { exitCode: null, signal: null, endedMs: Date.now(), error: message };
  await writeFileAtomic(join(folder, 'exit.json'), JSON.stringify(exit));
}
