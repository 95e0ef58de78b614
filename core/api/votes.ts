// Contract of blind votes: two models answer the same prompts, people say which answer they prefer without knowing whose it is.
// A vote is called by the name of its folder below votes/.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import {
  sideIndex,
  voteAnswer,
  voteChoice,
  voteItemId,
  voteName,
  votePrompt,
  voterName,
  voteSide,
  MAX_VOTE_ITEMS,
} from '../lib/votes/vote.ts';
import { procedure } from './procedure.ts';
import { workspacePath } from './workspace.ts';

const count = z.number().int();
/** Counts from 0 in the order of the vote. */
const position = z.number().int().min(0);

export const newVoteSide = voteSide
  .omit({ modelKey: true, weightsSha256: true, quantization: true })
  .extend({ modelPath: workspacePath });
export type NewVoteSide = z.infer<typeof newVoteSide>;

export const newVote = z.object({
  vote: voteName,
  name: z.string().min(1).max(200),
  seed: z.number().int(),
  source: z.string().nullable(),
  sides: z.tuple([newVoteSide, newVoteSide]),
  prompts: z.array(votePrompt).min(1).max(MAX_VOTE_ITEMS),
});
export type NewVote = z.infer<typeof newVote>;

export const voteProgress = z.object({
  items: count,
  ready: count,
  same: count,
  waiting: count,
  voters: z
    .array(
      z.object({
        voter: z.string(),
        decided: count,
        skipped: count,
        brokenLines: count,
        strangeItems: count,
        newestMs: z.number().nullable(),
      }),
    )
    .readonly(),
});

/** Names both sides, which is no secret; whose answer is whose is. */
export const voteSummary = z.object({
  vote: voteName,
  name: z.string(),
  createdMs: z.number(),
  seed: z.number(),
  source: z.string().nullable(),
  sides: z.tuple([voteSide, voteSide]),
  unblinded: z.object({ by: z.string(), atMs: z.number() }).nullable(),
  progress: voteProgress,
});
export type VoteSummary = z.infer<typeof voteSummary>;

/** Of the activity that makes the answers. */
export const voteWorkKey = (vote: string): string => `votes/${vote}`;

export const voteEntry = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('vote'), ...voteSummary.shape }),
  z.object({ kind: z.literal('problem'), vote: z.string(), problem: z.string() }),
]);
export type VoteEntry = z.infer<typeof voteEntry>;

export const ballot = z.object({
  position,
  items: count,
  id: voteItemId,
  messages: votePrompt.shape.messages,
  state: z.enum(['waiting', 'ready', 'same']),
  left: voteAnswer.nullable(),
  right: voteAnswer.nullable(),
  mine: voteChoice.nullable(),
  /** Which side stands left; null while the vote is blind. */
  leftSide: sideIndex.nullable(),
});
export type Ballot = z.infer<typeof ballot>;

const tally = z.object({
  first: count,
  second: count,
  ties: count,
  skipped: count,
  p: z.number(),
  share: z.number().nullable(),
  low: z.number(),
  high: z.number(),
});

/** Meaning of every field: core/lib/votes/vote-result.ts. */
export const voteResult = z.object({
  total: tally,
  byItem: tally,
  voters: z.array(tally.extend({ voter: z.string() })).readonly(),
  sameAnswers: count,
  left: count,
  decided: count,
  agreement: z.object({
    krippendorff: z.number().nullable(),
    pairs: z.array(z.object({ left: z.string(), right: z.string(), items: count, same: count })).readonly(),
  }),
  items: z
    .array(
      z.object({
        id: z.string(),
        outcomes: z
          .array(z.object({ voter: z.string(), outcome: z.enum(['first', 'second', 'tie', 'skip']) }))
          .readonly(),
      }),
    )
    .readonly(),
});

export const preparationEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), done: count, total: count }),
  z.object({ kind: z.literal('result'), result: voteSummary }),
]);

const one = z.object({ vote: voteName });
const person = z.object({ vote: voteName, voter: voterName });

export const votesContract = {
  /** Newest first. */
  list: procedure.output(z.array(voteEntry)),
  read: procedure.input(one).output(voteSummary),
  /** Writes votes/<vote>/vote.json with the hashes of both models, without answers. ALREADY_EXISTS. */
  create: procedure.input(newVote).output(voteSummary),
  /** Makes the answers that are missing and keeps each as it comes; goes on where it was stopped. CONFLICT when a model is another one now. */
  prepare: procedure.input(one).output(eventIterator(preparationEvent)),
  /** Where this voter goes on; null when nothing is left. `after` -1 starts at the beginning. */
  next: procedure
    .input(person.extend({ after: z.number().int().min(-1) }))
    .output(z.object({ position: position.nullable() })),
  at: procedure.input(person.extend({ position })).output(ballot),
  /** Appends one line to the voter's file. CONFLICT once the vote is not blind any more. */
  cast: procedure
    .input(person.extend({ item: voteItemId, choice: voteChoice }))
    .output(z.object({ next: position.nullable() })),
  /** Ends the blindness and the voting, for everybody and for good. */
  unblind: procedure.input(person).output(voteSummary),
  /** CONFLICT while the vote is blind. */
  result: procedure.input(one).output(voteResult),
  /** To the trash of the workspace; the token restores it. */
  remove: procedure.input(one).output(z.object({ restoreToken: z.string() })),
};
