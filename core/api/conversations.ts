// Contract of conversations: trees of turns as plain files of the workspace, chats/<id>.json.
import { z } from 'zod';
import { answerFormat, answerStatistics, contextTokens, sampling, tool, toolCall } from './generation.ts';
import { procedure } from './procedure.ts';

/** Alternatives kept per token where nobody chose otherwise: they fit a card and keep files small. */
export const DEFAULT_TOP_TOKENS = 5;
const MAX_TURNS = 20_000;

const turnId = z.string().min(1).max(80);

/** The tokens of one answer, column by column; all columns but `special`, `forced` and `pieces` are equally long. */
export const tokenColumns = z.object({
  ids: z.array(z.number().int()),
  /** As the model says them; a token that is only part of a character has the replacement character. */
  texts: z.array(z.string()),
  /** Natural logarithms under the model itself; null where nobody asked: text a person wrote. */
  logProbabilities: z.array(z.number().nullable()),
  /** Of the distribution the token was drawn from, in nats. */
  entropies: z.array(z.number().nullable()),
  /** The likeliest tokens at each place, likeliest first. */
  topIds: z.array(z.array(z.number().int())),
  topLogProbabilities: z.array(z.array(z.number())),
  /** Texts of the ids in `topIds`. */
  pieces: z.record(z.string(), z.string()),
  /** Places of special tokens. */
  special: z.array(z.number().int()),
  /** Places of tokens that a person put there. */
  forced: z.array(z.number().int()),
});
export type TokenColumns = z.infer<typeof tokenColumns>;

export const turn = z.object({
  id: turnId,
  /** The turn before; null for the first. */
  parentId: turnId.nullable(),
  role: z.enum(['user', 'assistant', 'tool']),
  text: z.string(),
  tokens: tokenColumns.optional(),
  toolCalls: z.array(toolCall).optional(),
  toolCallId: z.string().optional(),
  toolName: z.string().optional(),
  statistics: answerStatistics.optional(),
  stopReason: z.string().optional(),
  /** What answered, and how it was asked. */
  modelPath: z.string().optional(),
  weightsSha256: z.string().optional(),
  sampling: sampling.optional(),
  /** Whether an answer that had to be JSON, or a call, is what its schema asks for. */
  check: z.object({ valid: z.boolean(), problem: z.string().nullable() }).optional(),
  /** The text is not what was written first. */
  edited: z.literal(true).optional(),
  createdMs: z.number(),
});
export type Turn = z.infer<typeof turn>;

export const conversation = z.object({
  format: z.literal(2),
  id: z.string(),
  title: z.string(),
  modelPath: z.string().nullable(),
  /** `raw` continues the text as it is, without a chat template. */
  mode: z.enum(['chat', 'raw']),
  systemPrompt: z.string(),
  /** Jinja; null takes the model's own. */
  template: z.string().nullable().default(null),
  tools: z.array(tool).max(128).default([]),
  /** Answers of tools that are given without asking, by name of the tool. */
  mockAnswers: z.record(z.string(), z.string()).default({}),
  /** What answers have to look like; null leaves it to the model. */
  answerFormat: answerFormat.nullable().default(null),
  sampling,
  topTokens: z.number().int().min(0).max(20).default(DEFAULT_TOP_TOKENS),
  /** In raw mode: whether the begin token stands before the text. */
  addBos: z.boolean().default(true),
  contextTokens,
  /** Null takes the setting of the studio. */
  threads: z.number().int().min(1).max(256).nullable().default(null),
  turns: z.array(turn).max(MAX_TURNS),
  /** Which child of a turn (or of `root`) is shown; the newest where nothing is said. */
  chosen: z.record(z.string(), z.string()).default({}),
  createdMs: z.number(),
  changedMs: z.number(),
});
export type Conversation = z.infer<typeof conversation>;

/** `version` is the SHA-256 of the bytes on disk; saving names the version it was based on. */
export const conversationFile = z.object({ conversation, version: z.string() });
export type ConversationFile = z.infer<typeof conversationFile>;

export const conversationSummary = z.object({
  id: z.string(),
  title: z.string(),
  modelPath: z.string().nullable(),
  mode: z.enum(['chat', 'raw']),
  turns: z.number(),
  createdMs: z.number(),
  changedMs: z.number(),
  /** Of the bytes on disk: size and time, so that a window sees when another one has written. */
  stamp: z.string(),
  /** Why the file cannot be read; the rest then says little. */
  problem: z.string().nullable(),
});
export type ConversationSummary = z.infer<typeof conversationSummary>;

export const saveConversationResult = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('saved'), version: z.string() }),
  /** Somebody else wrote the file since `baseVersion`; nothing was written. */
  z.object({ kind: z.literal('conflict'), current: conversationFile }),
]);
export type SaveConversationResult = z.infer<typeof saveConversationResult>;

export const conversationHit = z.object({
  id: z.string(),
  title: z.string(),
  modelPath: z.string().nullable(),
  /** Null: the title or the system prompt. */
  turnId: z.string().nullable(),
  role: z.enum(['title', 'system', 'user', 'assistant', 'tool']),
  before: z.string(),
  match: z.string(),
  after: z.string(),
});
export type ConversationHit = z.infer<typeof conversationHit>;

export const conversationsContract = {
  /** Newest first. Files that cannot be read are listed with the reason. */
  list: procedure.output(z.array(conversationSummary)),
  /** Older formats are read as the newest one; the file changes only when it is saved. */
  read: procedure.input(z.object({ id: z.string() })).output(conversationFile),
  /** Write aside, fsync, rename. `baseVersion: null` means: the file must not exist yet. */
  save: procedure
    .input(z.object({ conversation, baseVersion: z.string().nullable() }))
    .output(saveConversationResult),
  /** Moves the file to .studio/trash so that it can be restored. */
  remove: procedure.input(z.object({ id: z.string() })).output(z.object({ restoreToken: z.string() })),
  restore: procedure.input(z.object({ restoreToken: z.string() })).output(z.object({})),
  /** Titles, system prompts and turns that hold the text, whatever the case and the accents; newest conversation first. */
  search: procedure
    .input(z.object({ text: z.string().min(1).max(1000) }))
    .output(z.object({ hits: z.array(conversationHit), isComplete: z.boolean() })),
};
