// The small files of a run's folder, as zod schemas. Each has one writer and is replaced as a whole, so a kill at any
// moment leaves every one of them readable:
//   run.json      the studio that launched it (later: a rename, and the end once it was seen)
//   process.json  the supervisor, when the job's process exists
//   stop.json     any studio that asks for a stop
//   exit.json     the supervisor, when the job has ended
import { z } from 'zod';
import { parameterValue, runEnd } from '../../api/runs.ts';

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
});
export type RunRecord = z.infer<typeof runRecord>;

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
});
export type ExitFile = z.infer<typeof exitFile>;
