// Contract of checkpoints: what a run has saved in its folders, wherever that is.
import { z } from 'zod';
import { procedure } from './procedure.ts';
import { runId } from './runs.ts';

export const checkpoint = z.object({
  /** Name of its folder: `5000`, `checkpoint-500`. */
  name: z.string(),
  /** Absolute where it lies: on this computer, or on the run's target. */
  path: z.string(),
  layout: z.enum(['nanotron', 'hugging-face']),
  step: z.number(),
  /** Null when it is whole; otherwise what is missing. */
  problem: z.string().nullable(),
  /** Steps end here according to `latest.txt`; false for every other one. */
  isLatest: z.boolean(),
  tokens: z.number().nullable(),
  sizeBytes: z.number().nullable(),
  files: z.number().nullable(),
  savedMs: z.number().nullable(),
  /** `dp 64 · tp 1 · pp 1`; null where it does not say. */
  topology: z.string().nullable(),
});
export type Checkpoint = z.infer<typeof checkpoint>;

export const checkpointList = z.object({
  /** Oldest first. */
  checkpoints: z.array(checkpoint),
  /** Where was looked, as it is known there. */
  folders: z.array(z.string()),
  /** When it was looked; null before the first look. */
  lookedMs: z.number().nullable(),
  /** Why this is not all there is, or is old. */
  problem: z.string().nullable(),
  /** Of the file system that holds them. */
  disk: z.object({ path: z.string(), freeBytes: z.number(), totalBytes: z.number() }).nullable(),
});
export type CheckpointList = z.infer<typeof checkpointList>;

export const checkpointsContract = {
  /** As seen last; the folders of a run on this computer are looked at now. */
  list: procedure.input(z.object({ id: runId })).output(checkpointList),
};
