// What the files of a blind vote may say: vote.json, and one line of a voter's file. Knows neither folders nor models.
import { z } from 'zod';
import { sampling } from '../../api/generation.ts';
import { fileSafeName } from '../annotations/campaign.ts';

/** People read two answers an item; hundreds are a day's work. */
export const MAX_VOTE_ITEMS = 2000;
const MAX_PROMPT_CHARACTERS = 200_000;
const MAX_ID_CHARACTERS = 200;
/** Answers end at a number of tokens; this is far beyond any. */
const MAX_ANSWER_CHARACTERS = 4_000_000;

export const voteName = fileSafeName;
export const voterName = fileSafeName;
export const voteItemId = z.string().min(1).max(MAX_ID_CHARACTERS);

/** One of the two that are compared: a model, or the same model asked in another way. */
export const voteSide = z.object({
  label: z.string().min(1).max(200),
  /** Path inside the workspace. */
  modelPath: z.string().min(1).max(4096),
  /** Hash of the weights and their type, or of the file: another model under the same path has another. */
  modelKey: z.string().max(200),
  weightsSha256: z.string().nullable(),
  quantization: z.string().nullable(),
  mode: z.enum(['chat', 'raw']),
  sampling,
  systemPrompt: z.string().max(MAX_PROMPT_CHARACTERS),
  /** Jinja in place of the model's own chat template. */
  template: z.string().nullable(),
});
export type VoteSide = z.infer<typeof voteSide>;

export const voteAnswer = z.object({
  text: z.string().max(MAX_ANSWER_CHARACTERS),
  stopReason: z.string(),
  tokens: z.number(),
});
export type VoteAnswer = z.infer<typeof voteAnswer>;

/** A question, with what was said before it if anything. */
export const votePrompt = z.object({
  id: voteItemId,
  messages: z
    .array(
      z.object({
        role: z.enum(['system', 'user', 'assistant']),
        text: z.string().max(MAX_PROMPT_CHARACTERS),
      }),
    )
    .min(1),
});
export type VotePrompt = z.infer<typeof votePrompt>;

export const voteItem = votePrompt.extend({
  /** In the order of `sides`; null until it is made. */
  answers: z.tuple([voteAnswer.nullable(), voteAnswer.nullable()]),
});
export type VoteItem = z.infer<typeof voteItem>;

export const vote = z.object({
  version: z.literal(1),
  name: z.string().min(1).max(200),
  createdMs: z.number(),
  /** Decides which side stands left, for every item and voter. */
  seed: z.number().int(),
  /** Where the prompts are from: a file of the workspace, or null for typed ones. */
  source: z.string().nullable(),
  sides: z.tuple([voteSide, voteSide]),
  items: z.array(voteItem).min(1).max(MAX_VOTE_ITEMS),
  /** Who ended the blindness, and when; from then on nobody votes. */
  unblinded: z.object({ by: z.string(), atMs: z.number() }).nullable(),
});
export type Vote = z.infer<typeof vote>;

/** What a voter says, as it stood on the screen. */
export const voteChoices = ['left', 'right', 'tie', 'skip'] as const;
export const voteChoice = z.enum(voteChoices);
export type VoteChoice = z.infer<typeof voteChoice>;

/** Index in `sides`. */
export const sideIndex = z.union([z.literal(0), z.literal(1)]);
export type SideIndex = z.infer<typeof sideIndex>;

/** `left`: which side stood left; kept, so that a file that is renamed still says the same. */
export const voteLine = z.object({
  item: voteItemId,
  choice: voteChoice,
  left: sideIndex,
  atMs: z.number(),
});
export type VoteLine = z.infer<typeof voteLine>;
