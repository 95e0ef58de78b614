// Contract of runs: launches of a recipe on this computer, their state, log and removal.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { batchResourcesGiven } from '../lib/slurm/resources.ts';
import {
  continuation,
  evaluates,
  jobScript,
  launchOnTarget,
  overridden,
  parameterValue,
  preflightFinding,
  runCheckpoint,
  runId,
  runParent,
} from './launches.ts';
import { procedure } from './procedure.ts';

export { type PreflightFinding, runId, type RunId } from './launches.ts';

export const recipeParameter = z.object({
  name: z.string(),
  label: z.string(),
  /** `file` lies in the workspace and goes along; `remote-path` is one of the target, where `~/` is its home. */
  kind: z.enum(['int', 'float', 'text', 'file', 'remote-path', 'choice', 'bool']),
  default: z.union([z.string(), z.number(), z.boolean()]),
  unit: z.string().optional(),
  description: z.string(),
  min: z.number().optional(),
  max: z.number().optional(),
  choices: z.array(z.string()).optional(),
});
export type RecipeParameter = z.infer<typeof recipeParameter>;

export const recipe = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  parameters: z.array(recipeParameter),
  /** Where it can run. */
  targets: z.array(z.enum(['this-computer', 'cluster', 'workstation'])),
  /** How a run of it goes on; null where it is launched anew. */
  resume: z.enum(['again', 'checkpoint']).nullable().default(null),
  /** Whether its number of steps can be raised. */
  canExtend: z.boolean().default(false),
  /** What it asks a scheduler for unless the launch says otherwise. */
  resources: batchResourcesGiven.default({}),
  /** Versions it was written for, and what is to be known before it is launched. */
  notes: z.string().default(''),
});
export type Recipe = z.infer<typeof recipe>;

/** How a run ended: by itself, stopped by a person, killed by a signal, or lost (machine went down). */
export const runEnd = z.object({
  endedMs: z.number(),
  exitCode: z.number().nullable(),
  signal: z.string().nullable(),
  reason: z.string(),
});

/** `queued`: a scheduler has it and did not start it yet. */
export const runState = z.enum([
  'starting',
  'queued',
  'running',
  'stopping',
  'done',
  'failed',
  'stopped',
  'lost',
]);
export type RunState = z.infer<typeof runState>;

/** One start of a run. A requeue by the scheduler, a resubmission and a start after a node failed are attempts of one run. */
export const runAttempt = z.object({
  /** From 1. */
  number: z.number(),
  /** The scheduler's number; null on this computer. */
  jobId: z.string().nullable(),
  node: z.string().nullable(),
  /** By the clock of the computer it ran on. */
  startedMs: z.number(),
  /** Null while it works, and where nobody noted the end. */
  endedMs: z.number().nullable(),
  exitCode: z.number().nullable(),
  /** Why it ended where its own exit does not say it: `Preempted by a job of higher priority`. */
  reason: z.string().nullable(),
  /** In the queue before this start; null where it is not known. */
  waitedMs: z.number().nullable(),
  /** Steps it logged; null before the first. */
  firstStep: z.number().nullable(),
  lastStep: z.number().nullable(),
  /** Steps that were done before and were done again: from the last checkpoint on. */
  redoneSteps: z.number(),
});
export type RunAttempt = z.infer<typeof runAttempt>;

/** A task of an array job. */
export const runTask = z.object({
  /** Its number in the array; its log is `log-NUMBER.txt`. */
  task: z.number(),
  state: runState,
  /** Why it waits, or how it ended. */
  detail: z.string().nullable(),
  node: z.string().nullable(),
  startedMs: z.number().nullable(),
  endedMs: z.number().nullable(),
  exitCode: z.number().nullable(),
  /** How often it was started. */
  attempts: z.number(),
});
export type RunTask = z.infer<typeof runTask>;

export const taskCounts = z.object({
  total: z.number(),
  queued: z.number(),
  running: z.number(),
  done: z.number(),
  failed: z.number(),
  stopped: z.number(),
  lost: z.number(),
});
export type TaskCounts = z.infer<typeof taskCounts>;

export const run = z.object({
  id: runId,
  name: z.string(),
  recipe: z.string(),
  target: z.string(),
  state: runState,
  createdMs: z.number(),
  startedMs: z.number().nullable(),
  end: runEnd.nullable(),
  pid: z.number().nullable(),
  /** The scheduler's number of its newest job; null on this computer and before it was submitted. */
  jobId: z.string().nullable(),
  /** What is to be known beside the state: why it waits, since when nothing is known. */
  detail: z.string().nullable(),
  /** Since when its target cannot be asked; null while it can, and on this computer. */
  unknownSinceMs: z.number().nullable(),
  /** Its starts, oldest first; of very many the newest. Empty before the first, and of an array: see `tasks`. */
  attempts: z.array(runAttempt),
  /** How the tasks of an array stand; null for one job. The tasks themselves are read with `tasks`. */
  tasks: taskCounts.nullable(),
  /** The run of the same target that has to end well first. */
  after: runId.nullable(),
  parent: runParent.nullable(),
  continuations: z.array(continuation),
  /** Of an evaluation that was launched for a checkpoint or a model. */
  evaluates: evaluates.nullable().default(null),
  /** Its batch script was edited by a person. Null for a run without one. */
  isScriptEdited: z.boolean().nullable(),
  /** Findings of the preflight it was launched in spite of. */
  overridden: overridden.nullable(),
  /** Whose it is and where it lies, of a run that was not launched here: it is only read. Null for an own one. */
  attached: z.object({ owner: z.string(), path: z.string() }).nullable(),
  parameters: z.record(z.string(), parameterValue),
  command: z.array(z.string()),
  /** Folder inside the workspace. */
  folder: z.string(),
  /** Workspace path of the config it was launched with; its text of then is read with `config`. */
  configPath: z.string().nullable(),
  /** Newest values of the main metrics, for the list. */
  /** NaN where the newest value is no finite number: a diverged run must still be listed. */
  latest: z.record(z.string(), z.number().or(z.nan())),
  latestStep: z.number().nullable(),
  latestPointMs: z.number().nullable(),
  totalSteps: z.number().nullable(),
});
export type Run = z.infer<typeof run>;

export const runEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('snapshot'), runs: z.array(run) }),
  z.object({ kind: z.literal('changed'), run }),
  /** Of these only the newest values and steps changed: told together, every other second. */
  z.object({ kind: z.literal('further'), runs: z.array(run) }),
  z.object({ kind: z.literal('removed'), id: runId }),
]);
export type RunEvent = z.infer<typeof runEvent>;

export const runsContract = {
  recipes: procedure.output(z.array(recipe)),
  launch: procedure
    .input(launchOnTarget.extend({ target: launchOnTarget.shape.target.default('this-computer') }))
    .output(run),
  /** Each waits until the one before ended well; all on one target. Where one is refused, none is left. */
  launchChain: procedure
    .input(z.object({ steps: z.array(launchOnTarget).min(1).max(12) }))
    .output(z.object({ runs: z.array(run) })),
  /** The batch script that `launch` would submit; an edited one with what was put back into it. */
  script: procedure.input(launchOnTarget).output(jobScript),
  /** The batch script that a run was launched with. NOT_FOUND for a run without one. */
  jobScript: procedure.input(z.object({ id: runId })).output(jobScript.omit({ notes: true })),
  /** What would stop or spoil the run; submits nothing. */
  preflight: procedure
    .input(
      launchOnTarget.extend({
        /** Runs of the chain that go before it: what they write need not be there yet. */
        earlier: z
          .array(launchOnTarget.pick({ recipe: true, parameters: true }))
          .max(11)
          .optional(),
      }),
    )
    .output(z.object({ findings: z.array(preflightFinding) })),
  /** As they lie on the target now. INVALID_INPUT for a recipe that writes none, UNAVAILABLE without a connection. */
  checkpoints: procedure
    .input(z.object({ id: runId }))
    .output(z.object({ folder: z.string().nullable(), checkpoints: z.array(runCheckpoint) })),
  /**
   * One more job of a run that is over, from a checkpoint or from the newest whole one; what it logged stays. A new last step extends
   * it. CONFLICT while it is live, INVALID_INPUT where there is nothing to go on from.
   */
  resume: procedure
    .input(
      z.object({
        id: runId,
        step: z.number().int().nonnegative().nullable().default(null),
        steps: z.number().int().positive().nullable().default(null),
        /** Of the new job, where it is to differ. */
        walltime: batchResourcesGiven.shape.walltime.default(null),
      }),
    )
    .output(run),
  /** Submits a job anew that the controller forgot; only after a person saw that. */
  submitAgain: procedure.input(z.object({ id: runId })).output(run),
  /**
   * Follows a run that was launched elsewhere: its folder on the target, or a log in it. Nothing there is changed. NOT_FOUND,
   * PERMISSION_DENIED, INVALID_INPUT (nothing of a run there), ALREADY_EXISTS.
   */
  attach: procedure
    .input(
      z.object({
        target: z.string(),
        path: z.string().min(1).max(4096),
        name: z.string().min(1).max(200).optional(),
      }),
    )
    .output(run),
  list: procedure.output(z.array(run)),
  /** The tasks of an array job, by number; none of a run that is no array. */
  tasks: procedure.input(z.object({ id: runId })).output(z.object({ tasks: z.array(runTask) })),
  watch: procedure.output(eventIterator(runEvent)),
  /** The config as it was at launch. NOT_FOUND when there was none. */
  config: procedure
    .input(z.object({ id: runId }))
    .output(z.object({ path: z.string(), version: z.string(), text: z.string() })),
  /** SIGTERM to the process group, SIGKILL after `graceMs`. */
  stop: procedure
    .input(z.object({ id: runId, graceMs: z.number().int().min(0).max(600_000).default(10_000) }))
    .output(z.object({})),
  /** Slurm ends the job and starts it again: one more attempt of the same run. CONFLICT where it may not. */
  requeue: procedure.input(z.object({ id: runId })).output(run),
  rename: procedure.input(z.object({ id: runId, name: z.string().min(1).max(200) })).output(run),
  /** Only finished runs, and attached ones, of which nothing is removed but the copy here; the folder moves to .studio/trash. */
  remove: procedure.input(z.object({ id: runId })).output(z.object({ restoreToken: z.string() })),
  restore: procedure.input(z.object({ restoreToken: z.string() })).output(run),
};
