// Contract of what checkpoints take on this computer, what of it may go, and the rules that bring new ones by themselves.
import { z } from 'zod';
import { weightTypes } from '../lib/conversion/gguf-metadata.ts';
import { checkpointLife } from './checkpoint-life.ts';

/** `parts`: what a pull that broke off has left. */
export const removable = z.enum(['weights', 'models', 'parts', 'all']);
export type Removable = z.infer<typeof removable>;

export const localCheckpoint = z.object({
  life: checkpointLife,
  /** What goes from the disk with each: files that another step shares are not counted. */
  weightsBytes: z.number(),
  modelsBytes: z.number(),
  partsBytes: z.number(),
  /** Whether its run still has it, as it was seen last. */
  source: z.enum(['there', 'gone', 'unknown']),
  proposal: z.object({ what: removable, bytes: z.number(), reason: z.string() }).nullable(),
  /** Why nothing is proposed. */
  kept: z.string().nullable(),
});
export type LocalCheckpoint = z.infer<typeof localCheckpoint>;

export const localCheckpoints = z.object({
  /** By run, newest step first. */
  items: z.array(localCheckpoint),
  totalBytes: z.number(),
  limitBytes: z.number(),
  freeBytes: z.number(),
  /** Removed, and freed when the time to take it back is over. */
  trashBytes: z.number(),
});
export type LocalCheckpoints = z.infer<typeof localCheckpoints>;

export const removedCheckpoints = z.object({
  bytes: z.number(),
  /** For `restore`. */
  tokens: z.array(z.string()),
  /** Until when it can be taken back. */
  untilMs: z.number(),
});
export type RemovedCheckpoints = z.infer<typeof removedCheckpoints>;

/** For one run; checkpoints/<run>/rule.json. */
export const checkpointRule = z.object({
  format: z.literal(1).default(1),
  /** Steps that are multiples of this. */
  every: z.number().int().min(1),
  /** The newest so many stay; older ones that the rule brought go. */
  keep: z.number().int().min(1).max(1000),
  type: z.enum(weightTypes),
  verify: z.boolean(),
  /** Name of a prompt suite that is run on each; null for none. */
  suite: z.string().max(200).nullable().default(null),
  paused: z.boolean().default(false),
});
export type CheckpointRule = z.infer<typeof checkpointRule>;

export const ruleState = z.object({
  runId: z.string(),
  rule: checkpointRule,
  /** Steps it has brought. */
  done: z.array(z.number()),
  /** What it could not, the newest first, and when it is tried again. */
  failures: z.array(
    z.object({ step: z.number(), message: z.string(), times: z.number(), retryMs: z.number() }),
  ),
});
export type RuleState = z.infer<typeof ruleState>;
