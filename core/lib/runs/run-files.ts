// The small files of a run's folder, as zod schemas. Each has one writer and is replaced as a whole, so a kill at any
// moment leaves every one of them readable:
//   run.json      the studio that launched it (later: a rename, and the end once it was seen)
//   process.json  the supervisor, when the job's process exists
//   stop.json     any studio that asks for a stop
//   exit.json     the supervisor, when the job has ended; for another computer the studio that saw the end
//   remote.json   the studio that follows a run on another computer: what the scheduler said last
import { z } from 'zod';
import { continuation, evaluates, overridden, parameterValue, runId, runParent } from '../../api/launches.ts';
import { runEnd } from '../../api/runs.ts';
import { jobName } from '../slurm/batch-script.ts';
import { batchResources } from '../slurm/resources.ts';

/** A process that cannot be mistaken for a later one with the same number. */
export const processIdentity = z.object({
  pid: z.number().int().positive(),
  /** Boot and start time as the system tells them; empty where it does not. */
  startToken: z.string(),
  host: z.string(),
});
export type ProcessIdentity = z.infer<typeof processIdentity>;

export const runRecord = z.object({
  format: z.literal(1),
  id: z.string(),
  name: z.string(),
  recipe: z.string(),
  target: z.string(),
  createdMs: z.number(),
  parameters: z.record(z.string(), parameterValue),
  /** The argument vector; no shell was involved. */
  command: z.array(z.string()).min(1),
  workingFolder: z.string(),
  environment: z.record(z.string(), z.string()),
  /** The config the job was given, as it was. */
  config: z.object({ path: z.string(), version: z.string(), text: z.string() }).nullable(),
  git: z.object({ branch: z.string().nullable(), commit: z.string().nullable() }),
  mainMetrics: z.array(z.string()),
  exitCodes: z.record(z.string(), z.string()),
  host: z.string(),
  history: z.array(z.object({ state: z.string(), atMs: z.number() })),
  end: runEnd.nullable(),
  /** Of a run on another computer: where, and how its job is found again. Null for one on this computer. */
  remote: z
    .object({
      /** As studio.yaml and the run's id give it: `~/runs/NAME`. */
      folder: z.string(),
      /** Part of the job's name, unlike any other run's. */
      token: z.string(),
      /** What its job is called; absent in older records, where it follows from name and token. */
      jobName: z.string().optional(),
      /** Earlier jobs of this run; its folder there holds what they left. */
      earlierJobs: z.number().int().default(0),
      resources: batchResources,
      /** Who runs it there: Slurm, or a supervisor of its own on a workstation. */
      scheduler: z.enum(['slurm', 'processes']).default('slurm'),
      /** Somebody else's run, or one that was started by hand: it is read, never stopped and never removed there. */
      attached: z
        .object({
          /** Login name of the folder's owner. */
          owner: z.string(),
          /** Its name in the queue; null where no job is known. */
          jobName: z.string().nullable(),
          /** The file there that is `log.txt` here; null for `log.txt` itself. */
          log: z.string().nullable(),
        })
        .nullable()
        .default(null),
    })
    .nullable()
    .default(null),
  /** Of a run with a batch script: job.sh is not what the studio would write. */
  isScriptEdited: z.boolean().default(false),
  after: runId.nullable().default(null),
  parent: runParent.nullable().default(null),
  overridden: overridden.nullable().default(null),
  /** Of an evaluation: whose results its folder gets. */
  evaluates: evaluates.nullable().default(null),
  /** Folders of its own there whose files come here: what its recipe said when it was launched. */
  brings: z.array(z.string()).default([]),
  /** Each time it was gone on with, oldest first. */
  continuations: z.array(continuation).default([]),
});
export type RunRecord = z.infer<typeof runRecord>;

/** The name of the run's job, whatever the run is called now. Null for a run on this computer. */
export function jobNameOf({ name, remote }: Pick<RunRecord, 'name' | 'remote'>): string | null {
  return remote === null ? null : (remote.jobName ?? jobName(name, remote.token));
}

export const processFile = z.object({
  supervisor: processIdentity,
  job: processIdentity,
  startedMs: z.number(),
});
export type ProcessFile = z.infer<typeof processFile>;

export const stopFile = z.object({ requestedMs: z.number(), graceMs: z.number() });
export type StopFile = z.infer<typeof stopFile>;

export const exitFile = z.object({
  exitCode: z.number().nullable(),
  signal: z.string().nullable(),
  endedMs: z.number(),
  /** Why the program could not be started at all. */
  error: z.string().optional(),
  /** Nobody saw how it ended: its computer went down, or its supervisor was killed. */
  lost: z.boolean().optional(),
});
export type ExitFile = z.infer<typeof exitFile>;

export const remoteFile = z.object({
  /** The scheduler's number; null until it was submitted. */
  jobId: z.string().nullable(),
  submittedMs: z.number().nullable(),
  /** The state as Slurm names it, and why it waits; empty before it was seen. */
  state: z.string(),
  reason: z.string(),
  /** When the scheduler answered last. */
  seenMs: z.number().nullable(),
  /** Its time limit as the scheduler has it, also where nobody asked for one. */
  limitSeconds: z.number().nullable().default(null),
  /** Since when the scheduler no longer knows the job. */
  goneMs: z.number().nullable(),
  /** Since when the target cannot be asked; null while it can. */
  unknownSinceMs: z.number().nullable(),
  /** Why it is not submitted although it could be: a person has to decide. */
  problem: z.string().nullable().default(null),
  /** Nobody can ever say how it ended, and `reason` says why: its computer was started anew, or its supervisor was killed. */
  lost: z.boolean().default(false),
  /** Lines that its scripts have noted so far, over all tasks: whoever read fewer reads again. */
  noted: z.number().default(0),
  /** Of an array: what the scheduler said last of each task that it still knew. */
  tasks: z.record(z.string(), z.object({ state: z.string(), reason: z.string() })).default({}),
  /** How its earlier attempts ended, oldest first, where the site keeps accounts: `PREEMPTED`, `NODE_FAIL`. */
  pastStates: z.array(z.string()).default([]),
});
export type RemoteFile = z.infer<typeof remoteFile>;

/** A line of attempts.jsonl, which the batch script itself writes. */
export const attemptLine = z.object({
  event: z.enum(['started', 'warned', 'ended']),
  job: z.string(),
  task: z.string(),
  restart: z.number(),
  node: z.string(),
  exitCode: z.number().nullable(),
  atMs: z.number(),
  /** How long the log and the metrics were at that moment: what an attempt wrote lies between two of these. */
  logBytes: z.number().nullable().default(null),
  metricsBytes: z.number().nullable().default(null),
});
export type AttemptLine = z.infer<typeof attemptLine>;
