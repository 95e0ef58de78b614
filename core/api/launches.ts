// Contract of launches: what is asked for, what was found before it was queued, the script it becomes, and how a run is gone on with.
import { z } from 'zod';
import { batchResourcesGiven } from '../lib/slurm/resources.ts';

export const runId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,99}$/)
  .brand<'RunId'>();
export type RunId = z.infer<typeof runId>;

export const parameterValue = z.union([z.string(), z.number(), z.boolean()]);

/** Something to know before a run is queued. An error would stop or spoil it; only a person may launch it nevertheless. */
export const preflightFinding = z.object({
  source: z.enum(['config', 'data', 'disk', 'time', 'code', 'script', 'site', 'scheduler']),
  severity: z.enum(['error', 'warning', 'info']),
  message: z.string(),
  /** Why it matters and what to do. */
  reason: z.string(),
});
export type PreflightFinding = z.infer<typeof preflightFinding>;

/** What a person saw and launched nevertheless. */
export const overridden = z.object({
  by: z.string(),
  atMs: z.number(),
  findings: z.array(preflightFinding).min(1).max(500),
});

/** What became of a part of an edited script. `refused`: it cannot be submitted like that. */
export const scriptNote = z.object({
  kind: z.enum(['refused', 'restored', 'noted']),
  /** From 1; null where it is about no line. */
  line: z.number().int().nullable(),
  message: z.string(),
  reason: z.string(),
});
export type ScriptNote = z.infer<typeof scriptNote>;

/** sbatch's own default limit is 4 MB. */
const scriptText = z.string().max(1024 * 1024);

/** Which run and which of its checkpoints a new run starts from. */
export const runParent = z.object({
  run: runId,
  /** Null where the newest one was meant and its step is not known. */
  step: z.number().int().nonnegative().nullable(),
  /** Folder of the checkpoint on the target. */
  checkpoint: z.string(),
});
export type RunParent = z.infer<typeof runParent>;

/** Whose results an evaluation writes. */
export const evaluates = z.object({
  /** The run that saved the checkpoint; null for another model. */
  run: runId.nullable(),
  step: z.number().int().nonnegative().nullable(),
  /** As the target knows it: a folder, or a name on the Hub. */
  model: z.string().max(4096),
  /** Name of the set of tasks; null for tasks of a person's own. */
  preset: z.string().max(200).nullable(),
});
export type Evaluates = z.infer<typeof evaluates>;

/** A further job of a run that was over. */
export const continuation = z.object({
  atMs: z.number(),
  by: z.string(),
  /** Null where the tool finds out itself. */
  step: z.number().int().nullable(),
  checkpoint: z.string().nullable(),
  /** The new last step, where it was extended. */
  steps: z.number().int().nullable(),
});

/** A checkpoint of a run on its target. */
export const runCheckpoint = z.object({
  step: z.number().int(),
  path: z.string(),
  isComplete: z.boolean(),
  hasOptimizer: z.boolean().nullable(),
  /** Why it is not complete. */
  problem: z.string().nullable(),
});
export type RunCheckpoint = z.infer<typeof runCheckpoint>;

export const launchOnTarget = z.object({
  recipe: z.string(),
  name: z.string().min(1).max(200),
  parameters: z.record(z.string(), parameterValue),
  /** Name of a target of studio.yaml. */
  target: z.string(),
  /** Of a target with a scheduler; what is absent is the recipe's own. */
  resources: batchResourcesGiven.prefault({}),
  /** A run of the same target that has to end well first. */
  after: runId.optional(),
  /** A batch script that a person edited, instead of the generated one. */
  script: scriptText.optional(),
  /** A checkpoint of another run to start from; the recipe says how. */
  from: runParent.optional(),
  evaluates: evaluates.optional(),
  /** What preflight found and a person decided to launch with. */
  overridden: z.array(preflightFinding).max(500).optional(),
});

export const jobScript = z.object({
  text: z.string(),
  isEdited: z.boolean(),
  /** Only of an edited one. */
  notes: z.array(scriptNote),
});
export type JobScript = z.infer<typeof jobScript>;
