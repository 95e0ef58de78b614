// Contract of checkpoints: what a run has saved in its folders, wherever that is.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { weightTypes } from '../lib/conversion/gguf-metadata.ts';
import {
  checkpointRule,
  localCheckpoints,
  removable,
  removedCheckpoints,
  ruleState,
} from './checkpoint-budget.ts';
import { checkpointLife } from './checkpoint-life.ts';
import { procedure } from './procedure.ts';
import { runId } from './runs.ts';

export const checkpoint = z.object({
  /** Name of its folder: `5000`, `checkpoint-500`, `iter_0005000`; of nanochat, that of its weights: `model_005000.pt`. */
  name: z.string(),
  /** Absolute where it lies: on this computer, or on the run's target. */
  path: z.string(),
  /** The first two can be opened here, all of them gone on from. */
  layout: z.enum(['nanotron', 'hugging-face', 'megatron', 'nanochat']),
  step: z.number(),
  /** Null when it is whole; otherwise what is missing. */
  problem: z.string().nullable(),
  /** The trainer's own file names it as the newest, where it writes one; false for every other one. */
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

export const stages = ['pull', 'convert', 'verify'] as const;
export type Stage = (typeof stages)[number];

/** What is going on with one checkpoint, as it stands. */
export const opening = z.object({
  runId: z.string(),
  step: z.number(),
  /** What was asked for, in order. */
  asked: z.array(z.enum(stages)),
  /** What is done; `skipped` was done before. */
  done: z.array(
    z.object({ stage: z.enum(stages), how: z.enum(['done', 'skipped']), durationMs: z.number() }),
  ),
  /** Null once all is done, or while another studio is at it. */
  stage: z.enum(stages).nullable(),
  /** Of the stage; null where it is not known. */
  share: z.number().nullable(),
  doneBytes: z.number(),
  totalBytes: z.number(),
  bytesPerSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  /** Why it waits. */
  note: z.string().nullable(),
  error: z.object({ code: z.string(), message: z.string(), hint: z.string() }).nullable(),
});
export type Opening = z.infer<typeof opening>;

export const opened = z.object({
  life: checkpointLife,
  /** From the workspace; null where only weights were asked for. */
  modelPath: z.string().nullable(),
  /** Bytes of files that came over the line. */
  movedBytes: z.number(),
  durationMs: z.number(),
  stages: opening.shape.done,
});
export type Opened = z.infer<typeof opened>;

export const openingEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), ...opening.shape }),
  z.object({ kind: z.literal('result'), result: opened }),
]);
export type OpeningEvent = z.infer<typeof openingEvent>;

const step = z.number().int().nonnegative();

const pullRequest = z.object({
  id: runId,
  step,
  /** `auto`: a copy from a target; on this computer the files of the run themselves. */
  how: z.enum(['auto', 'copy', 'reference']).default('auto'),
  /** A cap for this pull beside that of the settings. */
  bytesPerSecond: z.number().positive().nullable().default(null),
  /** Until it is whole, instead of refusing. */
  wait: z.boolean().default(false),
  /** It goes on when the caller leaves; `cancel` ends it. */
  keepGoing: z.boolean().default(false),
});

export const openRequest = pullRequest.extend({
  type: z.enum(weightTypes).default('q8_0'),
  verify: z.boolean().default(true),
  /** Folder of a tokenizer.json, absolute or in the workspace; remembered for the run. */
  tokenizer: z.string().nullable().default(null),
  preTokenizer: z.string().nullable().default(null),
});
export type OpenRequest = z.infer<typeof openRequest>;

export const checkpointsContract = {
  /** As seen last; the folders of a run on this computer are looked at now. */
  list: procedure.input(z.object({ id: runId })).output(checkpointList),
  /** What is here of the checkpoints of a run; of all runs with null. */
  lives: procedure.input(z.object({ id: runId.nullable() })).output(z.array(checkpointLife)),
  /** Weights only. Ends with `result`. UNAVAILABLE, NOT_FOUND, PERMISSION_DENIED, DISK_FULL, CORRUPT_FILE, CONFLICT. */
  pull: procedure.input(pullRequest).output(eventIterator(openingEvent)),
  /** Pulled, converted and verified: what was done before is skipped. Ends with `result`. */
  open: procedure.input(openRequest).output(eventIterator(openingEvent)),
  /** What is going on, at once and after every change; several lives changed when `changed` grew. */
  watch: procedure.output(eventIterator(z.object({ openings: z.array(opening), changed: z.number() }))),
  /** What arrived is kept. */
  cancel: procedure.input(z.object({ id: runId, step })).output(z.object({})),
  pin: procedure.input(z.object({ id: runId, step, pinned: z.boolean() })).output(checkpointLife),
  /** Everything that is here, with what may go. */
  local: procedure.output(localCheckpoints),
  /** Can be taken back for a while; then it is freed. */
  remove: procedure
    .input(
      z.object({
        items: z
          .array(z.object({ id: runId, step, what: removable }))
          .min(1)
          .max(10_000),
      }),
    )
    .output(removedCheckpoints),
  restore: procedure.input(z.object({ tokens: z.array(z.string()).max(100_000) })).output(z.object({})),
  /** Frees at once what was removed. */
  freeNow: procedure.output(z.object({ bytes: z.number() })),
  rules: procedure.output(z.array(ruleState)),
  /** Null takes the rule away. */
  saveRule: procedure.input(z.object({ id: runId, rule: checkpointRule.nullable() })).output(z.object({})),
};
