// Contract of chat: one answer is one stream; conversations are plain files of the workspace.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { procedure } from './procedure.ts';
import { workspacePath } from './workspace.ts';

export const chatMessage = z.object({
  role: z.enum(['system', 'user', 'assistant']),
  text: z.string(),
});
export type ChatMessage = z.infer<typeof chatMessage>;

export const sampling = z.object({
  temperature: z.number().min(0).max(5).default(0.7),
  topK: z.number().int().min(0).default(40),
  topP: z.number().min(0).max(1).default(0.95),
  minP: z.number().min(0).max(1).default(0),
  repeatPenalty: z.number().min(0.5).max(2).default(1),
  seed: z.number().int().min(0).nullable().default(null),
  maxTokens: z.number().int().min(1).max(131_072).default(256),
});
export type Sampling = z.infer<typeof sampling>;

export const answerStatistics = z.object({
  tokens: z.number(),
  promptTokens: z.number(),
  timeToFirstTokenMs: z.number(),
  tokensPerSecond: z.number(),
});
export type AnswerStatistics = z.infer<typeof answerStatistics>;

export const answerEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('loading'), fraction: z.number() }),
  /** Text since the last event; coalesced to at most thirty a second. */
  z.object({ kind: z.literal('text'), text: z.string(), tokens: z.number() }),
  z.object({
    kind: z.literal('done'),
    stopReason: z.enum(['end', 'max-tokens', 'stopped']),
    statistics: answerStatistics,
  }),
]);
export type AnswerEvent = z.infer<typeof answerEvent>;

export const conversation = z.object({
  id: z.string(),
  title: z.string(),
  modelPath: z.string().nullable(),
  systemPrompt: z.string(),
  /** `raw` sends the text as it is, without the chat template. */
  mode: z.enum(['chat', 'raw']),
  sampling,
  messages: z.array(
    chatMessage.extend({ statistics: answerStatistics.optional(), stopReason: z.string().optional() }),
  ),
  createdMs: z.number(),
  changedMs: z.number(),
});
export type Conversation = z.infer<typeof conversation>;

/** The native process that runs models; it may die without taking anything else along. */
export const runtimeState = z.object({
  pid: z.number().nullable(),
  modelPath: z.string().nullable(),
  memoryBytes: z.number().nullable(),
  /** How often it had to be started again since core started, and why the last one died. */
  deaths: z.number(),
  lastDeath: z.string().nullable(),
});
export type RuntimeState = z.infer<typeof runtimeState>;

export const chatContract = {
  /** Loads the model if needed and answers. Aborting stops generation within one token. */
  answer: procedure
    .input(
      z.object({
        modelPath: workspacePath,
        messages: z.array(chatMessage).min(1),
        mode: z.enum(['chat', 'raw']).default('chat'),
        sampling,
        /** Tokens; null takes the model's own up to 4,096. Another value loads the model again. */
        contextTokens: z.number().int().min(16).max(1_048_576).nullable().default(null),
      }),
    )
    .output(eventIterator(answerEvent)),
  unload: procedure.output(z.object({})),
  runtime: procedure.output(runtimeState),
  listConversations: procedure.output(z.array(conversation.omit({ messages: true }))),
  readConversation: procedure.input(z.object({ id: z.string() })).output(conversation),
  saveConversation: procedure.input(conversation).output(z.object({})),
  removeConversation: procedure
    .input(z.object({ id: z.string() }))
    .output(z.object({ restoreToken: z.string() })),
};
