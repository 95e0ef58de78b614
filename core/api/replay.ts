// Contract of replay: the questions of one conversation, asked of every checkpoint of a run that is a model here.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { MAX_REPLAY_TURNS, replayScript } from '../lib/replay/script.ts';
import { answerStatistics, stopReason } from './generation.ts';
import { procedure } from './procedure.ts';

export const replayRequest = z.object({
  script: replayScript,
  runId: z.string().min(1).max(200),
  /** As conversion names it: `q8_0`. Null takes of each step the largest model there is. */
  type: z.string().max(40).nullable().default(null),
  /** Step that the others are compared with; null takes the newest that has answered. */
  reference: z.number().int().nullable().default(null),
});
export type ReplayRequest = z.infer<typeof replayRequest>;

/** Of the activity that asks: one at a time for a conversation and a run, whatever the settings. */
export const replayWorkKey = ({ script, runId }: ReplayRequest): string => `replays/${script.id}/${runId}`;

export const replayMark = z.object({
  kind: z.enum(['reference', 'same', 'alone', 'parts', 'loops', 'empty']),
  unit: z.enum(['token', 'word']),
  partsAt: z.number().nullable(),
  loopsAfter: z.number().nullable(),
});

const turnIndex = z.number().int().min(0).max(MAX_REPLAY_TURNS);

/** One cell of the filmstrip. */
export const replayCell = z.object({
  mark: replayMark,
  /** The beginning; the whole answer is asked for by `answers`. */
  beginning: z.string(),
  tokens: z.number(),
});
export type ReplayCell = z.infer<typeof replayCell>;

export const replayStep = z.object({
  step: z.number(),
  /** Seen in training by this step. */
  tokens: z.number().nullable(),
  /** Null where the checkpoint is known but no model here. */
  modelPath: z.string().nullable(),
  quantization: z.string().nullable(),
  /** One a turn; null where it has not answered. */
  cells: z.array(replayCell.nullable()),
  /** Why it cannot answer; null where it can. */
  problem: z.string().nullable(),
});
export type ReplayStep = z.infer<typeof replayStep>;

export const replayGrid = z.object({
  /** Step that the others are compared with; null before any has answered. */
  reference: z.number().nullable(),
  /** Oldest first. */
  steps: z.array(replayStep),
  answered: z.number(),
  /** Answers there would be: models × turns. */
  wanted: z.number(),
});
export type ReplayGrid = z.infer<typeof replayGrid>;

export const replayAnswer = z.object({
  step: z.number(),
  modelPath: z.string(),
  text: z.string(),
  /** Same length; empty where no tokens were kept. */
  tokenIds: z.array(z.number()),
  tokenTexts: z.array(z.string()),
  /** Places of special tokens. */
  special: z.array(z.number()),
  /** Natural logarithms under the model. */
  logProbabilities: z.array(z.number()),
  /** Equal: token ids mean the same. */
  vocabulary: z.string().nullable(),
  stopReason,
  statistics: answerStatistics,
});
export type ReplayAnswer = z.infer<typeof replayAnswer>;

export const replayEvent = z.discriminatedUnion('kind', [
  /** After every answer; `step` has just answered, or is being made ready. */
  z.object({
    kind: z.literal('progress'),
    done: z.number(),
    total: z.number(),
    step: z.number().nullable(),
    note: z.string().nullable(),
  }),
  z.object({ kind: z.literal('result'), result: replayGrid }),
]);

export const replayContract = {
  /** Runs with two or more steps that are models here or are known to be saved. */
  runs: procedure.output(
    z.array(
      z.object({ runId: z.string(), runName: z.string(), steps: z.number(), types: z.array(z.string()) }),
    ),
  ),
  /** What is known already; asks no model. */
  read: procedure.input(replayRequest).output(replayGrid),
  /**
   * Asks what is missing, newest step first; every answer is kept and never made twice. A step that fails says why and the others go on.
   * `open`: checkpoints that are no models here are pulled and converted first.
   */
  run: procedure
    .input(replayRequest.extend({ open: z.boolean().default(false) }))
    .output(eventIterator(replayEvent)),
  /** Whole answers of one turn, of the steps that have answered. */
  answers: procedure
    .input(replayRequest.extend({ turn: turnIndex, steps: z.array(z.number().int()).min(1).max(8) }))
    .output(z.array(replayAnswer)),
};
